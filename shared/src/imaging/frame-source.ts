/** Where encoded frames come from: a request of the frames protocol, without any platform's fetch. */
export interface FrameQuery {
  readonly series: string;
  readonly reduce: number;
  readonly from: number;
  readonly count: number;
  /** The client holds the bytes up to this reduce; absent: nothing. */
  readonly have?: number;
  /** Bytes the answer may have. */
  readonly limit: number;
}

/**
 * 'complete': the body ended as its length said (the batch's trailer decides whether anything is missing).
 * 'cut': the line broke or the server was busy; ask again later. 'access-lost': 401, 403, 404 or 410; ask never again.
 * 'film-changed': late images changed the order of frames; numbers would mean other slices, so nothing is asked any more.
 */
export type FetchOutcome = 'complete' | 'cut' | 'access-lost' | 'film-changed';

export interface FrameSource {
  /** Hands over body chunks as they arrive. After `abort` neither chunks nor the outcome matter. */
  fetch(
    query: FrameQuery,
    onChunk: (bytes: Uint8Array) => void,
  ): { readonly done: Promise<FetchOutcome>; abort(): void };
}

/** Time as a parameter, so that tests need none. */
export interface LoaderClock {
  nowMs(): number;
  /** Runs once after a delay; the answer cancels it. */
  after(ms: number, run: () => void): () => void;
  /** 0 ≤ r < 1, for the jitter of retries. */
  random(): number;
}
