import { FrameBatchReader, type FrameRecord } from '../contract/frame-batch';
import type { FrameQuery, FrameSource, LoaderClock } from './frame-source';

export interface LaneListener {
  /** True where the record brought something new. */
  onRecord(record: FrameRecord, query: FrameQuery): boolean;
  /** The server says this is over. The lane has closed itself. */
  onOver(reason: 'access-lost' | 'film-changed'): void;
  /** The lane is free (or its pause is over): give it the next query. */
  onFree(): void;
}

/** A request that failed this often in a row without a new byte waits this long at most. */
const longestPauseMs = 15_000;
const shortestPauseMs = 400;

/**
 * One request in flight. A cut stream (no trailer) or a busy server is asked again after a growing, jittered pause; a
 * batch that brought nothing new counts as a failure too, so that no loop spins.
 */
export class FetchLane {
  private inFlight: { readonly query: FrameQuery; abort(): void } | undefined;
  private failures = 0;
  private cancelPause: (() => void) | undefined;
  private isClosed = false;

  constructor(
    private readonly source: FrameSource,
    private readonly clock: LoaderClock,
    private readonly listener: LaneListener,
  ) {}

  get query(): FrameQuery | undefined {
    return this.inFlight?.query;
  }

  get isFree(): boolean {
    return !this.isClosed && this.inFlight === undefined && this.cancelPause === undefined;
  }

  /** How many requests in a row brought nothing. */
  get failureCount(): number {
    return this.failures;
  }

  start(query: FrameQuery): void {
    this.abort();
    const reader = new FrameBatchReader();
    let news = 0;
    // In flight before it is asked: a source may hand over at once what it holds.
    const flight: { readonly query: FrameQuery; abort(): void } = { query, abort: () => {} };
    this.inFlight = flight;
    const run = this.source.fetch(query, (chunk) => {
      if (this.inFlight !== flight) return;
      for (const record of reader.push(chunk)) if (this.listener.onRecord(record, query)) news++;
    });
    flight.abort = () => run.abort();
    run.done.then(
      (outcome) => {
        if (this.inFlight !== flight) return;
        this.inFlight = undefined;
        if (outcome === 'access-lost' || outcome === 'film-changed') {
          this.close();
          this.listener.onOver(outcome);
        } else this.ended(outcome === 'complete' && reader.trailer !== undefined, news);
      },
      () => {
        if (this.inFlight !== flight) return;
        this.inFlight = undefined;
        this.ended(false, news);
      },
    );
  }

  /** Stops what is in flight and any pause. */
  abort(): void {
    const flight = this.inFlight;
    this.inFlight = undefined;
    flight?.abort();
    this.cancelPause?.();
    this.cancelPause = undefined;
  }

  /** Bytes came, here or in the other lane, or nothing is wanted any more: what failed before says nothing now. */
  forgive(): void {
    this.failures = 0;
    this.skipPause();
  }

  /** The user did something: try at once instead of sitting out the pause. */
  skipPause(): void {
    this.cancelPause?.();
    this.cancelPause = undefined;
  }

  close(): void {
    this.isClosed = true;
    this.abort();
  }

  private ended(isWhole: boolean, news: number): void {
    if (this.isClosed) return;
    if (news > 0) this.failures = 0;
    if (isWhole && news > 0) return this.listener.onFree();
    if (news === 0) this.failures++;
    const pause = Math.min(longestPauseMs, shortestPauseMs * 2 ** Math.max(0, this.failures - 1));
    this.cancelPause = this.clock.after(pause * (0.75 + this.clock.random() / 2), () => {
      this.cancelPause = undefined;
      this.listener.onFree();
    });
  }
}
