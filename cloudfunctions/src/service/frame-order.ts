import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';

type Geometry = Pick<
  FrameAttributes,
  'imageOrientationPatient' | 'imagePositionPatient' | 'instanceNumber' | 'frameNumber' | 'sopInstanceUid'
>;

/** Cosines of parallel slices differ by less than this (PS3.3 C.7.6.2.1.1 gives no tolerance; scanners round to 6 digits). */
const orientationTolerance = 1e-3;
/** Two slices of one stack lie at least this far apart, in mm. */
const positionTolerance = 1e-3;

/**
 * Puts frames in display order: by position along the normal of their common plane, in the direction in which the scanner
 * numbered them. Where the planes differ, a position is missing, or two frames share one (phases, echoes, cine), the instance
 * number, then the frame number decide.
 */
export function inDisplayOrder<T>(items: readonly T[], geometryOf: (item: T) => Geometry): T[] {
  const placed = items.map((item) => ({ item, geometry: geometryOf(item), at: 0 }));
  const byNumber = [...placed].sort((a, b) => compareNumbers(a.geometry, b.geometry));
  const normal = commonNormal(placed.map((entry) => entry.geometry));
  if (normal === undefined) return byNumber.map((entry) => entry.item);
  for (const entry of byNumber) {
    const position = entry.geometry.imagePositionPatient;
    entry.at = position === null ? 0 : dot(position, normal);
  }
  const byPosition = [...byNumber].sort((a, b) => a.at - b.at);
  const isDistinct = byPosition.every(
    (entry, i) => i === 0 || entry.at - (byPosition[i - 1]?.at ?? 0) > positionTolerance,
  );
  if (!isDistinct) return byNumber.map((entry) => entry.item);
  const first = byNumber[0];
  const last = byNumber[byNumber.length - 1];
  if (first !== undefined && last !== undefined && first.at > last.at) byPosition.reverse();
  return byPosition.map((entry) => entry.item);
}

function compareNumbers(a: Geometry, b: Geometry): number {
  if (a.instanceNumber !== b.instanceNumber) return a.instanceNumber - b.instanceNumber;
  if (a.sopInstanceUid !== b.sopInstanceUid) return a.sopInstanceUid < b.sopInstanceUid ? -1 : 1;
  return a.frameNumber - b.frameNumber;
}

function commonNormal(frames: readonly Geometry[]): readonly [number, number, number] | undefined {
  const first = frames[0]?.imageOrientationPatient;
  if (first === undefined || first === null) return undefined;
  for (const frame of frames) {
    const orientation = frame.imageOrientationPatient;
    if (orientation === null || frame.imagePositionPatient === null) return undefined;
    if (orientation.some((value, i) => Math.abs(value - (first[i] ?? 0)) > orientationTolerance)) return undefined;
  }
  const [rx, ry, rz, cx, cy, cz] = first;
  const normal = [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx] as const;
  return Math.abs(dot(normal, normal) - 1) < 0.01 ? normal : undefined;
}

function dot(a: readonly [number, number, number], b: readonly [number, number, number]): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
