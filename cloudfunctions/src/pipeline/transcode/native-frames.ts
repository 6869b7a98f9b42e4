import type { DicomElement } from '@yingyun/shared/dicom/data-set';
import type { ImagePixel } from '@yingyun/shared/dicom/image-pixel';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { Decoder as JpegLosslessDecoder } from 'jpeg-lossless-decoder-js';
import { type CodeStreamSize, jpeg2000Size, jpegSize } from './code-stream-size';
import type { Codecs } from './codecs';
import { decodeRle } from './rle';

/** How a transfer syntax's frames become native frames without loss. */
export type LosslessSource = 'native' | 'rle' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

export function losslessSourceOf(transferSyntaxUid: string): LosslessSource | undefined {
  switch (transferSyntaxUid) {
    case '1.2.840.10008.1.2':
    case '1.2.840.10008.1.2.1':
    case '1.2.840.10008.1.2.1.98':
    case '1.2.840.10008.1.2.1.99':
    case '1.2.840.10008.1.2.2':
      return 'native';
    case '1.2.840.10008.1.2.5':
      return 'rle';
    case '1.2.840.10008.1.2.4.57':
    case '1.2.840.10008.1.2.4.70':
      return 'jpeg-lossless';
    case '1.2.840.10008.1.2.4.80':
      return 'jpeg-ls';
    case '1.2.840.10008.1.2.4.90':
      return 'jpeg-2000';
    case '1.2.840.10008.1.2.4.201':
    case '1.2.840.10008.1.2.4.202':
      return 'htj2k';
    default:
      return undefined;
  }
}

/** Images whose samples we take apart: one or three of 8 or 16 whole bits. */
export function hasPlainSamples(image: ImagePixel): boolean {
  const isSize = image.bitsAllocated === 8 || image.bitsAllocated === 16;
  return isSize && (image.samplesPerPixel === 1 || image.samplesPerPixel === 3) && Number.isInteger(image.frameLength);
}

/** One frame of a native pixel data element, colour by pixel; a view where nothing had to move. */
export function nativeFrame(pixelData: DicomElement, image: ImagePixel, index: number): Uint8Array {
  const frame = pixelData.value.subarray(index * image.frameLength, (index + 1) * image.frameLength);
  return image.samplesPerPixel === 3 && image.planarConfiguration === 1
    ? interleave(frame, 3, image.bitsAllocated / 8)
    : frame;
}

/**
 * Decodes one encapsulated frame to native samples: little endian, in their allocated size, colour by pixel; signed values of fewer
 * bits than allocated are sign-extended. `mayBeLossy`: JPEG-LS with NEAR > 0 is decoded too, for a viewing rendition.
 *
 * Answers `dicom-malformed` where the stream doesn't decode or isn't the size the data set says.
 */
export async function decodeFrame(
  source: LosslessSource,
  encoded: Uint8Array,
  image: ImagePixel,
  codecs: Codecs,
  mayBeLossy = false,
): Promise<Uint8Array | Problem> {
  if (source === 'native') return encoded.subarray(0, image.frameLength);
  if (source === 'rle')
    return decodeRle(encoded, image.rows * image.columns, image.samplesPerPixel, image.bitsAllocated / 8);
  const size = source === 'jpeg-2000' || source === 'htj2k' ? jpeg2000Size(encoded) : jpegSize(encoded);
  if (
    size === undefined ||
    size.rows !== image.rows ||
    size.columns !== image.columns ||
    size.components !== image.samplesPerPixel
  ) {
    return problem('dicom-malformed', `the code stream is ${size?.rows} × ${size?.columns} × ${size?.components}`);
  }
  if (size.precision > image.bitsAllocated)
    return problem('dicom-malformed', `${size.precision} bits in ${image.bitsAllocated}`);
  const whole = upToEndMarker(encoded);
  // A stream that was cut decodes to something: what came must then be kept, not what it decodes to.
  if (whole === undefined) return problem('dicom-malformed', `the ${source} stream has no end`);
  let samples: Uint8Array | undefined;
  try {
    samples = await decodeWith(source, whole, size, codecs, mayBeLossy);
  } catch {
    // CharLS throws numbers, the others strings and RuntimeErrors: none says more than that it failed.
    codecs.forget();
  }
  if (samples === undefined) return problem('dicom-malformed', `the ${source} stream does not decode`);
  return inContainer(samples, size.precision, image);
}

/** EOI and EOC are both FF D9; one padding byte may follow (PS3.5 A.4). */
function upToEndMarker(encoded: Uint8Array): Uint8Array | undefined {
  for (let end = encoded.length; end >= encoded.length - 1 && end >= 2; end--) {
    if (encoded[end - 2] === 0xff && encoded[end - 1] === 0xd9) return encoded.subarray(0, end);
  }
  return undefined;
}

async function decodeWith(
  source: LosslessSource,
  encoded: Uint8Array,
  size: CodeStreamSize,
  codecs: Codecs,
  mayBeLossy: boolean,
): Promise<Uint8Array | undefined> {
  switch (source) {
    case 'jpeg-lossless':
      return size.startOfFrame === 0xc3 ? decodeJpegLossless(encoded, size) : undefined;
    case 'jpeg-ls': {
      const { JpegLSDecoder } = await codecs.charls();
      const decoder = new JpegLSDecoder();
      try {
        const samples = runDecoder(decoder, encoded, size);
        // NEAR > 0 under the lossless UID is not lossless.
        if (samples === undefined || (!mayBeLossy && decoder.getNearLossless() !== 0)) return undefined;
        const isPlanar = decoder.getInterleaveMode() === 0 && size.components > 1;
        return isPlanar ? interleave(samples, size.components, size.precision > 8 ? 2 : 1) : samples;
      } finally {
        decoder.delete();
      }
    }
    case 'jpeg-2000': {
      const { J2KDecoder } = await codecs.openJpeg();
      return runAndDelete(new J2KDecoder(), encoded, size);
    }
    case 'htj2k': {
      const { HTJ2KDecoder } = await codecs.openJph();
      const samples = runAndDelete(new HTJ2KDecoder(), encoded, size);
      const isMixedUp = size.components > 1 && size.isTransformed === false;
      return isMixedUp && samples !== undefined ? putLinesRight(samples, size) : samples;
    }
    default:
      return undefined;
  }
}

function runAndDelete(decoder: WasmDecoder, encoded: Uint8Array, size: CodeStreamSize): Uint8Array | undefined {
  try {
    return runDecoder(decoder, encoded, size);
  } finally {
    decoder.delete();
  }
}

/** One decoder an image: a reused one may answer with the image before. The answer's shape is checked for the same reason. */
function runDecoder(decoder: WasmDecoder, encoded: Uint8Array, size: CodeStreamSize): Uint8Array | undefined {
  decoder.getEncodedBuffer(encoded.length).set(encoded);
  decoder.decode();
  const info = decoder.getFrameInfo();
  const isSame = info.width === size.columns && info.height === size.rows && info.componentCount === size.components;
  const heap = decoder.getDecodedBuffer();
  // 8-bit images come as a clamped array.
  const samples = new Uint8Array(heap.buffer, heap.byteOffset, heap.byteLength);
  const expected = size.rows * size.columns * size.components * (size.precision > 8 ? 2 : 1);
  return isSame && info.bitsPerSample === size.precision && samples.length === expected ? samples.slice() : undefined;
}

/**
 * codec-openjph 2.4.11 takes the lines of an untransformed colour image for lines of alternating components, while they come component
 * by component (its encoder makes the same mistake, so that its own round trip looks right). Line n of its answer, counted over
 * rows and components, is line n of the planes one after another.
 */
function putLinesRight(samples: Uint8Array, size: CodeStreamSize): Uint8Array {
  const { rows, columns, components } = size;
  const width = size.precision > 8 ? 2 : 1;
  const out = new Uint8Array(samples.length);
  for (let line = 0; line < rows * components; line++) {
    const [row, component] = [Math.floor(line / components), line % components];
    const [toRow, toComponent] = [line % rows, Math.floor(line / rows)];
    for (let column = 0; column < columns; column++) {
      const from = ((row * columns + column) * components + component) * width;
      const to = ((toRow * columns + column) * components + toComponent) * width;
      for (let byte = 0; byte < width; byte++) out[to + byte] = samples[from + byte] ?? 0;
    }
  }
  return out;
}

/** Zero bytes put before EOI: the decoder reads ahead, and drops the last samples where it meets the marker too early. */
const readAhead = 16;

function decodeJpegLossless(encoded: Uint8Array, size: CodeStreamSize): Uint8Array | undefined {
  const own = new Uint8Array(encoded.length + readAhead);
  own.set(encoded);
  own.fill(0, encoded.length - 2, own.length - 2);
  own.set([0xff, 0xd9], own.length - 2);
  const decoded = new JpegLosslessDecoder().decode(own.buffer, 0, own.length, size.precision > 8 ? 2 : 1);
  const samples = new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength);
  const expected = size.rows * size.columns * size.components * (size.precision > 8 ? 2 : 1);
  return samples.length === expected ? samples : undefined;
}

/** Samples of `precision` bits as they lie in bitsAllocated: widened, and sign-extended where they are signed. */
function inContainer(samples: Uint8Array, precision: number, image: ImagePixel): Uint8Array | Problem {
  const count = image.rows * image.columns * image.samplesPerPixel;
  const isWide = precision > 8;
  if (samples.length !== count * (isWide ? 2 : 1)) return problem('dicom-malformed', 'too few samples');
  if (image.bitsAllocated === 8) return isWide ? problem('dicom-malformed', 'samples wider than allocated') : samples;
  const out = new Uint16Array(count);
  const source = isWide ? new Uint16Array(samples.buffer, samples.byteOffset, count) : samples;
  const shift = image.isSigned ? 32 - precision : 0;
  for (let i = 0; i < count; i++) out[i] = ((source[i] ?? 0) << shift) >> shift;
  return new Uint8Array(out.buffer);
}

/** Colour by plane to colour by pixel. */
export function interleave(planar: Uint8Array, samples: number, bytesPerSample: number): Uint8Array {
  const out = new Uint8Array(planar.length);
  const pixels = planar.length / samples / bytesPerSample;
  for (let sample = 0; sample < samples; sample++) {
    for (let byte = 0; byte < bytesPerSample; byte++) {
      let from = sample * pixels * bytesPerSample + byte;
      let to = sample * bytesPerSample + byte;
      for (let i = 0; i < pixels; i++, from += bytesPerSample, to += samples * bytesPerSample)
        out[to] = planar[from] ?? 0;
    }
  }
  return out;
}
