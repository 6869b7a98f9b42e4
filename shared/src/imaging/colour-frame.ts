import type { FrameAttributes } from '../contract/film-manifest';
import { ProblemError, problem } from '../domain/problem';
import type { ColourFrame, GreyPixels } from './decoded-frame';
import { readBase64 } from './read-base64';

type Size = { readonly rows: number; readonly columns: number; readonly reduce: number };
type ColourFormat = Pick<FrameAttributes, 'bitsStored' | 'photometricInterpretation'>;

/**
 * Interleaved three-sample pixels to RGB. `samples` holds rows × columns × 3 values of `bitsStored` bits.
 * YBR_RCT and YBR_ICT come out of the codec as RGB already (PS3.5 8.2.4). The VOI window does not apply to colour.
 */
export function colourFrame(samples: GreyPixels, size: Size, format: ColourFormat): ColourFrame {
  const count = size.rows * size.columns;
  const rgba = new Uint8Array(count * 4);
  const shift = Math.max(0, Math.min(format.bitsStored, samples.BYTES_PER_ELEMENT * 8) - 8);
  const toRgb = converterFor(format.photometricInterpretation);
  for (let i = 0, from = 0, to = 0; i < count; i++, from += 3, to += 4) {
    const a = (samples[from] ?? 0) >>> shift;
    const b = (samples[from + 1] ?? 0) >>> shift;
    const c = (samples[from + 2] ?? 0) >>> shift;
    if (toRgb === null) {
      rgba[to] = a;
      rgba[to + 1] = b;
      rgba[to + 2] = c;
    } else toRgb(a, b, c, rgba, to);
    rgba[to + 3] = 255;
  }
  return { kind: 'colour', reduce: size.reduce, rows: size.rows, columns: size.columns, rgba };
}

type ToRgb = (y: number, cb: number, cr: number, out: Uint8Array, at: number) => void;

function converterFor(photometric: string): ToRgb | null {
  switch (photometric) {
    case 'RGB':
    case 'YBR_RCT':
    case 'YBR_ICT':
      return null;
    case 'YBR_FULL':
    case 'YBR_FULL_422':
      return fromYbrFull;
    case 'YBR_PARTIAL_422':
    case 'YBR_PARTIAL_420':
      return fromYbrPartial;
    default:
      throw new ProblemError(problem('dicom-unsupported', `photometric interpretation ${photometric}`));
  }
}

// PS3.3 C.7.6.3.1.2, the inverse of its YBR_FULL equations
function fromYbrFull(y: number, cb: number, cr: number, out: Uint8Array, at: number): void {
  out[at] = toByte(y + 1.402 * (cr - 128));
  out[at + 1] = toByte(y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128));
  out[at + 2] = toByte(y + 1.772 * (cb - 128));
}

// The same for the 16…235 / 16…240 ranges of ITU-R BT.601
function fromYbrPartial(y: number, cb: number, cr: number, out: Uint8Array, at: number): void {
  const luma = 1.164384 * (y - 16);
  out[at] = toByte(luma + 1.596027 * (cr - 128));
  out[at + 1] = toByte(luma - 0.391762 * (cb - 128) - 0.812968 * (cr - 128));
  out[at + 2] = toByte(luma + 2.017232 * (cb - 128));
}

function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value);
}

/** Native YBR_FULL_422 (Y Y Cb Cr for two pixels, PS3.3 C.7.6.3.1.2) to interleaved Y Cb Cr a pixel. */
export function spread422(samples: Uint8Array, pixelCount: number): Uint8Array {
  const out = new Uint8Array(pixelCount * 3);
  for (let pair = 0; pair * 2 < pixelCount; pair++) {
    const cb = samples[pair * 4 + 2] ?? 128;
    const cr = samples[pair * 4 + 3] ?? 128;
    for (let k = 0; k < 2; k++) {
      const at = (pair * 2 + k) * 3;
      if (at >= out.length) break;
      out[at] = samples[pair * 4 + k] ?? 0;
      out[at + 1] = cb;
      out[at + 2] = cr;
    }
  }
  return out;
}

/** Palette indices to RGB: below the first mapped value the first entry, above the last the last (PS3.3 C.7.6.3.1.5). */
export function paletteFrame(
  indices: GreyPixels,
  size: Size,
  palette: NonNullable<FrameAttributes['palette']>,
): ColourFrame {
  const rgb = readBase64(palette.rgbBase64);
  const last = Math.floor(rgb.length / 3) - 1;
  if (last < 0) throw new ProblemError(problem('image-damaged', 'empty palette'));
  const count = size.rows * size.columns;
  const rgba = new Uint8Array(count * 4);
  for (let i = 0, to = 0; i < count; i++, to += 4) {
    const entry = 3 * Math.min(last, Math.max(0, (indices[i] ?? 0) - palette.first));
    rgba[to] = rgb[entry] ?? 0;
    rgba[to + 1] = rgb[entry + 1] ?? 0;
    rgba[to + 2] = rgb[entry + 2] ?? 0;
    rgba[to + 3] = 255;
  }
  return { kind: 'colour', reduce: size.reduce, rows: size.rows, columns: size.columns, rgba };
}
