import type { FrameAttributes, FrameEntry, SeriesManifest } from '../contract/film-manifest';
import { bytesUpTo, frameAttributes, previewReduce, reduceOfBytes } from './frame-attributes';

/** A frame of the film: its series' index and its own in display order. */
export interface FrameKey {
  readonly series: number;
  readonly frame: number;
}

interface Held {
  /** A prefix of the frame, from its first byte. */
  bytes: Uint8Array;
  reduce: number | null;
}

/** How to make room: never the focus, and each other frame down to the reduce it merits (null: nothing). */
export interface Keeping {
  readonly focus: FrameKey;
  merit(key: FrameKey): number | null;
}

/**
 * The encoded bytes the client keeps, under a cap. Over the cap the frames farthest from the eye first fall back to
 * the bands they merit, then go altogether; the frame on screen never does.
 */
export class EncodedStore {
  private readonly held: Map<number, Held>[];
  /** Merged once a frame: passes over a series ask for them by the thousand. */
  private readonly merged = new Map<number, { readonly attributes: FrameAttributes; readonly preview: number }>();
  private total = 0;

  constructor(
    private readonly series: readonly SeriesManifest[],
    private readonly capBytes: number,
  ) {
    this.held = series.map(() => new Map());
  }

  get totalBytes(): number {
    return this.total;
  }

  entry(key: FrameKey): FrameEntry | undefined {
    return this.series[key.series]?.frames[key.frame];
  }

  attributes(key: FrameKey): FrameAttributes {
    return this.meaning(key).attributes;
  }

  /** The reduce of the frame's first, coarse picture. */
  preview(key: FrameKey): number {
    return this.meaning(key).preview;
  }

  /** Frames of a series of which anything is kept. */
  heldCount(series: number): number {
    return this.held[series]?.size ?? 0;
  }

  private meaning(key: FrameKey): { readonly attributes: FrameAttributes; readonly preview: number } {
    const known = this.merged.get(frameId(key));
    if (known !== undefined) return known;
    const series = this.series[key.series];
    const entry = series?.frames[key.frame];
    const attributes = frameAttributes(series ?? { common: {} }, entry ?? {});
    const meaning = { attributes, preview: entry === undefined ? 0 : previewReduce(attributes, entry) };
    this.merged.set(frameId(key), meaning);
    return meaning;
  }

  /** The best reduce the kept bytes can be decoded at; null: nothing to show yet. */
  reduceOf(key: FrameKey): number | null {
    return this.held[key.series]?.get(key.frame)?.reduce ?? null;
  }

  /** The bytes up to a reduce that is held, cut exactly on its band boundary. */
  bytesFor(key: FrameKey, reduce: number): Uint8Array | null {
    const held = this.held[key.series]?.get(key.frame);
    const entry = this.entry(key);
    if (held === undefined || entry === undefined || held.reduce === null || held.reduce > reduce) return null;
    return held.bytes.subarray(0, bytesUpTo(entry, reduce));
  }

  /** Adds bytes that start `from` bytes into the frame. False: they were of no use (a gap before them, or held already). */
  add(key: FrameKey, from: number, bytes: Uint8Array, keeping: Keeping): boolean {
    const entry = this.entry(key);
    const kept = this.held[key.series];
    if (entry === undefined || kept === undefined) return false;
    const before = kept.get(key.frame)?.bytes ?? new Uint8Array(0);
    const end = Math.min(from + bytes.length, bytesUpTo(entry, 0));
    if (from > before.length || end <= before.length) return false;
    const joined = new Uint8Array(end);
    joined.set(before);
    joined.set(bytes.subarray(before.length - from, end - from), before.length);
    this.put(key, joined, entry);
    if (this.total > this.capBytes) this.makeRoom(keeping);
    return true;
  }

  /** Forgets a frame, for instance because its bytes turned out to be damaged. */
  drop(key: FrameKey): void {
    const kept = this.held[key.series];
    const held = kept?.get(key.frame);
    if (kept === undefined || held === undefined) return;
    this.total -= held.bytes.length;
    kept.delete(key.frame);
  }

  clear(): void {
    for (const kept of this.held) kept.clear();
    this.total = 0;
  }

  private put(key: FrameKey, bytes: Uint8Array, entry: FrameEntry): void {
    const kept = this.held[key.series];
    const old = kept?.get(key.frame)?.bytes.length ?? 0;
    kept?.set(key.frame, { bytes, reduce: reduceOfBytes(this.attributes(key), entry, bytes.length) });
    this.total += bytes.length - old;
  }

  /** Far first, each frame falls back to what it merits; what is still too much goes altogether. */
  private makeRoom({ focus, merit }: Keeping): void {
    const farFirst: { key: FrameKey; distance: number }[] = [];
    this.held.forEach((kept, series) => {
      for (const frame of kept.keys()) {
        const distance = distanceBetween({ series, frame }, focus);
        if (distance > 0) farFirst.push({ key: { series, frame }, distance });
      }
    });
    farFirst.sort((one, other) => other.distance - one.distance);
    // A little more than needed, so that the next record does not sort everything again.
    const aim = this.capBytes * 0.95;
    for (const { key } of farFirst) {
      if (this.total <= aim) return;
      this.fallBack(key, merit(key));
    }
    for (const { key } of farFirst) {
      if (this.total <= this.capBytes) return;
      this.drop(key);
    }
  }

  private fallBack(key: FrameKey, reduce: number | null): void {
    const entry = this.entry(key);
    const held = this.held[key.series]?.get(key.frame);
    if (entry === undefined || held === undefined) return;
    if (reduce === null) return this.drop(key);
    const keep = bytesUpTo(entry, reduce);
    if (held.bytes.length > keep) this.put(key, held.bytes.slice(0, keep), entry);
  }
}

/** A frame as one number, for maps. The contract caps frames of a series at a million. */
export function frameId(key: FrameKey): number {
  return key.series * 1_048_576 + key.frame;
}

const otherSeriesDistance = 1_048_576;

/** How far a frame is from the eye: slices, and any other series is farther than all of this one. */
export function distanceBetween(key: FrameKey, focus: FrameKey): number {
  const steps = Math.abs(key.frame - focus.frame);
  return key.series === focus.series ? steps : otherSeriesDistance + steps;
}
