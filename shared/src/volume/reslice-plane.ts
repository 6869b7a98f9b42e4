import { directionToVoxel, invertAffine, patientToVoxel } from './grid-affine';
import { cross, length, type PatientLps, plus, scaled, type Vec3 } from './vector';
import type { Volume } from './volume';

export type SlabMode = 'max' | 'min' | 'mean';

/** A plane through the patient, as a picture of `width` × `height` pixels of `mmPerPixel`. */
export interface ReslicePlane {
  /** In the middle of the picture. */
  readonly center: PatientLps;
  /** Unit vectors at right angles: to the right of the picture, and down. */
  readonly right: Vec3;
  readonly down: Vec3;
  readonly mmPerPixel: number;
  readonly width: number;
  readonly height: number;
  readonly slab: { readonly mode: SlabMode; readonly thicknessMm: number };
}

/** Away from the viewer: what a scroll goes along. */
export const planeNormal = (plane: Pick<ReslicePlane, 'right' | 'down'>): Vec3 => cross(plane.right, plane.down);

/**
 * The plane in steps of the grid: the CPU and the shader work from the same numbers. Voxel of pixel (x, y), layer n:
 * `start + x · across + y · along + n · deep`.
 */
export interface PlaneSampling {
  readonly start: Vec3;
  readonly across: Vec3;
  readonly along: Vec3;
  readonly deep: Vec3;
  /** Layers through the slab, at least 1: as many as keep them no farther apart than the smallest voxel side. */
  readonly layers: number;
}

/** A cap for the shader's loop: beyond it layers lie farther apart, as they do while a slab moves. */
export const mostLayers = 512;

export function planeSampling(volume: Volume, plane: ReslicePlane, atMost = mostLayers): PlaneSampling {
  const inverse = invertAffine(volume.grid);
  const { right, down, mmPerPixel: mm, width, height, slab } = plane;
  const normal = planeNormal(plane);
  const layers = Math.min(atMost, Math.max(1, Math.ceil(slab.thicknessMm / smallestStep(volume) - 1e-6)));
  const depth = layers === 1 ? 0 : slab.thicknessMm / layers;
  // The middle of the first pixel, in the middle of the first layer.
  const toCorner = plus(scaled(right, (0.5 - width / 2) * mm), down, (0.5 - height / 2) * mm);
  const first = plus(plus(plane.center, toCorner), normal, (-depth * (layers - 1)) / 2);
  return {
    start: patientToVoxel(inverse, first),
    across: directionToVoxel(inverse, scaled(right, mm)),
    along: directionToVoxel(inverse, scaled(down, mm)),
    deep: directionToVoxel(inverse, scaled(normal, depth)),
    layers,
  };
}

/** Millimetres of the shortest side of a voxel. */
export function smallestStep({ grid }: Pick<Volume, 'grid'>): number {
  return Math.min(length(grid.column), length(grid.row), length(grid.slice));
}

/**
 * How far the volume reaches in its own steps: a voxel's extent ends half a stored voxel beyond its centre, and nothing is shown
 * outside of it. Of a coarse grid the last sample may stand inside that edge.
 */
export interface GridExtent {
  readonly low: Vec3;
  readonly high: Vec3;
}

export function gridExtent({ plan, reduce, slices }: Volume): GridExtent {
  const k = 2 ** -reduce;
  return { low: [-0.5 * k, -0.5 * k, -0.5], high: [(plan.columns - 0.5) * k, (plan.rows - 0.5) * k, slices - 0.5] };
}
