import type { FilmManifest } from '../contract/film-manifest';
import { frameAttributes } from '../imaging/frame-attributes';

export interface FoundImage {
  readonly series: number;
  readonly frame: number;
}

/** Where the film shows an instance (its first frame, or the 1-based one that is asked for); null: nowhere. */
export function findImage(
  film: Pick<FilmManifest, 'series'>,
  sopInstanceUid: string,
  frameNumber = 1,
): FoundImage | null {
  let instance: FoundImage | null = null;
  for (const [series, one] of film.series.entries()) {
    for (const [frame, entry] of one.frames.entries()) {
      const attributes = frameAttributes(one, entry);
      if (attributes.sopInstanceUid !== sopInstanceUid) continue;
      if (attributes.frameNumber === frameNumber) return { series, frame };
      instance ??= { series, frame };
    }
  }
  return instance;
}
