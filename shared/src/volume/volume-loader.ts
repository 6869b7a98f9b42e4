import type { SeriesManifest } from '../contract/film-manifest';
import type { FrameRecord } from '../contract/frame-batch';
import { type ProblemCode, ProblemError } from '../domain/problem';
import type { DecodedFrame } from '../imaging/decoded-frame';
import { EncodedStore, type FrameKey } from '../imaging/encoded-store';
import { FetchLane } from '../imaging/fetch-lane';
import { bytesUpTo } from '../imaging/frame-attributes';
import type { LoaderPlatform } from '../imaging/frame-loader';
import type { FrameQuery } from '../imaging/frame-source';
import { planBatch } from '../imaging/plan-batch';
import { fillSlice } from './fill-slice';
import { noSlice, type Volume } from './volume';

export interface VolumeListener {
  /** A slice became sharper. */
  onSlice(slice: number): void;
  onOver(reason: 'access-lost' | 'film-changed'): void;
  /** The slice cannot be decoded; asked for twice, given up. It stays as it is. */
  onDamaged(slice: number, code: ProblemCode): void;
  onStalled(isStalled: boolean): void;
}

/** The second pass: a quarter of the size, twelve hundredths of the bytes. */
const betterReduce = 2;

/**
 * Fills a volume by the frames protocol (design, "Viewing protocol"): first an eighth of every slice, then a quarter, then what the
 * grid holds, each pass outward from the slice the eye is on. Encoded bytes are kept only until they are decoded to the end.
 */
export class VolumeLoader {
  private readonly store: EncodedStore;
  private readonly lane: FetchLane;
  /** Slice of a frame of the series. */
  private readonly sliceOf = new Map<number, number>();
  private readonly passes: readonly number[];
  private readonly waiting = new Set<number>();
  private readonly decoding = new Set<number>();
  private readonly failures = new Map<number, number>();
  private focused: number;
  private isStalled = false;
  private isOver = false;

  constructor(
    private readonly series: SeriesManifest,
    private readonly volume: Volume,
    private readonly platform: LoaderPlatform,
    private readonly batchBytes: number,
    private readonly listener: VolumeListener,
  ) {
    this.store = new EncodedStore([series], Number.POSITIVE_INFINITY);
    volume.plan.frames.forEach((frame, slice) => {
      if (frame !== null) this.sliceOf.set(frame, slice);
    });
    const first = volume.plan.frames.find((frame) => frame !== null) ?? 0;
    const preview = this.store.preview(key(first));
    this.passes = [preview, betterReduce, volume.reduce].filter(
      (reduce, i, all) => reduce >= volume.reduce && reduce <= preview && all.indexOf(reduce) === i,
    );
    // A grid that is coarser than the preview has the one pass.
    if (this.passes.length === 0) this.passes = [Math.min(preview, volume.reduce)];
    this.focused = volume.plan.frames[Math.floor(volume.slices / 2)] ?? first;
    this.lane = new FetchLane(platform.source, platform.clock, {
      onRecord: (record) => this.received(record),
      onOver: (reason) => this.over(reason),
      onFree: () => this.pump(),
    });
    this.pump();
  }

  /** The slice the eye is on: what is asked for next comes from around it. */
  focus(slice: number): void {
    const frame = this.volume.plan.frames[Math.min(this.volume.slices - 1, Math.max(0, Math.round(slice)))];
    if (frame !== null && frame !== undefined) this.focused = frame;
  }

  destroy(): void {
    this.isOver = true;
    this.lane.close();
    this.store.clear();
    this.waiting.clear();
  }

  private pump(): void {
    if (this.isOver || !this.lane.isFree) return;
    const query = this.nextQuery();
    if (query !== null) this.lane.start(query);
    else this.lane.forgive();
    this.setStalled(query !== null && this.lane.failureCount >= 2);
  }

  private nextQuery(): FrameQuery | null {
    for (const reduce of this.passes) {
      const batch = planBatch({
        frameCount: this.series.frames.length,
        center: this.focused,
        byteTarget: this.batchBytes,
        have: (frame) => this.haveOf(frame),
        needed: (frame) => {
          const have = this.haveOf(frame);
          const isWanted = this.sliceOf.has(frame) && !this.isGivenUp(frame) && (have === null || have > reduce);
          return isWanted ? this.bytesBetween(frame, have, reduce) : 0;
        },
        sent: (frame, have) => this.bytesBetween(frame, have, reduce),
      });
      if (batch === null) continue;
      return {
        series: this.series.seriesInstanceUid,
        reduce,
        from: batch.from,
        count: batch.count,
        limit: Math.max(65_536, this.batchBytes),
        ...(batch.have === null ? {} : { have: batch.have }),
      };
    }
    return null;
  }

  /** A slice that has got all its grid holds needs nothing, though its bytes are gone. */
  private haveOf(frame: number): number | null {
    const slice = this.sliceOf.get(frame);
    if (slice !== undefined && (this.volume.sliceReduce[slice] ?? noSlice) <= this.volume.reduce) return 0;
    return this.store.reduceOf(key(frame));
  }

  private bytesBetween(frame: number, have: number | null, reduce: number): number {
    const entry = this.series.frames[frame];
    if (entry === undefined) return 0;
    return Math.max(0, bytesUpTo(entry, reduce) - (have === null ? 0 : bytesUpTo(entry, have)));
  }

  private received({ frame, from, bytes }: FrameRecord): boolean {
    if (!this.sliceOf.has(frame) || this.isGivenUp(frame) || this.haveOf(frame) === 0) return false;
    const isNew = this.store.add(key(frame), from, bytes, { focus: key(this.focused), merit: () => 0 });
    if (!isNew) return false;
    this.lane.forgive();
    this.setStalled(false);
    this.waiting.add(frame);
    this.decodeNext();
    return true;
  }

  private decodeNext(): void {
    while (!this.isOver && this.decoding.size < this.platform.decoderCount) {
      const frame = this.nextWaiting();
      if (frame === undefined) return;
      this.waiting.delete(frame);
      const held = this.store.reduceOf(key(frame));
      const preview = this.store.preview(key(frame));
      // A slice of which nothing is there shows its preview first, even where the line was faster than that: it costs next to nothing.
      const reduce = Math.max(held ?? 0, this.isEmpty(frame) ? preview : Math.min(this.volume.reduce, preview));
      if (held !== null && held < reduce && reduce > this.volume.reduce) this.waiting.add(frame);
      const bytes = held === null ? null : this.store.bytesFor(key(frame), reduce);
      if (bytes !== null) this.decode(frame, bytes, reduce);
    }
  }

  /** Slices of which nothing is there before all others, nearest to the eye first. */
  private nextWaiting(): number | undefined {
    const rank = (frame: number): number => Math.abs(frame - this.focused) + (this.isEmpty(frame) ? 0 : 1_048_576);
    let best: number | undefined;
    for (const frame of this.waiting) {
      if (!this.decoding.has(frame) && (best === undefined || rank(frame) < rank(best))) best = frame;
    }
    return best;
  }

  private isEmpty(frame: number): boolean {
    return this.volume.sliceReduce[this.sliceOf.get(frame) ?? 0] === noSlice;
  }

  private decode(frame: number, bytes: Uint8Array, reduce: number): void {
    this.decoding.add(frame);
    this.platform.decode(bytes, this.store.attributes(key(frame)), reduce).then(
      (picture) => {
        this.decoding.delete(frame);
        if (this.isOver) return;
        this.decoded(frame, picture);
        this.decodeNext();
        this.pump();
      },
      (cause: unknown) => {
        this.decoding.delete(frame);
        if (this.isOver) return;
        this.failed(frame, cause instanceof ProblemError ? cause.problem.problem : 'unexpected');
        this.decodeNext();
        this.pump();
      },
    );
  }

  private decoded(frame: number, picture: DecodedFrame): void {
    const slice = this.sliceOf.get(frame);
    if (slice === undefined || picture.kind !== 'grey') return this.failed(frame, 'dicom-unsupported');
    const isSharper = fillSlice(this.volume, slice, picture, this.store.attributes(key(frame)));
    if (picture.reduce <= this.volume.reduce) this.store.drop(key(frame));
    if (isSharper) this.listener.onSlice(slice);
  }

  private failed(frame: number, code: ProblemCode): void {
    // Damaged bytes are asked for once more; what no bytes can mend is given up at once.
    this.failures.set(frame, code === 'image-damaged' ? (this.failures.get(frame) ?? 0) + 1 : 2);
    this.store.drop(key(frame));
    if (this.isGivenUp(frame)) this.listener.onDamaged(this.sliceOf.get(frame) ?? 0, code);
  }

  private isGivenUp(frame: number): boolean {
    return (this.failures.get(frame) ?? 0) >= 2;
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

const key = (frame: number): FrameKey => ({ series: 0, frame });
