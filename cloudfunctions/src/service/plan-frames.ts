import type { framesQuery } from '@yingyun/shared/contract/route-contract';
import type * as v from 'valibot';

export type FramesQuery = Omit<v.InferOutput<typeof framesQuery>, 'series' | 'revision' | 'format'>;
/** What a plan depends on. */
type Wish = Pick<FramesQuery, 'reduce' | 'from' | 'count' | 'have' | 'cursor' | 'limit'>;

/** The server's own cap on one answer, in bytes. */
const maxAnswerBytes = 4 * 1024 * 1024;
/** A single slice that leaves this much to send after its first picture comes in two records. */
const worthSplittingBytes = 65_536;
/** The first picture's reduce: an eighth of the size. */
export const firstPictureReduce = 3;

export interface FramePiece {
  /** Index in the series' display order. */
  readonly frame: number;
  readonly from: number;
  readonly length: number;
}

export interface FramePlan {
  readonly pieces: readonly FramePiece[];
  /** Where the next batch goes on; '' where nothing is left. */
  readonly cursor: string;
}

/**
 * Which bytes of which frames one answer carries: centre-out from `from`, for each frame the bytes between what the client has
 * and the wanted resolution, as many as fit into the limit and at least one. The cursor counts frames in centre-out order, so
 * that it means the same for the same `from`, `count`, `reduce` and `have`.
 * One slice alone comes as its coarse band, then the rest: something to show while most of it is still under way.
 */
export function planFrames(bandsOf: readonly (readonly number[])[], query: Wish): FramePlan {
  const total = bandsOf.length;
  const wanted = query.count === 0 ? total : Math.min(query.count, total);
  const limit = Math.min(query.limit, maxAnswerBytes);
  const pieces: FramePiece[] = [];
  let bytes = 0;
  let at = query.cursor === undefined ? 0 : Number(query.cursor);
  for (; at < wanted; at++) {
    const frame = centreOut(at, Math.min(query.from, total - 1), total);
    const bands = bandsOf[frame] ?? [];
    const from = query.have === undefined ? 0 : endOf(bands, query.have);
    const length = endOf(bands, query.reduce) - from;
    if (length <= 0) continue;
    if (pieces.length > 0 && bytes + length > limit) break;
    const first = wanted === 1 && from === 0 ? endOf(bands, firstPictureReduce) : 0;
    if (first > 0 && length - first > worthSplittingBytes) {
      pieces.push({ frame, from, length: first }, { frame, from: first, length: length - first });
    } else pieces.push({ frame, from, length });
    bytes += length;
  }
  return { pieces, cursor: at < wanted ? String(at) : '' };
}

/** The byte at which resolution `reduce` ends; a frame without that resolution is whole at its coarsest. */
function endOf(bands: readonly number[], reduce: number): number {
  return bands[Math.max(0, bands.length - 1 - reduce)] ?? 0;
}

/** The k-th frame from `from` outwards: from, from + 1, from − 1, from + 2, … and on alone where one side has ended. */
export function centreOut(k: number, from: number, total: number): number {
  const below = from;
  const above = total - 1 - from;
  const both = Math.min(below, above);
  if (k <= 2 * both) return k % 2 === 1 ? from + (k + 1) / 2 : from - k / 2;
  return above > below ? k : total - 1 - k;
}
