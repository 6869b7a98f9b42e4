import { useEffect, useState } from 'react';
import type { OpenFilm } from './use-film';
import type { ViewerKit } from './use-viewer-kit';

/** Thumbnails must not keep the first image waiting, but an exam without one must not keep them waiting either. */
const longestWaitMs = 1500;

export type Thumbnails = ReadonlyMap<string, ImageData>;

/** Pictures of an exam's series, as they come. */
export function useThumbnails(
  kit: ViewerKit | undefined,
  film: OpenFilm | undefined,
  hasFirstImage: boolean,
): Thumbnails {
  const [pictures, setPictures] = useState<Thumbnails>(new Map());
  useEffect(() => {
    setPictures(new Map());
    if (kit === undefined || film === undefined) return;
    const ending = new AbortController();
    const start = () =>
      void kit.viewer.loadThumbnails({
        film: film.manifest,
        fetchFrames: film.fetchFrames,
        pool: kit.prepared.pool,
        signal: ending.signal,
        onThumbnail: (uid, picture) => setPictures((old) => new Map(old).set(uid, picture)),
      });
    const timer = setTimeout(start, hasFirstImage ? 0 : longestWaitMs);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [kit, film, hasFirstImage]);
  return pictures;
}
