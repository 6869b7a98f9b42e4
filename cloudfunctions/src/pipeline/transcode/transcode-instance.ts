import { createHash } from 'node:crypto';
import { canonicalHeader } from '@yingyun/shared/dicom/canonical-header';
import type { TextOf } from '@yingyun/shared/dicom/character-set';
import { type DicomElement, find } from '@yingyun/shared/dicom/data-set';
import { type EncapsulatedFrame, encapsulatedFrames, frameBytes } from '@yingyun/shared/dicom/encapsulated-frames';
import { type ImagePixel, imagePixelOf } from '@yingyun/shared/dicom/image-pixel';
import type { DicomLimits } from '@yingyun/shared/dicom/limits';
import type { Part10 } from '@yingyun/shared/dicom/read-part10';
import { explicitVrLittleEndian } from '@yingyun/shared/dicom/transfer-syntax';
import { isProblem, type Problem, problem } from '@yingyun/shared/domain/problem';
import type { Codecs } from './codecs';
import { completeView } from './complete-view';
import { type EncodedFrame, encodeHtj2k, isRgb } from './htj2k';
import { keepAsReceived } from './keep-as-received';
import { decodeFrame, hasPlainSamples, type LosslessSource, losslessSourceOf, nativeFrame } from './native-frames';
import { storedFile } from './stored-file';
import type { StoredInstance } from './stored-instance';
import { viewOf } from './view-of-instance';

export const htj2kLosslessRpcl = '1.2.840.10008.1.2.4.202';

/** What is kept of an instance: a Part 10 file, how to show it, and two of the four digests of design D2c. */
export interface TranscodedInstance {
  readonly bytes: Uint8Array;
  readonly transferSyntaxUid: string;
  readonly view: StoredInstance;
  /** What was derived for viewing, to be sealed as an object of its own; undefined where nothing had to be. */
  readonly rendition?: Uint8Array;
  /** SM3 of the canonical data set without pixels, 64 hex digits (docs/adr/0003). */
  readonly headerSm3: string;
  /** `PieceDigest` of the native frames, or of the encapsulated ones where they aren't decoded; '' without pixel data. */
  readonly pixelSm3: string;
}

/**
 * Makes the file to keep (design D2, D3): lossless images of 8 or 16 bits become HTJ2K where every pixel survives it, else
 * Explicit VR Little Endian; everything else stays as received. No bit of a pixel and no byte of a value is lost.
 *
 * Answers `dicom-malformed` or `dicom-limit-exceeded` where the image's own description can't be true.
 */
export async function transcodeInstance(
  part10: Part10,
  codecs: Codecs,
  textOf: TextOf,
  limits: DicomLimits,
): Promise<TranscodedInstance | Problem> {
  const image = imagePixelOf(part10.dataSet, limits);
  if (isProblem(image)) return image;
  const kept = await keep(part10, image, codecs, textOf);
  if (isProblem(kept)) return kept;
  return { ...kept, ...(await completeView(part10, image, kept.view, codecs, textOf)) };
}

async function keep(
  part10: Part10,
  image: ImagePixel | undefined,
  codecs: Codecs,
  textOf: TextOf,
): Promise<TranscodedInstance | Problem> {
  const headerSm3 = createHash('sm3').update(canonicalHeader(part10.dataSet)).digest('hex');
  const pixelData = find(part10.dataSet, 0x7fe00010);
  const source = losslessSourceOf(part10.transferSyntaxUid);
  const frames =
    image === undefined || pixelData === undefined
      ? undefined
      : losslessFrames(part10, pixelData, image, source, codecs);
  if (isProblem(frames)) return frames;
  const encoded = image === undefined || frames === undefined ? undefined : await encodeAll(frames, image, codecs);
  if (image === undefined || frames === undefined || encoded === undefined)
    return { ...keepAsReceived(part10, image, codecs, textOf), headerSm3 };
  const isCompressed = encoded.frames !== undefined;
  const photometric = isRgb(image) ? (isCompressed ? 'YBR_RCT' : 'RGB') : image.photometricInterpretation;
  const native = isCompressed ? undefined : await joinAll(frames, image);
  if (encoded.frames === undefined && native === undefined)
    return { ...keepAsReceived(part10, image, codecs, textOf), headerSm3 };
  const written = storedFile(part10, {
    transferSyntaxUid: isCompressed ? htj2kLosslessRpcl : explicitVrLittleEndian,
    photometric,
    pixelData:
      encoded.frames !== undefined
        ? { kind: 'encapsulated', frames: encoded.frames.map((frame) => frame.bytes) }
        : { kind: 'native', vr: image.bitsAllocated > 8 ? 'OW' : 'OB', bytes: native ?? new Uint8Array(0) },
  });
  const first = written.frameOffsets[0] ?? 0;
  const stored = Array.from({ length: image.frameCount }, (_, index) => ({
    offset: isCompressed ? (written.frameOffsets[index] ?? 0) : first + index * image.frameLength,
    bands: encoded.frames?.[index]?.bands ?? [image.frameLength],
  }));
  const form = {
    codec: isCompressed ? 'htj2k' : 'raw',
    photometricInterpretation: isRgb(image) ? 'RGB' : image.photometricInterpretation,
  } as const;
  return {
    bytes: written.bytes,
    transferSyntaxUid: isCompressed ? htj2kLosslessRpcl : explicitVrLittleEndian,
    view: viewOf(part10.dataSet, image, form, stored, textOf),
    headerSm3,
    pixelSm3: encoded.pixelSm3,
  };
}

/** Gives each native frame when asked; the frames are decoded one at a time, so that one image at a time is in memory. */
type Frames = (index: number) => Promise<Uint8Array | Problem>;

/** Undefined where the pixel data isn't of a kind we decode; a Problem where native pixel data is shorter than its frames. */
function losslessFrames(
  part10: Part10,
  pixelData: DicomElement,
  image: ImagePixel,
  source: LosslessSource | undefined,
  codecs: Codecs,
): Frames | Problem | undefined {
  if (source === undefined || !hasPlainSamples(image)) return undefined;
  if (pixelData.fragments === undefined) {
    const total = image.frameLength * image.frameCount;
    if (pixelData.value.length === 0) return undefined;
    if (pixelData.value.length < total)
      return problem('dicom-malformed', `pixel data has ${pixelData.value.length} of ${total} bytes`);
    const is422 = image.frameLength !== (image.rows * image.columns * image.samplesPerPixel * image.bitsAllocated) / 8;
    if (is422 || source !== 'native' || pixelData.value.subarray(total).some((byte) => byte !== 0)) return undefined;
    return async (index) => nativeFrame(pixelData, image, index);
  }
  const frames: readonly EncapsulatedFrame[] | Problem = encapsulatedFrames(
    part10.dataSet,
    image.frameCount,
    part10.transferSyntaxUid,
  );
  if (isProblem(frames)) return undefined;
  return async (index) => {
    const frame = frames[index];
    return frame === undefined
      ? problem('dicom-malformed', 'a missing frame')
      : decodeFrame(source, frameBytes(frame), image, codecs);
  };
}

/** `frames` undefined: they decode, but one of them doesn't survive HTJ2K. Undefined: one of them doesn't decode. */
async function encodeAll(
  frames: Frames,
  image: ImagePixel,
  codecs: Codecs,
): Promise<{ readonly frames: readonly EncodedFrame[] | undefined; readonly pixelSm3: string } | undefined> {
  const digest = codecs.startDigest();
  let encoded: EncodedFrame[] | undefined = [];
  for (let index = 0; index < image.frameCount; index++) {
    const native = await frames(index);
    if (isProblem(native) || native.length !== image.frameLength) {
      digest.end();
      return undefined;
    }
    digest.update(native);
    const frame: EncodedFrame | undefined =
      encoded === undefined ? undefined : await encodeHtj2k(native, image, codecs);
    if (frame === undefined) encoded = undefined;
    else encoded?.push(frame);
  }
  return { frames: encoded, pixelSm3: digest.end() };
}

async function joinAll(frames: Frames, image: ImagePixel): Promise<Uint8Array | undefined> {
  const out = new Uint8Array(image.frameLength * image.frameCount);
  for (let index = 0; index < image.frameCount; index++) {
    const native = await frames(index);
    if (isProblem(native)) return undefined;
    out.set(native, index * image.frameLength);
  }
  return out;
}
