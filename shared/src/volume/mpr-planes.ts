import { type EdgeLetters, edgeLetters } from '../imaging/orientation-letters';
import type { CanvasXy, Extent } from '../imaging/viewport';
import { canvasXy } from '../imaging/viewport';
import { directionToVoxel, invertAffine, voxelToPatient } from './grid-affine';
import { planeNormal } from './reslice-plane';
import { cross, dot, length, type PatientLps, plus, scaled, turned, unit, type Vec3 } from './vector';
import type { Volume } from './volume';

/** 'acquired' is parallel to the slices as they were scanned, and turns with nothing. */
export type PlaneName = 'axial' | 'coronal' | 'sagittal' | 'acquired';

export const turnablePlanes = ['axial', 'coronal', 'sagittal'] as const;

/** The three planes' frame: to the patient's left, back and head until the user turns it. */
export interface PlaneAxes {
  readonly x: Vec3;
  readonly y: Vec3;
  readonly z: Vec3;
}

export const patientAxes: PlaneAxes = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] };

export interface PlaneDirections {
  readonly right: Vec3;
  readonly down: Vec3;
}

/** Axial as seen from the feet, coronal from the front, sagittal from the left: the patient's right, or front, on the left. */
export function planeDirections(
  name: PlaneName,
  { x, y, z }: PlaneAxes,
  { grid }: Pick<Volume, 'grid'>,
): PlaneDirections {
  switch (name) {
    case 'axial':
      return { right: x, down: y };
    case 'coronal':
      return { right: x, down: scaled(z, -1) };
    case 'sagittal':
      return { right: y, down: scaled(z, -1) };
    case 'acquired':
      return { right: unit(grid.column), down: unit(grid.row) };
    default:
      return name satisfies never;
  }
}

/** Turns all three planes about the normal of one, clockwise as that plane is looked at. */
export function turnedAxes(axes: PlaneAxes, about: PlaneDirections, radians: number): PlaneAxes {
  const normal = planeNormal(about);
  const z = unit(turned(axes.z, normal, radians));
  // Rounding must not pile up: right angles are made anew.
  const x = unit(cross(turned(axes.y, normal, radians), z));
  return { x, y: cross(z, x), z };
}

/** How a plane is looked at: its point in the middle of the pane, and how large. */
export interface PlaneView {
  readonly center: PatientLps;
  /** 1 = the whole volume just fits. */
  readonly zoom: number;
}

/** Everything between the patient and a pane's pixels. */
export interface PaneGeometry extends PlaneDirections {
  /** In the middle of the pane, on the plane through the crosshair. */
  readonly center: PatientLps;
  readonly mmPerPixel: number;
  readonly extent: Extent;
}

export function paneGeometry(
  volume: Volume,
  directions: PlaneDirections,
  view: PlaneView,
  crosshair: PatientLps,
  extent: Extent,
): PaneGeometry {
  const normal = planeNormal(directions);
  const depth = dot(plus(crosshair, view.center, -1), normal);
  const fit = Math.max(
    spanAlong(volume, directions.right) / extent.width,
    spanAlong(volume, directions.down) / extent.height,
  );
  return { ...directions, center: plus(view.center, normal, depth), mmPerPixel: fit / view.zoom, extent };
}

/** Millimetres that the volume covers in a direction. */
function spanAlong({ grid, columns, rows, slices }: Volume, direction: Vec3): number {
  const reach = (step: Vec3, count: number): number => Math.abs(dot(step, direction)) * count;
  return reach(grid.column, columns) + reach(grid.row, rows) + reach(grid.slice, slices);
}

export function toPatient({ center, right, down, mmPerPixel, extent }: PaneGeometry, at: CanvasXy): PatientLps {
  const x = (at.x - extent.width / 2) * mmPerPixel;
  const y = (at.y - extent.height / 2) * mmPerPixel;
  return plus(plus(center, right, x), down, y);
}

/** Where a point of the patient falls on the pane, seen along its normal. */
export function toPane({ center, right, down, mmPerPixel, extent }: PaneGeometry, point: PatientLps): CanvasXy {
  const from = plus(point, center, -1);
  return canvasXy(extent.width / 2 + dot(from, right) / mmPerPixel, extent.height / 2 + dot(from, down) / mmPerPixel);
}

export function paneLetters({ right, down }: PlaneDirections): EdgeLetters {
  return edgeLetters([...right, ...down], { quarterTurns: 0, isMirroredX: false, isMirroredY: false });
}

/** Millimetres from one slice to the next along a normal: a step of the grid. */
export function sliceStepMm(volume: Volume, normal: Vec3): number {
  return 1 / length(directionToVoxel(invertAffine(volume.grid), normal));
}

/** The centre of the voxel in the middle: on it, planes along the grid show voxels as they are. */
export function middleOf({ grid, columns, rows, slices }: Volume): PatientLps {
  return voxelToPatient(grid, [Math.floor(columns / 2), Math.floor(rows / 2), Math.floor(slices / 2)]);
}

/** Degrees between a plane and the nearest of the patient's own three; 0 until it is turned. */
export function obliqueDegrees(directions: PlaneDirections): number {
  const normal = planeNormal(directions);
  return (Math.acos(Math.min(1, Math.max(...normal.map(Math.abs)))) * 180) / Math.PI;
}
