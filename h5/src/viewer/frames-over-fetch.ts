import type { FetchOutcome, FrameSource } from '@yingyun/shared/imaging/frame-source';
import { FramesRefused, type ViewerOptions } from './viewer-contract';

const accessLost = [401, 403, 404, 410];

/** The page's `fetchFrames` as the loader's source. */
export function framesOverFetch(fetchFrames: ViewerOptions['fetchFrames'], revision: string | undefined): FrameSource {
  return {
    fetch(query, onChunk) {
      const aborter = new AbortController();
      const request = revision === undefined ? query : { ...query, revision };
      const done = fetchFrames(request, onChunk, aborter.signal).then((): FetchOutcome => 'complete', outcomeOf);
      return { done, abort: () => aborter.abort() };
    },
  };
}

function outcomeOf(cause: unknown): FetchOutcome {
  if (!(cause instanceof FramesRefused)) return 'cut';
  if (cause.code === 'film-changed') return 'film-changed';
  return accessLost.includes(cause.status) ? 'access-lost' : 'cut';
}
