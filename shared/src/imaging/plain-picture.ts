import type { FrameAttributes } from '../contract/film-manifest';
import { ProblemError, problem } from '../domain/problem';
import { type GreyFrame, type GreyPixels, reducedSize } from './decoded-frame';
import { greyFrame, normalisePixels } from './normalise-pixels';
import { paddingRange } from './pixel-padding';

/** Whether samples of the frame become a picture by their rescale and window alone: grey, without any table. */
export function isPlainGrey({ samplesPerPixel, photometricInterpretation, modalityLut }: FrameAttributes): boolean {
  return samplesPerPixel === 1 && photometricInterpretation !== 'PALETTE COLOR' && modalityLut === null;
}

/**
 * One level of a plain grey frame's pyramid (frame-pyramid.ts: little endian in `bitsAllocated`) as a picture, by the code every page has:
 * a phone shows it before it has a decoder. Throws `ProblemError` `image-damaged` where there are too few bytes.
 */
export function plainPicture(samples: Uint8Array, attributes: FrameAttributes, reduce: number): GreyFrame {
  const [rows, columns] = [reducedSize(attributes.rows, reduce), reducedSize(attributes.columns, reduce)];
  const needed = (rows * columns * attributes.bitsAllocated) / 8;
  if (samples.length < needed) throw new ProblemError(problem('image-damaged', `${samples.length} of ${needed} bytes`));
  // A copy: the bytes may start at an odd offset, and normalising writes in place.
  const pixels = normalisePixels(typed(samples.slice(0, needed), attributes.bitsAllocated), attributes, reduce);
  return greyFrame(pixels, { rows, columns, reduce }, paddingRange(attributes));
}

function typed({ buffer }: Uint8Array<ArrayBuffer>, bitsAllocated: number): GreyPixels {
  if (bitsAllocated === 8) return new Uint8Array(buffer);
  return bitsAllocated === 16 ? new Uint16Array(buffer) : new Uint32Array(buffer);
}
