import { deflateSync } from 'node:zlib';
import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import type { ImagePixel } from '@yingyun/shared/dicom/image-pixel';
import { isProblem, type Problem, ProblemError, problem } from '@yingyun/shared/domain/problem';
import { colourFrame } from '@yingyun/shared/imaging/colour-frame';
import { decodeHtj2k } from '@yingyun/shared/imaging/decode-htj2k';
import { bytesUpTo } from '@yingyun/shared/imaging/frame-attributes';
import { framePyramid } from '@yingyun/shared/imaging/frame-pyramid';
import type { PlainTask } from '../../ports/transcoder';
import type { Codecs } from './codecs';
import { hasLumaAndChroma } from './jpeg-colour';
import { decodeJpegDct } from './jpeg-dct';

/** A phone waits: the fastest level costs a third of the time of the usual one and about a tenth more bytes on CT. */
const compression = { level: 1 } as const;

/**
 * The bytes [from, from + length) of a frame's pyramid (shared imaging/frame-pyramid.ts), zlib-compressed. Only the levels that lie there
 * are decoded.
 *
 * Answers `image-damaged` where the frame doesn't decode or isn't what its attributes say.
 */
export async function plainSamples(task: PlainTask, codecs: Codecs): Promise<Uint8Array | Problem> {
  const { encoded, attributes, bands, from, length } = task;
  const pyramid = framePyramid(attributes, { bands });
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { reduce, bytes } of pyramid.levels) {
    const [start, end] = [Math.max(from, at) - at, Math.min(from + length, at + bytes) - at];
    at += bytes;
    if (start >= end) continue;
    const level = await decodeLevel(encoded.subarray(0, bytesUpTo({ bands }, reduce)), attributes, reduce, codecs);
    if (isProblem(level)) return level;
    if (level.length < bytes) return problem('image-damaged', `${level.length} of ${bytes} bytes`);
    parts.push(level.subarray(start, end));
  }
  return deflateSync(Buffer.concat(parts), compression);
}

async function decodeLevel(
  encoded: Uint8Array,
  attributes: FrameAttributes,
  reduce: number,
  codecs: Codecs,
): Promise<Uint8Array | Problem> {
  if (attributes.codec === 'jpeg') return decodeJpeg(encoded, attributes);
  if (attributes.codec !== 'htj2k') return encoded;
  try {
    const samples = decodeHtj2k(await codecs.openJph(), encoded, attributes, reduce);
    return inContainer(samples, attributes.bitsAllocated / 8);
  } catch (error) {
    codecs.forget();
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
}

/** A codec gives 8 bits where 8 are coded; a pyramid has `bitsAllocated` always. */
function inContainer(
  samples: { readonly bytes: Uint8Array; readonly bytesPerSample: number; readonly isSigned: boolean },
  bytesPerSample: number,
): Uint8Array {
  const { bytes, isSigned } = samples;
  const narrow = samples.bytesPerSample;
  if (narrow === bytesPerSample) return bytes;
  const out = new Uint8Array((bytes.length / narrow) * bytesPerSample);
  for (let from = 0, to = 0; from < bytes.length; from += narrow, to += bytesPerSample) {
    for (let i = 0; i < narrow; i++) out[to + i] = bytes[from + i] ?? 0;
    const isNegative = isSigned && (bytes[from + narrow - 1] ?? 0) > 127;
    if (isNegative) out.fill(0xff, to + narrow, to + bytesPerSample);
  }
  return out;
}

function decodeJpeg(encoded: Uint8Array, attributes: FrameAttributes): Uint8Array | Problem {
  const { rows, columns, samplesPerPixel, photometricInterpretation } = attributes;
  const image: ImagePixel = {
    rows,
    columns,
    samplesPerPixel,
    photometricInterpretation,
    planarConfiguration: 0,
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
    isSigned: false,
    frameCount: 1,
    frameLength: rows * columns * samplesPerPixel,
  };
  const samples = decodeJpegDct(encoded, image);
  if (isProblem(samples)) return problem('image-damaged', samples.detail ?? samples.problem);
  if (samplesPerPixel !== 3 || photometricInterpretation === 'RGB' || !hasLumaAndChroma(encoded)) return samples;
  const { rgba } = colourFrame(
    samples,
    { rows, columns, reduce: 0 },
    { bitsStored: 8, photometricInterpretation: 'YBR_FULL' },
  );
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) samples.set(rgba.subarray(from, from + 3), to);
  return samples;
}
