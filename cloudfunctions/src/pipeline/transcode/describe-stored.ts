import { createHash } from 'node:crypto';
import { canonicalHeader } from '@yingyun/shared/dicom/canonical-header';
import type { TextOf } from '@yingyun/shared/dicom/character-set';
import { encapsulatedFrames, frameBytes } from '@yingyun/shared/dicom/encapsulated-frames';
import { type ImagePixel, imagePixelOf } from '@yingyun/shared/dicom/image-pixel';
import type { DicomLimits } from '@yingyun/shared/dicom/limits';
import type { Part10 } from '@yingyun/shared/dicom/read-part10';
import { isProblem, type Problem } from '@yingyun/shared/domain/problem';
import type { Codecs } from './codecs';
import { completeView } from './complete-view';
import { keepAsReceived } from './keep-as-received';
import { decodeFrame, hasPlainSamples, losslessSourceOf } from './native-frames';
import type { TranscodedInstance } from './transcode-instance';

/**
 * View and digests of a file that is stored already, as `transcodeInstance` gave them when it was made: for a database that is rebuilt
 * from the journal. Nothing is encoded anew; offsets count in the given file.
 */
export async function describeStored(
  part10: Part10,
  codecs: Codecs,
  textOf: TextOf,
  limits: DicomLimits,
): Promise<Omit<TranscodedInstance, 'bytes'> | Problem> {
  const image = imagePixelOf(part10.dataSet, limits);
  if (isProblem(image)) return image;
  const headerSm3 = createHash('sm3').update(canonicalHeader(part10.dataSet)).digest('hex');
  const kept = keepAsReceived(part10, image, codecs, textOf);
  const decoded = image === undefined ? undefined : await digestOfDecoded(part10, image, codecs);
  const complete = await completeView(part10, image, kept.view, codecs, textOf);
  return { transferSyntaxUid: kept.transferSyntaxUid, headerSm3, pixelSm3: decoded ?? kept.pixelSm3, ...complete };
}

/** Undefined where the frames aren't of a kind we decode, and the digest therefore stands over their encoded bytes. */
async function digestOfDecoded(part10: Part10, image: ImagePixel, codecs: Codecs): Promise<string | undefined> {
  const source = losslessSourceOf(part10.transferSyntaxUid);
  if (source === undefined || source === 'native' || !hasPlainSamples(image)) return undefined;
  const frames = encapsulatedFrames(part10.dataSet, image.frameCount, part10.transferSyntaxUid);
  if (isProblem(frames)) return undefined;
  const digest = codecs.startDigest();
  for (const frame of frames) {
    const native = await decodeFrame(source, frameBytes(frame), image, codecs);
    if (isProblem(native)) {
      digest.end();
      return undefined;
    }
    digest.update(native);
  }
  return digest.end();
}
