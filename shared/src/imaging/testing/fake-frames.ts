// Test support: the frames protocol in memory, and a clock that stands still.

import type { SeriesManifest } from '../../contract/film-manifest';
import { encodeFrameRecordHead, encodeFrameTrailer } from '../../contract/frame-batch';
import type { FetchOutcome, FrameQuery, LoaderClock } from '../frame-source';

/** A server in memory: real batches, answered when the test says so. */
export class FakeServer {
  readonly queries: FrameQuery[] = [];
  readonly open: {
    query: FrameQuery;
    send(bytes: Uint8Array): void;
    end(outcome: FetchOutcome): void;
    isAborted: boolean;
  }[] = [];
  sent = 0;

  constructor(private readonly series: readonly SeriesManifest[]) {}

  fetch = (query: FrameQuery, onChunk: (bytes: Uint8Array) => void) => {
    this.queries.push(query);
    let end: (outcome: FetchOutcome) => void = () => {};
    const done = new Promise<FetchOutcome>((resolve) => {
      end = resolve;
    });
    const request = { query, send: onChunk, end, isAborted: false };
    this.open.push(request);
    return {
      done,
      abort: () => {
        request.isAborted = true;
      },
    };
  };

  /** Answers the oldest open request that was not aborted; `keep` of its bytes where the line is to break. */
  async answer(keep = Number.POSITIVE_INFINITY, outcome: FetchOutcome = 'complete'): Promise<FrameQuery | undefined> {
    let request = this.open.shift();
    while (request?.isAborted) request = this.open.shift();
    if (request === undefined) return undefined;
    const body = this.body(request.query).subarray(0, keep);
    this.sent += body.length;
    for (let at = 0; at < body.length; at += 16_384) request.send(body.subarray(at, at + 16_384));
    request.end(outcome);
    await settle();
    return request.query;
  }

  async answerAll(): Promise<void> {
    for (let i = 0; i < 10_000; i++) if ((await this.answer()) === undefined) return;
    throw new Error('the loader never stops asking');
  }

  private body(query: FrameQuery): Uint8Array {
    const series = this.series.find((one) => one.seriesInstanceUid === query.series);
    const frames = series?.frames ?? [];
    const end = (frame: number, reduce: number) =>
      frames[frame]?.bands[Math.max(0, (frames[frame]?.bands.length ?? 0) - 1 - reduce)] ?? 0;
    const order: number[] = [];
    for (let d = 0; d < frames.length; d++) {
      if (query.from + d < frames.length) order.push(query.from + d);
      if (d > 0 && query.from - d >= 0) order.push(query.from - d);
    }
    const parts: Uint8Array[] = [];
    let size = 0;
    let cursor = '';
    for (const [at, frame] of order.slice(0, query.count).entries()) {
      const from = query.have === undefined ? 0 : end(frame, query.have);
      const length = end(frame, query.reduce) - from;
      if (length <= 0) continue;
      if (size > 0 && size + length > query.limit) {
        cursor = String(at);
        break;
      }
      size += length;
      // Each byte says which frame it belongs to.
      parts.push(encodeFrameRecordHead(frame, from, length), new Uint8Array(length).fill(frame % 251));
    }
    parts.push(encodeFrameTrailer(cursor));
    return joined(parts);
  }
}

export class FakeClock implements LoaderClock {
  now = 0;
  timers: { at: number; run: () => void }[] = [];
  nowMs = () => this.now;
  random = () => 0.5;
  after = (ms: number, run: () => void) => {
    const timer = { at: this.now + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  };
  async pass(ms: number): Promise<void> {
    this.now += ms;
    const due = this.timers.filter((timer) => timer.at <= this.now);
    this.timers = this.timers.filter((timer) => timer.at > this.now);
    for (const timer of due) timer.run();
    await settle();
  }
}

/** Lets everything that waits for promises only come to its end. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 200; i++) await Promise.resolve();
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
