import type { FilmManifest } from '../contract/film-manifest';
import { frameAttributes } from '../imaging/frame-attributes';

export interface FoundImage {
  readonly series: number;
  readonly frame: number;
}

/**
 * Where the film shows an instance: its first frame, or the 1-based one that is asked for. Null: nowhere. A frame that the instance hasn't
 * is nowhere too: another one in its place would be taken for what the document speaks of.
 */
export function findImage(
  film: Pick<FilmManifest, 'series'>,
  sopInstanceUid: string,
  frameNumber?: number,
): FoundImage | null {
  for (const [series, one] of film.series.entries()) {
    for (const [frame, entry] of one.frames.entries()) {
      const attributes = frameAttributes(one, entry);
      if (attributes.sopInstanceUid !== sopInstanceUid) continue;
      if (frameNumber === undefined || attributes.frameNumber === frameNumber) return { series, frame };
    }
  }
  return null;
}
