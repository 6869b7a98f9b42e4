import type { SeriesManifest } from '../contract/film-manifest';
import { frameAttributes } from './frame-attributes';

type Series = Pick<SeriesManifest, 'seriesInstanceUid' | 'common' | 'frames'>;
type Direction = readonly [number, number, number];

/** Slices up to 5° apart still show the same cut to the eye that compares them. */
const parallelCosine = Math.cos((5 * Math.PI) / 180);

/** A viewport that has to show another frame (from 0) of its series. */
export interface ScrollStep {
  readonly index: number;
  readonly frame: number;
}

interface Member {
  readonly series: Series;
  /** On screen, as last heard. */
  frame: number;
  /** On screen when it joined: where there are no common places, all keep the distance that they had then. */
  anchor: number;
  /** Sent there and not heard of yet: what it says about these is no wish of anybody's. */
  readonly sent: Set<number>;
}

/**
 * Scrolls viewports in step: to the slice at the same place where both series state one frame of reference and lie parallel
 * (PS3.3 C.7.4.1, C.7.6.2), by the same number of slices otherwise. At its end a series waits for the others to come back.
 */
export class ScrollLink {
  private readonly members = new Map<number, Member>();

  /** A viewport says what it shows. Answers where the others go; nothing where it is news of no scrolling. */
  shows(index: number, series: Series, frame: number): readonly ScrollStep[] {
    const known = this.members.get(index);
    if (known?.series !== series) {
      this.members.set(index, { series, frame, anchor: frame, sent: new Set() });
      for (const member of this.members.values()) member.anchor = member.frame;
      return [];
    }
    if (known.frame === frame) return [];
    known.frame = frame;
    if (known.sent.delete(frame)) return [];
    known.sent.clear();
    const steps: ScrollStep[] = [];
    for (const [other, member] of this.members) {
      if (other === index) continue;
      const wanted = frameInStep(known, member);
      if (wanted === member.frame && member.sent.size === 0) continue;
      member.sent.add(wanted);
      steps.push({ index: other, frame: wanted });
    }
    return steps;
  }

  /** The viewport is gone, or empty. */
  leave(index: number): void {
    this.members.delete(index);
  }
}

function frameInStep(from: Member, to: Member): number {
  return (
    frameAtSamePlace(from.series, from.frame, to.series, to.frame) ??
    Math.min(Math.max(to.anchor + from.frame - from.anchor, 0), to.series.frames.length - 1)
  );
}

/**
 * The frame of `to` whose plane is nearest to that of `from`'s frame; of several at one place (phases, echoes) the one nearest in
 * number to `near`. Undefined where the two say no common place: no or another frame of reference, or another orientation.
 */
export function frameAtSamePlace(from: Series, frame: number, to: Series, near: number): number | undefined {
  const source = placeOf(from, frame);
  if (source === undefined) return undefined;
  const wanted = dot(source.normal, source.position);
  let best: { readonly frame: number; readonly distance: number } | undefined;
  for (let i = 0; i < to.frames.length; i++) {
    const place = placeOf(to, i);
    if (place === undefined || place.reference !== source.reference) continue;
    if (Math.abs(dot(place.normal, source.normal)) < parallelCosine) continue;
    const distance = Math.abs(dot(source.normal, place.position) - wanted);
    const isNearer = best === undefined || distance < best.distance - 1e-3;
    const isTie = best !== undefined && Math.abs(distance - best.distance) <= 1e-3;
    if (isNearer || (isTie && Math.abs(i - near) < Math.abs((best?.frame ?? 0) - near))) best = { frame: i, distance };
  }
  return best?.frame;
}

function placeOf(series: Series, frame: number) {
  const entry = series.frames[frame];
  if (entry === undefined) return undefined;
  const attributes = frameAttributes(series, entry);
  const { imagePositionPatient: position, imageOrientationPatient: o, frameOfReferenceUid: reference } = attributes;
  if (position === null || o === null || reference === undefined || reference === '') return undefined;
  const normal: Direction = [o[1] * o[5] - o[2] * o[4], o[2] * o[3] - o[0] * o[5], o[0] * o[4] - o[1] * o[3]];
  return { reference, position, normal };
}

function dot(a: Direction, b: Direction): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
