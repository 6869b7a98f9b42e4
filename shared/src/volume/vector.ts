/** Three numbers: a direction, or a step in millimetres. */
export type Vec3 = readonly [number, number, number];

/** A point of the patient in millimetres: x to the left, y to the back, z to the head (PS3.3 C.7.6.2.1.1). */
export type PatientLps = Vec3 & { readonly space?: 'patient' };

/** A point of a volume's grid: column, row, slice; whole numbers are the centres of voxels. */
export type VoxelIjk = Vec3 & { readonly space?: 'voxel' };

export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export const length = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);

export const scaled = (a: Vec3, by: number): Vec3 => [a[0] * by, a[1] * by, a[2] * by];

/** a + b · by */
export const plus = (a: Vec3, b: Vec3, by = 1): Vec3 => [a[0] + b[0] * by, a[1] + b[1] * by, a[2] + b[2] * by];

/** A direction of length 1. A zero vector stays one. */
export function unit(a: Vec3): Vec3 {
  const size = length(a);
  return size === 0 ? a : scaled(a, 1 / size);
}

/** Turns `a` about the unit vector `axis` by the right-hand rule (Rodrigues). */
export function turned(a: Vec3, axis: Vec3, radians: number): Vec3 {
  const cos = Math.cos(radians);
  const along = dot(axis, a) * (1 - cos);
  return plus(plus(scaled(a, cos), cross(axis, a), Math.sin(radians)), axis, along);
}
