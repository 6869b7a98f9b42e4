import type { FrameAttributes, SeriesManifest } from '../contract/film-manifest';
import { type ProblemCode, ProblemError } from '../domain/problem';
import { DecodedCache } from './decoded-cache';
import { type DecodedFrame, reducedSize } from './decoded-frame';
import { EncodedStore, type FrameKey, frameId } from './encoded-store';
import { FetchLane } from './fetch-lane';
import type { FrameSource, LoaderClock } from './frame-source';
import { aroundFocus, type LoaderLimits, LoaderPlan } from './loader-plan';

export interface LoaderPlatform {
  readonly source: FrameSource;
  readonly clock: LoaderClock;
  /** Decodes elsewhere (a worker). Rejects with `ProblemError` where the frame is damaged. */
  decode(bytes: Uint8Array, attributes: FrameAttributes, reduce: number): Promise<DecodedFrame>;
  /** Decodings that may run at once. */
  readonly decoderCount: number;
}

export interface LoaderListener {
  /** A sharper picture of a frame is ready. */
  onFrame(key: FrameKey, frame: DecodedFrame): void;
  onProgress(): void;
  /** Access is lost or the film has changed: every byte and pixel is already forgotten. */
  onOver(reason: 'access-lost' | 'film-changed'): void;
  /** The frame cannot be shown; asked for twice, given up. */
  onDamaged(key: FrameKey, code: ProblemCode): void;
  /** The line: `true` after two failures in a row, `false` once bytes come again. */
  onStalled(isStalled: boolean): void;
}

/** For a bar: how much of the active series is there. */
export interface LoadedProgress {
  readonly frames: number;
  readonly preview: number;
  readonly sharp: number;
}

/** While the user scrolls faster than this, a slice that has a preview is not sharpened. */
const restMs = 120;
const decodeReach = 6;

/**
 * Brings frames from coarse to sharp (design, "Viewing protocol"): two lanes, one for the slice on screen, which aborts and
 * aims again when the user scrolls, one behind it for the rest of the series; decoding nearest first. Everything is
 * planned anew from what is held, so any order of answers, losses and evictions ends in the same place.
 */
export class FrameLoader {
  private readonly store: EncodedStore;
  private readonly cache: DecodedCache;
  private readonly plan: LoaderPlan;
  private readonly focusLane: FetchLane;
  private readonly backgroundLane: FetchLane;
  private focused: FrameKey = { series: 0, frame: 0 };
  private focusedAtMs = Number.NEGATIVE_INFINITY;
  private cancelRest: (() => void) | undefined;
  private readonly decoding = new Set<number>();
  private readonly failures = new Map<number, number>();
  private isStalled = false;
  private isOver = false;

  constructor(
    private readonly series: readonly SeriesManifest[],
    private readonly platform: LoaderPlatform,
    limits: LoaderLimits,
    private readonly listener: LoaderListener,
  ) {
    this.store = new EncodedStore(series, limits.encodedBytes);
    this.cache = new DecodedCache(limits.decodedBytes);
    this.plan = new LoaderPlan(series, this.store, limits, (key) => this.isGivenUp(key));
    const lane = () =>
      new FetchLane(platform.source, platform.clock, {
        onRecord: (record, query) => this.received(query.series, record.frame, record.from, record.bytes),
        onOver: (reason) => this.over(reason),
        onFree: () => this.pump(),
      });
    this.focusLane = lane();
    this.backgroundLane = lane();
  }

  /** The slice on screen. Cheap: call it for every step of a scroll. */
  focus(key: FrameKey): void {
    if (this.isOver) return;
    const now = this.platform.clock.nowMs();
    const isFast = now - this.focusedAtMs < restMs;
    this.focusedAtMs = now;
    const isOtherSeries = key.series !== this.focused.series;
    this.focused = key;
    if (isOtherSeries) this.backgroundLane.abort();
    this.backgroundLane.skipPause();
    this.focusLane.skipPause();
    this.cancelRest?.();
    this.cancelRest = undefined;
    if (isFast && this.store.reduceOf(key) !== null) {
      this.cancelRest = this.platform.clock.after(restMs, () => this.aimAndPump());
      this.pumpDecoding();
    } else this.aimAndPump();
  }

  /** A picture from elsewhere, to look at until the first one of the frame is decoded. Before the first `focus`. */
  seed(key: FrameKey, frame: DecodedFrame): void {
    this.cache.put(key, frame, key);
  }

  /** The best picture of a frame right now. */
  frame(key: FrameKey): DecodedFrame | null {
    return this.cache.get(key);
  }

  attributes(key: FrameKey): FrameAttributes {
    return this.store.attributes(key);
  }

  thumbnailKey(series: number): FrameKey {
    return this.plan.thumbnailKey(series);
  }

  progress(): LoadedProgress {
    const frames = this.series[this.focused.series]?.frames.length ?? 0;
    let preview = 0;
    let sharp = 0;
    for (let frame = 0; frame < frames; frame++) {
      const key = { series: this.focused.series, frame };
      const reduce = this.store.reduceOf(key);
      if (reduce === null) continue;
      if (reduce <= this.store.preview(key)) preview++;
      if (reduce === 0) sharp++;
    }
    return { frames, preview, sharp };
  }

  /** Bytes in memory, for tests and the device probe. */
  memory(): { readonly encoded: number; readonly decoded: number } {
    return { encoded: this.store.totalBytes, decoded: this.cache.totalBytes };
  }

  destroy(): void {
    this.isOver = true;
    this.cancelRest?.();
    this.focusLane.close();
    this.backgroundLane.close();
    this.store.clear();
    this.cache.clear();
  }

  private aimAndPump(): void {
    this.cancelRest = undefined;
    const flight = this.focusLane.query;
    const isElsewhere =
      flight !== undefined &&
      (flight.from !== this.focused.frame || flight.series !== this.series[this.focused.series]?.seriesInstanceUid);
    if (isElsewhere) this.focusLane.abort();
    // Sharpening elsewhere gives way; it is planned anew around this slice. What has arrived stays.
    if (this.backgroundLane.query?.reduce === 0 && this.plan.focusQuery(this.focused) !== null)
      this.backgroundLane.abort();
    this.pump();
  }

  private pump(): void {
    if (this.isOver) return;
    this.pumpDecoding();
    if (this.focusLane.isFree && this.cancelRest === undefined) {
      const query = this.plan.focusQuery(this.focused);
      if (query === null) this.focusLane.forgive();
      else this.focusLane.start(query);
    }
    if (this.backgroundLane.isFree) this.pumpBackground();
    this.setStalled(Math.max(this.focusLane.failureCount, this.backgroundLane.failureCount) >= 2);
  }

  /**
   * The first picture has the line to itself. Later a slice that is scrolled to must not starve the previews, and the
   * previews not the slice; sharpening around the eye waits for the slice.
   */
  private pumpBackground(): void {
    const mayRunBeside = this.store.heldCount(this.focused.series) > 1;
    if (this.focusLane.query !== undefined && !mayRunBeside) return;
    const query = this.plan.backgroundQuery(this.focused);
    if (query === null) {
      this.backgroundLane.forgive();
      return;
    }
    if (this.focusLane.query === undefined || query.reduce > 0) this.backgroundLane.start(query);
  }

  private received(seriesUid: string, frame: number, from: number, bytes: Uint8Array): boolean {
    const series = this.series.findIndex((one) => one.seriesInstanceUid === seriesUid);
    if (this.isOver || series < 0) return false;
    const key = { series, frame };
    if (this.isGivenUp(key)) return false;
    const keeping = { focus: this.focused, merit: (other: FrameKey) => this.plan.merit(other, this.focused) };
    const isNew = this.store.add(key, from, bytes, keeping);
    if (isNew) {
      this.focusLane.forgive();
      this.backgroundLane.forgive();
      this.setStalled(false);
      this.pumpDecoding();
      this.listener.onProgress();
    }
    return isNew;
  }

  private pumpDecoding(): void {
    if (this.isOver || this.store.totalBytes === 0 || this.decoding.size >= this.platform.decoderCount) return;
    for (const key of this.wantedDecodings()) {
      this.startDecoding(key);
      if (this.decoding.size >= this.platform.decoderCount) return;
    }
  }

  /** Nearest first; behind the slices around the eye come the thumbnails, then the previews of the whole series. */
  private *wantedDecodings(): Generator<FrameKey> {
    const count = this.series[this.focused.series]?.frames.length ?? 0;
    for (const key of aroundFocus(this.focused, count, decodeReach)) if (this.isWorthDecoding(key)) yield key;
    for (let series = 0; series < this.series.length; series++) {
      const key = this.plan.thumbnailKey(series);
      if (this.cache.get(key) === null && this.isWorthDecoding(key)) yield key;
    }
    for (const key of aroundFocus(this.focused, count, count)) {
      if (this.cache.get(key) !== null || this.store.preview(key) === 0 || this.store.reduceOf(key) === null) continue;
      if (this.decoding.has(frameId(key))) continue;
      // Nearest first: where one has no room, none behind it has.
      if (!this.isWorthDecoding(key)) return;
      yield key;
    }
  }

  private isWorthDecoding(key: FrameKey): boolean {
    const reduce = this.decodableReduce(key);
    const shown = this.cache.get(key)?.reduce;
    if (reduce === null || this.decoding.has(frameId(key)) || (shown !== undefined && shown <= reduce)) return false;
    const isOnScreen = key.series === this.focused.series && key.frame === this.focused.frame;
    return isOnScreen || this.cache.hasRoomFor(this.sizeAt(key, reduce), key, this.focused);
  }

  /** What to decode of what is held: all of it near the eye, previews only far from it. */
  private decodableReduce(key: FrameKey): number | null {
    const held = this.store.reduceOf(key);
    if (held === null) return null;
    const isNear = key.series === this.focused.series && Math.abs(key.frame - this.focused.frame) <= decodeReach;
    return Math.max(held, isNear ? this.plan.sharpest(key) : this.store.preview(key));
  }

  private sizeAt(key: FrameKey, reduce: number): number {
    const { rows, columns, samplesPerPixel, bitsAllocated } = this.store.attributes(key);
    return reducedSize(rows, reduce) * reducedSize(columns, reduce) * (samplesPerPixel === 3 ? 4 : bitsAllocated / 8);
  }

  private startDecoding(key: FrameKey): void {
    const reduce = this.decodableReduce(key);
    const bytes = reduce === null ? null : this.store.bytesFor(key, reduce);
    if (reduce === null || bytes === null) return;
    this.decoding.add(frameId(key));
    this.platform.decode(bytes, this.store.attributes(key), reduce).then(
      (frame) => {
        this.decoding.delete(frameId(key));
        if (this.isOver) return;
        const before = this.cache.get(key);
        this.cache.put(key, frame, this.focused);
        if (this.cache.get(key) === frame && before !== frame) this.listener.onFrame(key, frame);
        this.pumpDecoding();
      },
      (cause: unknown) => {
        this.decoding.delete(frameId(key));
        if (!this.isOver) this.decodingFailed(key, cause);
      },
    );
  }

  private decodingFailed(key: FrameKey, cause: unknown): void {
    const failures = (this.failures.get(frameId(key)) ?? 0) + 1;
    const code: ProblemCode = cause instanceof ProblemError ? cause.problem.problem : 'unexpected';
    // A damaged frame is asked for once more; what no bytes can mend is given up at once.
    this.failures.set(frameId(key), code === 'image-damaged' ? failures : 2);
    this.store.drop(key);
    if (this.isGivenUp(key)) this.listener.onDamaged(key, code);
    this.pump();
  }

  private isGivenUp(key: FrameKey): boolean {
    return (this.failures.get(frameId(key)) ?? 0) >= 2;
  }

  private over(reason: 'access-lost' | 'film-changed'): void {
    if (this.isOver) return;
    this.destroy();
    this.listener.onOver(reason);
  }

  private setStalled(isStalled: boolean): void {
    if (isStalled === this.isStalled) return;
    this.isStalled = isStalled;
    this.listener.onStalled(isStalled);
  }
}
