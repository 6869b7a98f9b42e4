import type { FrameAttributes } from '../contract/film-manifest';
import { ProblemError, problem } from '../domain/problem';
import { colourFrame, paletteFrame, spread422 } from './colour-frame';
import { decodeHtj2k, type OpenJphModule } from './decode-htj2k';
import { type DecodedFrame, type GreyPixels, reducedSize } from './decoded-frame';
import { forceRgbJpeg } from './force-rgb-jpeg';
import { modalityFrame } from './lookup-table';
import { greyFrame, normalisePixels } from './normalise-pixels';
import { paddingRange } from './pixel-padding';

/** What a platform brings for decoding. Each is asked for only when the first frame of its codec comes. */
export interface PlatformDecoders {
  openJph(): Promise<OpenJphModule>;
  /** A baseline JPEG to R G B A bytes, without colour management. */
  jpeg(
    bytes: Uint8Array,
  ): Promise<{ readonly rgba: Uint8Array | Uint8ClampedArray; readonly rows: number; readonly columns: number }>;
}

/** 400 million bytes: above any real frame, below what a phone dies of. */
const mostDecodedBytes = 400_000_000;

/**
 * Encoded bytes of one frame, complete up to `reduce`, to pixels.
 * Throws `ProblemError`: `image-damaged` where the bytes do not fit the attributes, `dicom-unsupported`, `dicom-limit-exceeded`.
 */
export async function decodeFrame(
  decoders: PlatformDecoders,
  bytes: Uint8Array,
  attributes: FrameAttributes,
  reduce: number,
): Promise<DecodedFrame> {
  const { rows, columns, samplesPerPixel, bitsAllocated } = attributes;
  if (rows < 1 || columns < 1 || (rows * columns * samplesPerPixel * bitsAllocated) / 8 > mostDecodedBytes) {
    throw new ProblemError(problem('dicom-limit-exceeded', `${rows} x ${columns} x ${samplesPerPixel}`));
  }
  switch (attributes.codec) {
    case 'htj2k': {
      const samples = decodeHtj2k(await decoders.openJph(), bytes, attributes, reduce);
      return shape(
        samples.bytes,
        samples.bytesPerSample,
        samples.isSigned,
        samples.rows,
        samples.columns,
        attributes,
        reduce,
      );
    }
    case 'raw':
      return decodeRaw(bytes, attributes);
    case 'pyramid':
      return decodePyramid(bytes, attributes, reduce);
    case 'jpeg':
      return decodeJpeg(decoders, bytes, attributes);
    default:
      return attributes.codec satisfies never;
  }
}

function decodeRaw(bytes: Uint8Array, attributes: FrameAttributes): DecodedFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated } = attributes;
  const pixelCount = rows * columns;
  const is422 = attributes.photometricInterpretation === 'YBR_FULL_422' && bytes.length < pixelCount * 3;
  const needed = is422 ? pixelCount * 2 : pixelCount * samplesPerPixel * (bitsAllocated / 8);
  if (bytes.length < needed) throw new ProblemError(problem('image-damaged', `${bytes.length} of ${needed} bytes`));
  // A copy: the bytes may start at an odd offset, and normalising writes in place.
  const own = is422 ? spread422(bytes, pixelCount) : bytes.slice(0, needed);
  const bytesPerSample = bitsAllocated === 8 ? 1 : bitsAllocated === 16 ? 2 : 4;
  return shape(own, bytesPerSample, attributes.isSigned, rows, columns, attributes, 0);
}

/** `bytes` end with the level that is wanted (frame-pyramid.ts). */
function decodePyramid(bytes: Uint8Array, attributes: FrameAttributes, reduce: number): DecodedFrame {
  const { samplesPerPixel, bitsAllocated } = attributes;
  const [rows, columns] = [reducedSize(attributes.rows, reduce), reducedSize(attributes.columns, reduce)];
  const needed = (rows * columns * samplesPerPixel * bitsAllocated) / 8;
  if (bytes.length < needed) throw new ProblemError(problem('image-damaged', `${bytes.length} of ${needed} bytes`));
  const own = bytes.slice(bytes.length - needed);
  const bytesPerSample = bitsAllocated === 8 ? 1 : bitsAllocated === 16 ? 2 : 4;
  return shape(own, bytesPerSample, attributes.isSigned, rows, columns, attributes, reduce);
}

async function decodeJpeg(
  decoders: PlatformDecoders,
  bytes: Uint8Array,
  attributes: FrameAttributes,
): Promise<DecodedFrame> {
  const isRgb = attributes.samplesPerPixel === 3 && attributes.photometricInterpretation === 'RGB';
  const picture = await decoders.jpeg(isRgb ? forceRgbJpeg(bytes) : bytes);
  const { rows, columns } = attributes;
  if (picture.rows !== rows || picture.columns !== columns || picture.rgba.length < rows * columns * 4) {
    throw new ProblemError(problem('image-damaged', `JPEG of ${picture.columns} x ${picture.rows}`));
  }
  if (attributes.samplesPerPixel === 3) {
    return { kind: 'colour', reduce: 0, rows, columns, rgba: new Uint8Array(picture.rgba) };
  }
  const grey = new Uint8Array(rows * columns);
  for (let i = 0; i < grey.length; i++) grey[i] = picture.rgba[i * 4] ?? 0;
  return shape(grey, 1, false, rows, columns, { ...attributes, isSigned: false }, 0);
}

function shape(
  bytes: Uint8Array,
  bytesPerSample: 1 | 2 | 4,
  isSigned: boolean,
  rows: number,
  columns: number,
  attributes: FrameAttributes,
  reduce: number,
): DecodedFrame {
  const size = { rows, columns, reduce };
  if (attributes.samplesPerPixel === 3) {
    return colourFrame(typed(bytes, bytesPerSample, false), size, attributes);
  }
  const pixels = normalisePixels(typed(bytes, bytesPerSample, isSigned), attributes, reduce);
  if (attributes.photometricInterpretation === 'PALETTE COLOR' && attributes.palette !== null) {
    return paletteFrame(pixels, size, attributes.palette);
  }
  const padding = paddingRange(attributes);
  return attributes.modalityLut === null
    ? greyFrame(pixels, size, padding)
    : modalityFrame(pixels, size, attributes.modalityLut, padding);
}

function typed(bytes: Uint8Array, bytesPerSample: 1 | 2 | 4, isSigned: boolean): GreyPixels {
  const count = bytes.length / bytesPerSample;
  if (bytesPerSample === 1) return bytes;
  if (bytesPerSample === 2)
    return isSigned ? new Int16Array(bytes.buffer, 0, count) : new Uint16Array(bytes.buffer, 0, count);
  return isSigned ? new Int32Array(bytes.buffer, 0, count) : new Uint32Array(bytes.buffer, 0, count);
}
