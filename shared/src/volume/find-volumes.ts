import type { FrameAttributes, SeriesManifest } from '../contract/film-manifest';
import { frameAttributes } from '../imaging/frame-attributes';
import type { GridAffine } from './grid-affine';
import { normalOf, type PlacedFrame, type Stack, type StackFault, stackSlices } from './stack-slices';
import { dot, length, scaled, unit, type Vec3 } from './vector';

/** Why frames make no volume. Each has a sentence in the catalogue of the surface that says it. */
export type VolumeFault = StackFault | 'no-frames' | 'colour' | 'no-geometry' | 'no-spacing';

/** Frames that make an honest volume: what is where, before any pixel has come. */
export interface VolumePlan {
  /** Frame of the series for each slice, in the order of the grid; null: that slice is missing, and nothing is shown there. */
  readonly frames: readonly (number | null)[];
  /** Of the frames as stored. */
  readonly columns: number;
  readonly rows: number;
  readonly grid: GridAffine;
  /** Of the slice in the middle: what the volume's look is made from. */
  readonly attributes: FrameAttributes;
  /** Every slice turns stored values to modality values in the same way. */
  readonly hasOneRescale: boolean;
  readonly missing: number;
  readonly duplicates: number;
  /** Degrees between the normal of the slices and the way from slice to slice. */
  readonly tiltDegrees: number;
}

export interface FoundVolumes {
  /** Most slices first. */
  readonly volumes: readonly VolumePlan[];
  /** Why there is none; null where there is one. */
  readonly fault: VolumeFault | null;
  /** Frames that stand in no volume: localisers, other orientations, duplicates. */
  readonly leftOut: number;
}

/**
 * Splits a series into groups of frames of one orientation and size, phases that repeat every position into one each, and makes a
 * volume of each group that is evenly spaced (PS3.3 C.7.6.2.1.1). Localisers and odd slices stay out.
 */
export function findVolumes(series: Pick<SeriesManifest, 'common' | 'frames'>): FoundVolumes {
  if (series.frames.length === 0) return { volumes: [], fault: 'no-frames', leftOut: 0 };
  const placed: PlacedFrame[] = [];
  const faults: VolumeFault[] = [];
  series.frames.forEach((entry, frame) => {
    const one = placeFrame(frameAttributes(series, entry), frame);
    if (typeof one === 'string') faults.push(one);
    else placed.push(one);
  });
  const groups = groupAlike(placed).flatMap(splitPhases);
  groups.sort((one, other) => other.length - one.length);
  const volumes: VolumePlan[] = [];
  for (const group of groups) {
    const stack = stackSlices(group);
    if (typeof stack === 'string') faults.push(stack);
    else volumes.push(planOf(stack));
  }
  const used = volumes.reduce((sum, { frames }) => sum + frames.filter((frame) => frame !== null).length, 0);
  return {
    volumes,
    // The fault of the largest group tells most; where no frame has a place at all, why it has none.
    fault:
      volumes.length > 0 ? null : ((groups.length > 0 ? faults[faults.length - groups.length] : faults[0]) ?? null),
    leftOut: series.frames.length - used,
  };
}

function placeFrame(attributes: FrameAttributes, frame: number): PlacedFrame | VolumeFault {
  const { imagePositionPatient, imageOrientationPatient, pixelSpacing, pixelSpacingSource } = attributes;
  if (attributes.samplesPerPixel !== 1 || attributes.photometricInterpretation === 'PALETTE COLOR') return 'colour';
  if (imagePositionPatient === null || imageOrientationPatient === null) return 'no-geometry';
  const [a, b, c, d, e, f] = imageOrientationPatient;
  const rowDirection = unit([a, b, c]);
  const columnDirection = unit([d, e, f]);
  // PS3.3 C.7.6.2.1.1: both cosines of length 1, at right angles; anything else places nothing.
  const isFrame =
    length(rowDirection) > 0 && length(columnDirection) > 0 && Math.abs(dot(rowDirection, columnDirection)) < 1e-3;
  if (!isFrame || ![...imagePositionPatient, ...imageOrientationPatient].every(Number.isFinite)) return 'no-geometry';
  const isStated = pixelSpacing !== null && pixelSpacing[0] > 0 && pixelSpacing[1] > 0;
  if (!isStated || pixelSpacingSource !== 'patient') return 'no-spacing';
  return { frame, attributes, position: imagePositionPatient, rowDirection, columnDirection, spacing: pixelSpacing };
}

/** 0.1°: what rounding of cosines makes, far below what separates two acquisitions. */
const sameDirection = 1 - Math.cos((0.1 * Math.PI) / 180);

function groupAlike(frames: readonly PlacedFrame[]): PlacedFrame[][] {
  const groups: PlacedFrame[][] = [];
  for (const frame of frames) {
    const group = groups.find(([head]) => head !== undefined && isAlike(head, frame));
    if (group === undefined) groups.push([frame]);
    else group.push(frame);
  }
  return groups;
}

function isAlike(one: PlacedFrame, other: PlacedFrame): boolean {
  const [a, b] = [one.attributes, other.attributes];
  const isSameGrid =
    a.rows === b.rows &&
    a.columns === b.columns &&
    a.isSigned === b.isSigned &&
    a.bitsAllocated === b.bitsAllocated &&
    a.photometricInterpretation === b.photometricInterpretation;
  const isSameSpacing = [0, 1].every((i) => Math.abs((one.spacing[i] ?? 0) / (other.spacing[i] ?? 1) - 1) < 1e-3);
  const isParallel =
    1 - dot(one.rowDirection, other.rowDirection) < sameDirection &&
    1 - dot(one.columnDirection, other.columnDirection) < sameDirection;
  return isSameGrid && isSameSpacing && isParallel;
}

/**
 * Where every position is taken the same number of times (phases, echoes, b-values), the nth image of each position, by
 * instance number, makes the nth group. Otherwise the group stays whole.
 */
function splitPhases(group: readonly PlacedFrame[]): PlacedFrame[][] {
  const [head] = group;
  if (head === undefined) return [];
  const normal = normalOf(head);
  const byPlace = new Map<number, PlacedFrame[]>();
  for (const frame of group) {
    const place = Math.round(dot(frame.position, normal) * 20); // 0.05 mm
    byPlace.set(place, [...(byPlace.get(place) ?? []), frame]);
  }
  const counts = new Set([...byPlace.values()].map((frames) => frames.length));
  const [phases] = counts;
  if (counts.size !== 1 || phases === undefined || phases < 2) return [[...group]];
  const ordered = [...byPlace.values()].map((frames) =>
    [...frames].sort((a, b) => a.attributes.instanceNumber - b.attributes.instanceNumber || a.frame - b.frame),
  );
  return Array.from({ length: phases }, (_, n) => ordered.flatMap((frames) => frames[n] ?? []));
}

function planOf(stack: Stack): VolumePlan {
  const slices = stack.slices.filter((slice) => slice !== null);
  const first = slices[0] as PlacedFrame; // a stack has at least four
  const { rowDirection, columnDirection, spacing } = first;
  // The first slice of an MR looks at air, and its window shows nothing else.
  const { attributes } = slices[Math.floor(slices.length / 2)] ?? first;
  const normal: Vec3 = normalOf(first);
  return {
    frames: stack.slices.map((slice) => slice?.frame ?? null),
    columns: attributes.columns,
    rows: attributes.rows,
    grid: {
      origin: stack.origin,
      // PS3.3 10.7.1.3: the second spacing lies between columns, so along a row
      column: scaled(rowDirection, spacing[1]),
      row: scaled(columnDirection, spacing[0]),
      slice: stack.step,
    },
    attributes,
    hasOneRescale: slices.every(
      ({ attributes: { rescaleSlope, rescaleIntercept } }) =>
        rescaleSlope === attributes.rescaleSlope && rescaleIntercept === attributes.rescaleIntercept,
    ),
    missing: stack.missing,
    duplicates: stack.duplicates,
    tiltDegrees: (Math.acos(Math.min(1, dot(unit(stack.step), normal))) * 180) / Math.PI,
  };
}
