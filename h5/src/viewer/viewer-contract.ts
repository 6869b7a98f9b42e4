import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';

/** What a page gives the viewer, and what it gets back. `mount-viewer.ts` implements it. */
export interface ViewerOptions {
  readonly manifest: FilmManifest;
  /** Series to begin with; default: the one with most frames. */
  readonly seriesInstanceUid?: string;
  /** Asks for one batch. Hands over body chunks as they arrive; resolves at the end of the body, rejects with `FramesRefused`. */
  readonly fetchFrames: (
    request: FramesRequest,
    onChunk: (bytes: Uint8Array) => void,
    signal: AbortSignal,
  ) => Promise<void>;
  /** The server no longer lets us in (revoked, expired): the viewer has already wiped its pixels. */
  readonly onAccessLost: () => void;
  /** Pixels of the first slice are drawn: what had to wait for them may go on. Once. */
  readonly onFirstImage?: () => void;
}

/** Query of the frames routes (shared/contract/routes.ts `sharedFrames`). */
export interface FramesRequest {
  readonly series: string;
  /** `FilmManifest.revision`, where the manifest has one. */
  readonly revision?: string;
  readonly reduce: number;
  readonly from: number;
  readonly count?: number;
  readonly have?: number;
  readonly cursor?: string;
  readonly limit?: number;
}

export class FramesRefused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
    this.name = 'FramesRefused';
  }
}

export interface ViewerHandle {
  showSeries(seriesInstanceUid: string): void;
  /** Stops loading, frees workers, GL and memory, empties the container. */
  destroy(): void;
}
