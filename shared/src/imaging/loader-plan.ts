import type { SeriesManifest } from '../contract/film-manifest';
import { reducedSize } from './decoded-frame';
import type { EncodedStore, FrameKey } from './encoded-store';
import { bytesUpTo } from './frame-attributes';
import type { FrameQuery } from './frame-source';
import { planBatch } from './plan-batch';

/** What the device can bear (design, "Memory contract"). */
export interface LoaderLimits {
  readonly decodedBytes: number;
  readonly encodedBytes: number;
  /** Bytes of one answer. */
  readonly batchBytes: number;
  /** Slices on either side of the eye that are sharpened unasked: a phone's data plan is not ours to spend. */
  readonly sharpenRadius: number;
  /** Whether one frame of each other series is fetched, for the strip. Absent: yes. */
  readonly hasThumbnails?: boolean;
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

/**
 * Above this a frame sharpens in steps: its preview, half size, the whole, each a request that scrolling on calls off. Below it one request
 * brings the whole, of which the server sends the coarse band first.
 */
const hugeFrameBytes = 1_572_864;

/** The second pass: a quarter of the size, twelve hundredths of the bytes. */
const betterReduce = 2;

/** Slices on each side of the eye that may keep their preview, the better one, the whole. */
interface Reaches {
  readonly focus: FrameKey;
  readonly preview: number;
  readonly better: number;
  readonly sharp: number;
}

/** What to ask for next, and what to keep; over what is held. */
export class LoaderPlan {
  private known: Reaches | undefined;

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

  /** For the slice on screen: the whole, where that is huge in steps. */
  focusQuery(focus: FrameKey): FrameQuery | null {
    const entry = this.store.entry(focus);
    if (entry === undefined || this.isGivenUp(focus)) return null;
    const held = this.store.reduceOf(focus);
    const sharpest = this.sharpest(focus);
    if (held !== null && held <= sharpest) return null;
    const whole = bytesUpTo(entry, sharpest);
    let reduce = sharpest;
    if (held === null && whole > hugeFrameBytes) reduce = Math.max(sharpest, this.store.preview(focus));
    else if (held !== null && held > sharpest + 1 && whole > hugeFrameBytes) reduce = sharpest + 1;
    return this.query(focus.series, { from: focus.frame, count: 1, have: held }, reduce);
  }

  /** Behind it: the preview of the whole series, the other series' thumbnails, a better preview, then sharp around the eye. */
  backgroundQuery(focus: FrameKey): FrameQuery | null {
    const reach = this.reaches(focus);
    return (
      this.pass(focus, this.store.preview(focus), reach.preview) ??
      this.thumbnailQuery(focus.series) ??
      this.pass(focus, betterReduce, reach.better) ??
      this.pass(focus, 0, Math.min(reach.sharp, this.limits.sharpenRadius))
    );
  }

  /** What a frame may keep while the eye is on `focus`. Passes ask for no more, so nothing is fetched only to be evicted. */
  merit(key: FrameKey, focus: FrameKey): number | null {
    if (key.series !== focus.series)
      return key.frame === this.thumbnailKey(key.series).frame ? this.store.preview(key) : null;
    const reach = this.reaches(focus);
    const distance = Math.abs(key.frame - focus.frame);
    if (distance <= reach.sharp) return 0;
    if (distance <= reach.better) return betterReduce;
    return distance <= reach.preview ? this.store.preview(key) : null;
  }

  /** The middle frame of a series stands for it in the strip. */
  thumbnailKey(series: number): FrameKey {
    return { series, frame: Math.floor((this.series[series]?.frames.length ?? 0) / 2) };
  }

  private thumbnailQuery(active: number): FrameQuery | null {
    if (this.limits.hasThumbnails === false) return null;
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

  /** One pass over the active series at a reduce, `reach` slices on each side of the eye (negative: none). */
  private pass(focus: FrameKey, reduce: number, reach: number): FrameQuery | null {
    if (reach < 0) return null;
    const frameCount = this.series[focus.series]?.frames.length ?? 0;
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

  /** Shares nine tenths of the cap out: previews first, half of what is left to better previews, the rest to sharp slices. */
  private reaches(focus: FrameKey): Reaches {
    if (this.known !== undefined && this.known.focus.series === focus.series && this.known.focus.frame === focus.frame)
      return this.known;
    const room = this.limits.encodedBytes * 0.9;
    const preview = this.store.preview(focus);
    const has = (reduce: number) => (frame: number) => {
      const entry = this.store.entry({ series: focus.series, frame });
      return entry === undefined ? 0 : bytesUpTo(entry, reduce);
    };
    const previews = this.spread(focus, preview === 0 ? room : room * 0.6, has(preview));
    const better =
      preview <= betterReduce
        ? { reach: -1, bytes: 0 }
        : this.spread(focus, (room - previews.bytes) / 2, (frame) => has(betterReduce)(frame) - has(preview)(frame));
    const sharp = this.spread(focus, room - previews.bytes - better.bytes, (frame) => {
      const distance = Math.abs(frame - focus.frame);
      const had = distance <= better.reach ? betterReduce : distance <= previews.reach ? preview : null;
      return has(0)(frame) - (had === null ? 0 : has(had)(frame));
    });
    this.known = { focus, preview: previews.reach, better: better.reach, sharp: sharp.reach };
    return this.known;
  }

  /** How far out from the eye `room` bytes reach, at least the slice itself, and what they come to. */
  private spread(focus: FrameKey, room: number, bytesOf: (frame: number) => number): { reach: number; bytes: number } {
    const frameCount = this.series[focus.series]?.frames.length ?? 0;
    let bytes = bytesOf(focus.frame);
    for (let distance = 1; distance < frameCount; distance++) {
      const more = bytesOf(focus.frame - distance) + bytesOf(focus.frame + distance);
      if (bytes + more > room) return { reach: distance - 1, bytes };
      bytes += more;
    }
    return { reach: frameCount, bytes };
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
