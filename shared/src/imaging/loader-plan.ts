import { reducedSize } from './decoded-frame';
import type { EncodedStore, FrameKey } from './encoded-store';
import { bytesUpTo } from './frame-attributes';
import type { FrameQuery } from './frame-source';
import { planBatch } from './plan-batch';
import type { SeriesManifest } from '../contract/film-manifest';

/** What the device can bear (design, "Memory contract"). */
export interface LoaderLimits {
  readonly decodedBytes: number;
  readonly encodedBytes: number;
  /** Bytes of one answer. */
  readonly batchBytes: number;
  /** Slices on either side of the eye that are sharpened unasked: a phone's data plan is not ours to spend. */
  readonly sharpenRadius: number;
}

export const phoneLimits: LoaderLimits = {
  decodedBytes: 96 * 1_048_576,
  encodedBytes: 64 * 1_048_576,
  batchBytes: 1_048_576,
  sharpenRadius: 40,
};

export const deskLimits: LoaderLimits = {
  decodedBytes: 512 * 1_048_576,
  encodedBytes: 256 * 1_048_576,
  batchBytes: 4_194_304,
  sharpenRadius: 10_000,
};

/** Above this a frame shows its preview first and then sharpens; below it the sharp frame comes as fast. */
const largeFrameBytes = 262_144;
/** Above this it also shows half size on the way. */
const hugeFrameBytes = 1_572_864;

/** What to ask for next; pure, over what is held. */
export class LoaderPlan {
  constructor(
    private readonly series: readonly SeriesManifest[],
    private readonly store: EncodedStore,
    private readonly limits: LoaderLimits,
    /** Frames that failed too often, and are not asked for again. */
    private readonly isGivenUp: (key: FrameKey) => boolean,
  ) {}

  /** The sharpest reduce of a frame that memory can hold: 0 but for giants. */
  sharpest(key: FrameKey): number {
    const { rows, columns, samplesPerPixel, bitsAllocated } = this.store.attributes(key);
    const sample = samplesPerPixel === 3 ? 4 : bitsAllocated / 8;
    const coarsest = Math.max(0, (this.store.entry(key)?.bands.length ?? 1) - 1);
    let reduce = 0;
    while (
      reduce < coarsest &&
      reducedSize(rows, reduce) * reducedSize(columns, reduce) * sample > this.limits.decodedBytes
    )
      reduce++;
    return reduce;
  }

  /** For the slice on screen: its preview where the whole is large, then the whole. */
  focusQuery(focus: FrameKey): FrameQuery | null {
    const entry = this.store.entry(focus);
    if (entry === undefined || this.isGivenUp(focus)) return null;
    const held = this.store.reduceOf(focus);
    const sharpest = this.sharpest(focus);
    if (held !== null && held <= sharpest) return null;
    const whole = bytesUpTo(entry, sharpest);
    let reduce = sharpest;
    if (held === null && whole > largeFrameBytes) reduce = Math.max(sharpest, this.store.preview(focus));
    else if (held !== null && held > sharpest + 1 && whole > hugeFrameBytes) reduce = sharpest + 1;
    return this.query(focus.series, { from: focus.frame, count: 1, have: held }, reduce);
  }

  /** Behind it: the preview of the whole series, the other series' thumbnails, a better preview, then sharp around the eye. */
  backgroundQuery(focus: FrameKey): FrameQuery | null {
    const preview = this.store.preview(focus);
    return (
      this.pass(focus, preview, Number.POSITIVE_INFINITY) ??
      this.thumbnailQuery(focus.series) ??
      (preview >= 3 ? this.pass(focus, 2, Number.POSITIVE_INFINITY) : null) ??
      this.pass(focus, 0, this.limits.sharpenRadius)
    );
  }

  /** The middle frame of a series stands for it in the strip. */
  thumbnailKey(series: number): FrameKey {
    return { series, frame: Math.floor((this.series[series]?.frames.length ?? 0) / 2) };
  }

  private thumbnailQuery(active: number): FrameQuery | null {
    for (let series = 0; series < this.series.length; series++) {
      const key = this.thumbnailKey(series);
      const entry = this.store.entry(key);
      if (series === active || entry === undefined || this.isGivenUp(key) || this.store.reduceOf(key) !== null)
        continue;
      const reduce = this.store.preview(key);
      if (bytesUpTo(entry, reduce) > this.limits.batchBytes) continue;
      return this.query(series, { from: key.frame, count: 1, have: null }, reduce);
    }
    return null;
  }

  /** One pass over the active series at a reduce, as far from the eye as the kept bytes may reach. */
  private pass(focus: FrameKey, reduce: number, radius: number): FrameQuery | null {
    const frameCount = this.series[focus.series]?.frames.length ?? 0;
    const reach = Math.min(radius, this.reach(focus, reduce, frameCount));
    const keyOf = (frame: number): FrameKey => ({ series: focus.series, frame });
    const target = (key: FrameKey): number => Math.max(reduce, this.sharpest(key));
    const end = (key: FrameKey, level: number | null): number => {
      const entry = this.store.entry(key);
      return entry === undefined || level === null ? 0 : bytesUpTo(entry, level);
    };
    const batch = planBatch({
      frameCount,
      center: focus.frame,
      byteTarget: this.limits.batchBytes,
      have: (frame) => this.store.reduceOf(keyOf(frame)),
      needed: (frame) => {
        const key = keyOf(frame);
        if (Math.abs(frame - focus.frame) > reach || this.isGivenUp(key)) return 0;
        const held = this.store.reduceOf(key);
        return held !== null && held <= target(key) ? 0 : Math.max(0, end(key, target(key)) - end(key, held));
      },
      sent: (frame, have) => Math.max(0, end(keyOf(frame), target(keyOf(frame))) - end(keyOf(frame), have)),
    });
    return batch === null ? null : this.query(focus.series, batch, reduce);
  }

  /** How many slices on each side fit into nine tenths of the cap at this reduce, the rest of the series keeping its previews. */
  private reach(focus: FrameKey, reduce: number, frameCount: number): number {
    const room = this.limits.encodedBytes * 0.9;
    let bytes = 0;
    for (let frame = 0; frame < frameCount && reduce < this.store.preview(focus); frame++) {
      const entry = this.store.entry({ series: focus.series, frame });
      if (entry !== undefined) bytes += bytesUpTo(entry, this.store.preview(focus));
    }
    // A series whose previews alone burst the cap is kept near the eye only.
    if (bytes > room) bytes = 0;
    for (let distance = 0; distance < frameCount; distance++) {
      for (const frame of distance === 0 ? [focus.frame] : [focus.frame - distance, focus.frame + distance]) {
        const entry = this.store.entry({ series: focus.series, frame });
        if (entry !== undefined) bytes += bytesUpTo(entry, reduce);
      }
      if (bytes > room) return Math.max(0, distance - 1);
    }
    return frameCount;
  }

  private query(
    series: number,
    batch: { from: number; count: number; have: number | null },
    reduce: number,
  ): FrameQuery {
    return {
      series: this.series[series]?.seriesInstanceUid ?? '',
      reduce,
      from: batch.from,
      count: batch.count,
      limit: Math.max(65_536, this.limits.batchBytes),
      ...(batch.have === null ? {} : { have: batch.have }),
    };
  }
}

/** Frames around the eye, nearest first. */
export function* aroundFocus(focus: FrameKey, frameCount: number, reach: number): Generator<FrameKey> {
  yield focus;
  for (let d = 1; d <= Math.min(reach, frameCount); d++) {
    if (focus.frame + d < frameCount) yield { series: focus.series, frame: focus.frame + d };
    if (focus.frame - d >= 0) yield { series: focus.series, frame: focus.frame - d };
  }
}
