import { inflateRawSync } from 'node:zlib';
import { type DataSet, find } from '@yingyun/shared/dicom/data-set';
import { encapsulatedFrames, frameBytes } from '@yingyun/shared/dicom/encapsulated-frames';
import type { ImagePixel } from '@yingyun/shared/dicom/image-pixel';
import type { Part10 } from '@yingyun/shared/dicom/read-part10';
import { isProblem, type Problem, problem } from '@yingyun/shared/domain/problem';
import { jpegSize } from './code-stream-size';
import type { Codecs } from './codecs';
import { decodeJpegDct } from './jpeg-dct';
import { decodeFrame, interleave, type LosslessSource } from './native-frames';
import { decodeRle } from './rle';

/** One frame's samples as they lie in their container, colour as the native form has it; bits above Bits Stored included. */
export interface NativeSamples {
  readonly samples: Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;
}

export type AnyFrames = (index: number) => Promise<NativeSamples | Problem>;

/**
 * Samples in a frame that is decoded for viewing: ten times a mammogram. A kilobyte of JPEG can call itself a frame of a thousand million,
 * and decoding takes some ten bytes a sample, which no heap limit of a worker counts.
 */
const maxFrameSamples = 128_000_000;

/**
 * The frames of pixel data of any kind we can decode, lossy and odd ones too: for what is derived from an image, never for what is
 * kept of it. Undefined where there is no decoder for the transfer syntax (video, JPEG XL, hierarchical JPEG …). A frame that is cut
 * or does not decode is a Problem.
 */
export function anyFrames(part10: Part10, image: ImagePixel, codecs: Codecs): AnyFrames | Problem | undefined {
  const { dataSet, transferSyntaxUid } = part10;
  const samples = image.rows * image.columns * image.samplesPerPixel;
  if (samples > maxFrameSamples) return problem('dicom-unsupported', `frames of ${samples} samples`);
  const pixelData = find(dataSet, 0x7fe00010);
  if (pixelData === undefined) return floatFrames(dataSet, image);
  if (pixelData.fragments === undefined) {
    const value = pixelData.value;
    if (value.length < Math.ceil(image.frameLength * image.frameCount))
      return problem(
        'dicom-malformed',
        `pixel data has ${value.length} of ${image.frameLength * image.frameCount} bytes`,
      );
    return async (index) => {
      const firstBit = Math.round(index * image.frameLength * 8);
      const frame = value.subarray(firstBit >> 3, Math.ceil((firstBit + image.frameLength * 8) / 8));
      const count = Math.round((image.frameLength * 8) / image.bitsAllocated);
      return unpack(byPixel(frame, image), firstBit & 7, image, count);
    };
  }
  const frames = encapsulatedFrames(dataSet, image.frameCount, transferSyntaxUid);
  if (isProblem(frames)) return frames;
  const decode = decoderOf(transferSyntaxUid, image, codecs);
  if (decode === undefined) return undefined;
  return async (index) => {
    const frame = frames[index];
    return frame === undefined ? problem('dicom-malformed', 'a missing frame') : decode(frameBytes(frame));
  };
}

function decoderOf(
  uid: string,
  image: ImagePixel,
  codecs: Codecs,
): ((encoded: Uint8Array) => Promise<NativeSamples | Problem>) | undefined {
  const count = image.rows * image.columns * image.samplesPerPixel;
  const nativeLength = Math.ceil((count * image.bitsAllocated) / 8);
  const suffix = uid.replace('1.2.840.10008.1.2.', '');
  if (suffix === '1.98') return async (encoded) => unpack(byPixel(encoded, image), 0, image, count);
  if (suffix === '8.1') return async (encoded) => inflateFrame(encoded, nativeLength, image, count);
  if (suffix === '5') {
    // Packed bits are run-length coded as the bytes they lie in.
    const isPacked = image.bitsAllocated % 8 !== 0;
    const [pixels, samples, width] = isPacked
      ? [nativeLength, 1, 1]
      : [image.rows * image.columns, image.samplesPerPixel, image.bitsAllocated / 8];
    return async (encoded) => {
      const bytes = decodeRle(encoded, pixels, samples, width);
      return isProblem(bytes) ? bytes : unpack(bytes, 0, image, count);
    };
  }
  const declared = sourceOf(suffix);
  if (declared === undefined) return undefined;
  // A codec gives whole bytes; one bit a pixel comes out as a byte of 0 or 1.
  const container = { ...image, bitsAllocated: image.bitsAllocated <= 8 ? 8 : 16 };
  return async (encoded) => {
    const source = sourceInside(encoded) ?? declared;
    const bytes =
      source === 'jpeg-dct'
        ? decodeJpegDct(encoded, container)
        : await decodeFrame(source, encoded, container, codecs, true);
    return isProblem(bytes) ? bytes : unpack(bytes, 0, container, count);
  };
}

function sourceOf(suffix: string): LosslessSource | 'jpeg-dct' | undefined {
  if (/^4\.5[0-6]$/.test(suffix)) return 'jpeg-dct';
  if (/^4\.(57|58|70)$/.test(suffix)) return 'jpeg-lossless';
  if (/^4\.8[01]$/.test(suffix)) return 'jpeg-ls';
  if (/^4\.9[0-3]$/.test(suffix)) return 'jpeg-2000';
  return /^4\.20[123]$/.test(suffix) ? 'htj2k' : undefined;
}

/** What the code stream itself says: some senders declare another syntax than they send. HTJ2K is told from JPEG 2000 by its declaration. */
function sourceInside(encoded: Uint8Array): LosslessSource | 'jpeg-dct' | undefined {
  switch (jpegSize(encoded)?.startOfFrame) {
    case 0xc0:
    case 0xc1:
    case 0xc2:
      return 'jpeg-dct';
    case 0xc3:
      return 'jpeg-lossless';
    case 0xf7:
      return 'jpeg-ls';
    default:
      return undefined;
  }
}

/** PS3.5 A.4.13: each frame is one raw deflate stream of its native bytes. */
function inflateFrame(encoded: Uint8Array, length: number, image: ImagePixel, count: number): NativeSamples | Problem {
  try {
    const bytes = inflateRawSync(encoded, { maxOutputLength: length + 1 });
    return bytes.length < length
      ? problem('dicom-malformed', 'a short deflated frame')
      : unpack(bytes, 0, image, count);
  } catch {
    return problem('dicom-malformed', 'a frame does not inflate'); // zlib's errors say no more than that
  }
}

/** Little-endian samples out of their bytes; where they are packed (1 bit, 12 bits of ACR-NEMA), from the lowest bit up (PS3.5 8.1.1). */
function unpack(bytes: Uint8Array, firstBit: number, image: ImagePixel, count: number): NativeSamples | Problem {
  const bits = image.bitsAllocated;
  if (bytes.length * 8 < firstBit + count * bits) return problem('dicom-malformed', 'a short frame');
  if (bits === 8) return { samples: bytes.subarray(0, count) };
  if (bits === 16) return { samples: new Uint16Array(bytes.slice(0, count * 2).buffer) };
  if (bits === 32) return { samples: new Uint32Array(bytes.slice(0, count * 4).buffer) };
  if (bits > 16) return problem('dicom-unsupported', `${bits} bits allocated`);
  const samples = new Uint16Array(count);
  for (let i = 0, at = firstBit; i < count; i++, at += bits) {
    const byte = at >> 3;
    const window = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8) | ((bytes[byte + 2] ?? 0) << 16);
    samples[i] = (window >> (at & 7)) & (2 ** bits - 1);
  }
  return { samples };
}

function byPixel(frame: Uint8Array, image: ImagePixel): Uint8Array {
  const isByPlane = image.samplesPerPixel === 3 && image.planarConfiguration === 1 && image.bitsAllocated % 8 === 0;
  return isByPlane ? interleave(frame.subarray(0, image.frameLength), 3, image.bitsAllocated / 8) : frame;
}

/** Float and Double Float Pixel Data (PS3.3 C.7.6.24, C.7.6.25). */
function floatFrames(dataSet: DataSet, image: ImagePixel): AnyFrames | Problem | undefined {
  const single = find(dataSet, 0x7fe00008)?.value;
  const value = single ?? find(dataSet, 0x7fe00009)?.value;
  if (value === undefined || image.samplesPerPixel !== 1) return undefined;
  const width = single === undefined ? 8 : 4;
  const length = image.rows * image.columns * width;
  if (value.length < length * image.frameCount) return problem('dicom-malformed', 'too few floating point pixels');
  return async (index) => {
    const { buffer } = value.slice(index * length, (index + 1) * length);
    return { samples: width === 4 ? new Float32Array(buffer) : new Float64Array(buffer) };
  };
}
