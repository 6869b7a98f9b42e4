import type { FrameAttributes } from '../contract/film-manifest';
import { cross, dot, length, plus, scaled, unit, type Vec3 } from './vector';

/** A frame with its place, as a stack needs it. */
export interface PlacedFrame {
  /** Index in the series. */
  readonly frame: number;
  readonly attributes: FrameAttributes;
  readonly position: Vec3;
  readonly rowDirection: Vec3;
  readonly columnDirection: Vec3;
  /** Millimetres between rows, between columns. */
  readonly spacing: readonly [number, number];
}

/** Evenly spaced slices, lowest first along the normal; null where one is missing. */
export interface Stack {
  readonly slices: readonly (PlacedFrame | null)[];
  readonly origin: Vec3;
  /** From one slice to the next. Not along the normal where the gantry was tilted. */
  readonly step: Vec3;
  readonly missing: number;
  readonly duplicates: number;
}

export type StackFault =
  | 'too-few-slices'
  | 'duplicate-positions'
  | 'uneven-spacing'
  | 'missing-slices'
  | 'scattered-positions';

/** Fewer make no volume worth cutting. */
const fewestSlices = 4;
/** Slices may lie this far from their even place, in slice steps: what a landmark may be off by half. */
const unevenness = 0.1;
/** And this far aside of the line through the stack, in pixels. */
const asideness = 0.25;
/** Positions are written with few decimals: this much deviation, in millimetres, says nothing. */
const roundingMm = 0.02;
/** Of all slices. More holes than that, and the picture would be made of guesses. */
const mostMissing = 0.1;

export function normalOf(frame: Pick<PlacedFrame, 'rowDirection' | 'columnDirection'>): Vec3 {
  return unit(cross(frame.rowDirection, frame.columnDirection));
}

/**
 * Sorts parallel frames by their position along the normal (Image Position (Patient) · normal; instance numbers and slice locations
 * say nothing reliable) and puts them on an even grid. Frames at one place: the first is kept, where they are few.
 */
export function stackSlices(frames: readonly PlacedFrame[]): Stack | StackFault {
  const [first] = frames;
  if (first === undefined || frames.length < fewestSlices) return 'too-few-slices';
  const normal = normalOf(first);
  const sorted = [...frames]
    .map((one) => ({ one, at: dot(one.position, normal) }))
    .sort((a, b) => a.at - b.at || a.one.attributes.instanceNumber - b.one.attributes.instanceNumber);
  const places: typeof sorted = [];
  for (const each of sorted) {
    const last = places.at(-1);
    if (last === undefined || each.at - last.at > roundingMm) places.push(each);
  }
  const duplicates = sorted.length - places.length;
  if (places.length < fewestSlices) return 'too-few-slices';
  if (duplicates > Math.max(1, sorted.length * mostMissing)) return 'duplicate-positions';

  const indices = gridIndices(places.map(({ at }) => at));
  if (indices === null) return 'uneven-spacing';
  const slices: (PlacedFrame | null)[] = Array.from({ length: (indices.at(-1) ?? 0) + 1 }, () => null);
  places.forEach(({ one }, i) => {
    slices[indices[i] ?? 0] = one;
  });
  const missing = slices.length - places.length;
  if (missing > slices.length * mostMissing) return 'missing-slices';

  const { origin, step } = lineThrough(slices);
  const tolerance = Math.max(roundingMm, asideness * Math.min(...first.spacing));
  const isAside = (frame: PlacedFrame | null, k: number): boolean => {
    if (frame === null) return false;
    const off = plus(frame.position, plus(origin, step, k), -1);
    return length(plus(off, normal, -dot(off, normal))) > tolerance;
  };
  if (slices.some(isAside)) return 'scattered-positions';
  return { slices, origin, step, missing, duplicates };
}

/** Each position's place on an even grid, or null where they lie on none. */
function gridIndices(positions: readonly number[]): number[] | null {
  const gaps = positions.slice(1).map((at, i) => at - (positions[i] ?? at));
  const sorted = [...gaps].sort((a, b) => a - b);
  const typical = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const first = positions[0] ?? 0;
  const indices = [0];
  for (const gap of gaps) indices.push((indices.at(-1) ?? 0) + Math.max(1, Math.round(gap / typical)));
  // The typical gap is rounded as positions are; over the whole stack the rounding is nothing.
  const step = ((positions.at(-1) ?? 0) - first) / (indices.at(-1) ?? 1);
  const tolerance = Math.max(roundingMm, unevenness * step);
  const isEven = positions.every((at, i) => Math.abs(at - first - (indices[i] ?? 0) * step) <= tolerance);
  return isEven ? indices : null;
}

/** The line through the positions of the slices, by least squares. */
function lineThrough(slices: readonly (PlacedFrame | null)[]): { origin: Vec3; step: Vec3 } {
  let count = 0;
  let meanIndex = 0;
  let mean: Vec3 = [0, 0, 0];
  slices.forEach((slice, k) => {
    if (slice === null) return;
    count++;
    meanIndex += k;
    mean = plus(mean, slice.position);
  });
  meanIndex /= count;
  mean = scaled(mean, 1 / count);
  let squares = 0;
  let sum: Vec3 = [0, 0, 0];
  slices.forEach((slice, k) => {
    if (slice === null) return;
    squares += (k - meanIndex) ** 2;
    sum = plus(sum, plus(slice.position, mean, -1), k - meanIndex);
  });
  const step = scaled(sum, 1 / squares);
  return { origin: plus(mean, step, -meanIndex), step };
}
