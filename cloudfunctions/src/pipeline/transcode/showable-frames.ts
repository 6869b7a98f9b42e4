import type { ImagePixel } from '@yingyun/shared/dicom/image-pixel';
import { isProblem, type Problem, problem } from '@yingyun/shared/domain/problem';
import type { AnyFrames, NativeSamples } from './any-frames';
import type { FrameScale } from './frame-attributes';
import type { Palette } from './palette';

/** Frames that every viewer can show, made from frames that it can't. */
export interface ShowableFrames {
  /** Describes what `frame` gives: 8 or 16 bits from bit 0 up, colour by pixel, 8 bits a colour. */
  readonly image: ImagePixel;
  /** What a value of the frames stands for in stored values; undefined: itself. */
  readonly scale: FrameScale | undefined;
  readonly frame: (index: number) => Promise<Uint8Array | Problem>;
}

/**
 * Grey of up to 16 bits keeps every stored value. Wider integers and floating point become 16 bits over the range of all frames, exactly
 * where whole numbers fit, else to 1/65535 of the range. Colour becomes 8 bits a sample, palettes of more than 8 bits become RGB.
 */
export async function showableFrames(
  frames: AnyFrames,
  image: ImagePixel,
  palette: Palette | null,
): Promise<ShowableFrames | Problem> {
  if (image.samplesPerPixel === 3) return colourFrames(frames, image);
  if (image.samplesPerPixel !== 1) return problem('dicom-unsupported', `${image.samplesPerPixel} samples a pixel`);
  if (image.photometricInterpretation === 'PALETTE COLOR' && image.bitsAllocated > 8 && palette !== null)
    return paletteFrames(frames, image, palette);
  const first = await frames(0);
  if (isProblem(first)) return first;
  if (first.samples.BYTES_PER_ELEMENT > 2) return scaledFrames(frames, image);
  const shift = image.highBit + 1 - image.bitsStored;
  const bitsAllocated = image.bitsStored > 8 ? 16 : 8;
  const shown = plainImage(image, bitsAllocated, image.bitsStored, image.isSigned, image.photometricInterpretation);
  const unused = 32 - image.bitsStored;
  return {
    image: shown,
    scale: undefined,
    frame: (index) =>
      mapped(frames, index, ({ samples }) => {
        const out = bitsAllocated === 8 ? new Uint8Array(samples.length) : new Uint16Array(samples.length);
        for (let i = 0; i < out.length; i++) {
          const value = ((samples[i] ?? 0) >>> shift) << unused;
          out[i] = image.isSigned ? value >> unused : value >>> unused;
        }
        return bytesOf(out);
      }),
  };
}

async function scaledFrames(frames: AnyFrames, image: ImagePixel): Promise<ShowableFrames | Problem> {
  let [low, high, isWhole] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true];
  for (let index = 0; index < image.frameCount; index++) {
    const frame = await frames(index);
    if (isProblem(frame)) return frame;
    const samples = asSigned(frame.samples, image);
    for (let i = 0; i < samples.length; i++) {
      const value = samples[i] ?? 0;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
      isWhole &&= Number.isInteger(value);
    }
  }
  if (low > high) [low, high] = [0, 0];
  const slope = isWhole && high - low <= 0xffff ? 1 : (high - low) / 0xffff || 1;
  return {
    image: plainImage(image, 16, 16, false, image.photometricInterpretation),
    scale: { slope, intercept: low },
    frame: (index) =>
      mapped(frames, index, (frame) => {
        const samples = asSigned(frame.samples, image);
        const out = new Uint16Array(samples.length);
        for (let i = 0; i < out.length; i++) {
          const value = ((samples[i] ?? 0) - low) / slope;
          // What is no number is drawn as the lowest value there is.
          out[i] = value > 0 ? Math.min(0xffff, Math.round(value)) : 0;
        }
        return bytesOf(out);
      }),
  };
}

function asSigned(samples: NativeSamples['samples'], image: ImagePixel): ArrayLike<number> {
  return samples instanceof Uint32Array && image.isSigned ? new Int32Array(samples.buffer) : samples;
}

function colourFrames(frames: AnyFrames, image: ImagePixel): ShowableFrames {
  const shift = Math.max(0, image.bitsStored - 8);
  const isNarrow = image.photometricInterpretation.endsWith('_422') && image.frameLength < pixelsOf(image) * 3;
  const photometric = image.photometricInterpretation.replace('YBR_FULL_422', 'YBR_FULL');
  return {
    image: plainImage(image, 8, Math.min(8, image.bitsStored), false, photometric),
    scale: undefined,
    frame: (index) =>
      mapped(frames, index, ({ samples }) => {
        const bytes = new Uint8Array(samples.length);
        for (let i = 0; i < bytes.length; i++) bytes[i] = (samples[i] ?? 0) >>> shift;
        return isNarrow ? widen422(bytes) : bytes;
      }),
  };
}

/** PS3.3 C.7.6.3.1.2: Y Y Cb Cr for two pixels side by side, which share their colour. */
function widen422(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array((bytes.length / 4) * 6);
  for (let from = 0, to = 0; from + 3 < bytes.length; from += 4, to += 6) {
    const [y0, y1, cb, cr] = [bytes[from] ?? 0, bytes[from + 1] ?? 0, bytes[from + 2] ?? 0, bytes[from + 3] ?? 0];
    out.set([y0, cb, cr, y1, cb, cr], to);
  }
  return out;
}

function paletteFrames(frames: AnyFrames, image: ImagePixel, palette: Palette): ShowableFrames {
  const { rgb, first } = palette;
  const entries = rgb.length / 3;
  const unused = 32 - image.bitsStored;
  return {
    image: { ...plainImage(image, 8, 8, false, 'RGB'), samplesPerPixel: 3, frameLength: pixelsOf(image) * 3 },
    scale: undefined,
    frame: (index) =>
      mapped(frames, index, ({ samples }) => {
        const out = new Uint8Array(samples.length * 3);
        for (let i = 0; i < samples.length; i++) {
          const raw = (samples[i] ?? 0) << unused;
          const value = image.isSigned ? raw >> unused : raw >>> unused;
          const entry = Math.min(entries - 1, Math.max(0, value - first)) * 3;
          for (let colour = 0; colour < 3; colour++) out[i * 3 + colour] = rgb[entry + colour] ?? 0;
        }
        return out;
      }),
  };
}

async function mapped(
  frames: AnyFrames,
  index: number,
  map: (frame: NativeSamples) => Uint8Array,
): Promise<Uint8Array | Problem> {
  const frame = await frames(index);
  return isProblem(frame) ? frame : map(frame);
}

function plainImage(
  image: ImagePixel,
  bitsAllocated: 8 | 16,
  bitsStored: number,
  isSigned: boolean,
  photometricInterpretation: string,
): ImagePixel {
  const frameLength = (pixelsOf(image) * image.samplesPerPixel * bitsAllocated) / 8;
  const form = { bitsAllocated, bitsStored, highBit: bitsStored - 1, isSigned, photometricInterpretation };
  return { ...image, ...form, planarConfiguration: 0, frameLength };
}

function pixelsOf(image: ImagePixel): number {
  return image.rows * image.columns;
}

function bytesOf(samples: Uint8Array | Uint16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
