import { type Problem, problem } from '../domain/problem';
import { type DataSet, type Fragment, find } from './data-set';

/** One frame's code stream as it lies in the file. One part where the frame is one fragment. */
export interface EncapsulatedFrame {
  readonly parts: readonly Fragment[];
}

/**
 * Frames of encapsulated pixel data (PS3.5 A.4): by the extended offset table, else the basic one, else one fragment a frame where
 * the counts agree, else one frame, else by the codec's start and end markers. Lengths lead: delimiter bytes inside a frame mean
 * nothing.
 *
 * Answers `dicom-malformed` where the fragments can't be shared out among the frames.
 */
export function encapsulatedFrames(
  dataSet: DataSet,
  frameCount: number,
  transferSyntaxUid: string,
): readonly EncapsulatedFrame[] | Problem {
  const pixelData = find(dataSet, 0x7fe00010);
  const [table, ...fragments] = pixelData?.fragments ?? [];
  if (table === undefined || fragments.length === 0) return problem('dicom-malformed', 'no fragments');
  const extended = offsetsOf(find(dataSet, 0x7fe00001)?.value, 8);
  const basic = offsetsOf(table.bytes, 4);
  for (const offsets of [extended, basic]) {
    if (offsets.length !== frameCount) continue;
    const frames = byOffsets(fragments, offsets);
    if (frames !== undefined) return frames;
  }
  if (fragments.length === frameCount) return fragments.map((fragment) => ({ parts: [fragment] }));
  if (frameCount === 1) return [{ parts: fragments }];
  const frames = byMarkers(fragments, transferSyntaxUid);
  if (frames.length === frameCount) return frames;
  return problem('dicom-malformed', `${fragments.length} fragments for ${frameCount} frames`);
}

/** The frame's bytes; a view where it is one fragment. */
export function frameBytes(frame: EncapsulatedFrame): Uint8Array {
  const only = frame.parts[0];
  if (only !== undefined && frame.parts.length === 1) return only.bytes;
  const out = new Uint8Array(frame.parts.reduce((sum, part) => sum + part.bytes.length, 0));
  let at = 0;
  for (const part of frame.parts) {
    out.set(part.bytes, at);
    at += part.bytes.length;
  }
  return out;
}

function offsetsOf(table: Uint8Array | undefined, size: 4 | 8): number[] {
  if (table === undefined) return [];
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const offsets: number[] = [];
  for (let i = 0; i + size <= table.length; i += size) {
    offsets.push(size === 4 ? view.getUint32(i, true) : Number(view.getBigUint64(i, true)));
  }
  return offsets;
}

function byOffsets(fragments: readonly Fragment[], offsets: readonly number[]): EncapsulatedFrame[] | undefined {
  const starts = new Map<number, number>();
  fragments.forEach((fragment, index) => {
    starts.set(fragment.itemOffset, index);
  });
  const frames: EncapsulatedFrame[] = [];
  for (let i = 0; i < offsets.length; i++) {
    const from = starts.get(offsets[i] ?? -1);
    const to = i + 1 < offsets.length ? starts.get(offsets[i + 1] ?? -1) : fragments.length;
    // A table that points between fragments, or backwards, is worth nothing: the markers are asked instead.
    if (from === undefined || to === undefined || to <= from || (i === 0 && from !== 0)) return undefined;
    frames.push({ parts: fragments.slice(from, to) });
  }
  return frames;
}

/** A frame begins where a fragment begins with the codec's start of image and the fragment before it ended an image. */
function byMarkers(fragments: readonly Fragment[], transferSyntaxUid: string): EncapsulatedFrame[] {
  const isJpeg2000 = /^1\.2\.840\.10008\.1\.2\.4\.(9\d|20\d)$/.test(transferSyntaxUid);
  const frames: Fragment[][] = [];
  for (const fragment of fragments) {
    const current = frames[frames.length - 1];
    const previous = current?.[current.length - 1];
    const starts = isJpeg2000
      ? startsCodestream(fragment.bytes)
      : fragment.bytes[0] === 0xff && fragment.bytes[1] === 0xd8;
    if (current === undefined || previous === undefined || (starts && endsImage(previous.bytes)))
      frames.push([fragment]);
    else current.push(fragment);
  }
  return frames.map((parts) => ({ parts }));
}

function startsCodestream(bytes: Uint8Array): boolean {
  const isSoc = bytes[0] === 0xff && bytes[1] === 0x4f && bytes[2] === 0xff && bytes[3] === 0x51;
  // A JP2 file ("jP  " box) where a bare code stream belongs: wrong by PS3.5 A.4.4, but it occurs.
  const isJp2 = bytes[4] === 0x6a && bytes[5] === 0x50 && bytes[6] === 0x20 && bytes[7] === 0x20;
  return isSoc || isJp2;
}

/** EOI and EOC are both FF D9, before at most a few padding bytes. */
function endsImage(bytes: Uint8Array): boolean {
  let end = bytes.length;
  for (
    let i = 0;
    i < 4 && end > 2 && bytes[end - 1] === 0 && !(bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9);
    i++
  )
    end--;
  return bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9;
}
