import type { FrameAttributes } from '../contract/film-manifest';
import type { GreyFrame, GreyPixels } from './decoded-frame';
import { noPadding, type PaddingRange, paddingRange } from './pixel-padding';

type StoredFormat = Pick<
  FrameAttributes,
  'bitsAllocated' | 'bitsStored' | 'isSigned' | 'pixelPaddingValue' | 'pixelPaddingRangeLimit'
>;

/**
 * Turns samples as they lie in the file into stored values: bits above BitsStored are dropped (old overlays live there),
 * the sign bit is that of BitsStored, not of the container (PS3.5 8.1.1). Padding that lies outside BitsStored, as some
 * scanners write it, is kept, so that it can still be told from tissue.
 *
 * A coarse buffer is clamped instead: there, a value beyond the range is the wavelet's overshoot, and masking would turn
 * white into black.
 *
 * Works in place where it can. `samples` may be signed or unsigned; the result's type is the one the attributes ask for.
 */
export function normalisePixels(samples: GreyPixels, format: StoredFormat, reduce: number): GreyPixels {
  const pixels = asContainer(samples, format);
  const bits = Math.min(format.bitsStored, pixels.BYTES_PER_ELEMENT * 8);
  if (bits < 1 || (bits === pixels.BYTES_PER_ELEMENT * 8 && reduce === 0)) return pixels;
  return reduce === 0 ? dropUpperBits(pixels, bits, format) : clampToBits(pixels, bits, format);
}

/** Same bytes seen as the attributes say; signed 8 bit becomes 16, so that a renderer meets five types, not six. */
function asContainer(samples: GreyPixels, format: StoredFormat): GreyPixels {
  const { buffer, byteOffset, length } = samples;
  switch (samples.BYTES_PER_ELEMENT) {
    case 1:
      return format.isSigned ? Int16Array.from(new Int8Array(buffer, byteOffset, length)) : samples;
    case 2:
      return format.isSigned ? new Int16Array(buffer, byteOffset, length) : new Uint16Array(buffer, byteOffset, length);
    default:
      return format.isSigned ? new Int32Array(buffer, byteOffset, length) : new Uint32Array(buffer, byteOffset, length);
  }
}

function dropUpperBits(pixels: GreyPixels, bits: number, format: StoredFormat): GreyPixels {
  const { low, high } = paddingRange(format) ?? noPadding;
  const shift = 32 - bits;
  if (format.isSigned) {
    for (let i = 0; i < pixels.length; i++) {
      const raw = pixels[i] as number; // in range: i < length
      if (raw < low || raw > high) pixels[i] = (raw << shift) >> shift;
    }
  } else {
    for (let i = 0; i < pixels.length; i++) {
      const raw = pixels[i] as number; // in range: i < length
      if (raw < low || raw > high) pixels[i] = (raw << shift) >>> shift;
    }
  }
  return pixels;
}

function clampToBits(pixels: GreyPixels, bits: number, format: StoredFormat): GreyPixels {
  const low = format.isSigned ? -(2 ** (bits - 1)) : 0;
  const high = format.isSigned ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  for (let i = 0; i < pixels.length; i++) {
    const raw = pixels[i] as number; // in range: i < length
    if (raw < low) pixels[i] = low;
    else if (raw > high) pixels[i] = high;
  }
  return pixels;
}

/** A grey frame of normalised pixels, with its range (padding left out; 0…0 where all is padding). */
export function greyFrame(
  pixels: GreyPixels,
  size: { readonly rows: number; readonly columns: number; readonly reduce: number },
  padding: PaddingRange | null,
): GreyFrame {
  const { low, high } = padding ?? noPadding;
  let storedMin = Number.POSITIVE_INFINITY;
  let storedMax = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i] as number; // in range: i < length
    if (value >= low && value <= high) continue;
    if (value < storedMin) storedMin = value;
    if (value > storedMax) storedMax = value;
  }
  if (storedMin > storedMax) storedMin = storedMax = 0;
  const { reduce, rows, columns } = size;
  return { kind: 'grey', reduce, rows, columns, pixels, storedMin, storedMax, padding };
}
