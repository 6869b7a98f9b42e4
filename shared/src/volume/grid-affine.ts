import { cross, dot, type PatientLps, plus, scaled, type Vec3, type VoxelIjk } from './vector';

/**
 * Where a grid's voxels lie: the centre of voxel (0, 0, 0) and the steps to the next column, row and slice, in millimetres. The steps
 * need not stand at right angles: a tilted gantry shears the stack.
 */
export interface GridAffine {
  readonly origin: PatientLps;
  readonly column: Vec3;
  readonly row: Vec3;
  readonly slice: Vec3;
}

/** Patient to voxel: `ijk = offset + x · perX + y · perY + z · perZ`. */
export interface InverseAffine {
  readonly offset: Vec3;
  readonly perX: Vec3;
  readonly perY: Vec3;
  readonly perZ: Vec3;
}

/** PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1, with the step from slice to slice as the third column. */
export function voxelToPatient({ origin, column, row, slice }: GridAffine, [i, j, k]: VoxelIjk): PatientLps {
  return plus(plus(plus(origin, column, i), row, j), slice, k);
}

/** Throws where the steps lie in one plane: no caller may make such a grid. */
export function invertAffine({ origin, column, row, slice }: GridAffine): InverseAffine {
  const det = dot(column, cross(row, slice));
  if (!(Math.abs(det) > 0)) throw new Error('a flat grid');
  // Rows of the inverse: each is at right angles to the two steps it must not see.
  const ofColumn = scaled(cross(row, slice), 1 / det);
  const ofRow = scaled(cross(slice, column), 1 / det);
  const ofSlice = scaled(cross(column, row), 1 / det);
  const per = (axis: 0 | 1 | 2): Vec3 => [ofColumn[axis], ofRow[axis], ofSlice[axis]];
  return {
    offset: [-dot(ofColumn, origin), -dot(ofRow, origin), -dot(ofSlice, origin)],
    perX: per(0),
    perY: per(1),
    perZ: per(2),
  };
}

export function patientToVoxel(inverse: InverseAffine, point: PatientLps): VoxelIjk {
  return plus(directionToVoxel(inverse, point), inverse.offset);
}

/** A step in millimetres as a step of the grid. */
export function directionToVoxel({ perX, perY, perZ }: InverseAffine, [x, y, z]: Vec3): Vec3 {
  return plus(plus(scaled(perX, x), perY, y), perZ, z);
}
