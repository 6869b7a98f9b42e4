import { noPadding } from '../imaging/pixel-padding';
import { invertAffine, patientToVoxel } from './grid-affine';
import { gridExtent, type PlaneSampling, planeSampling, type ReslicePlane } from './reslice-plane';
import type { PatientLps } from './vector';
import { noSlice, type Volume } from './volume';

/**
 * The plane's stored values, row by row, trilinear; NaN where there is no tissue: outside the volume, in a slice that is missing or
 * hasn't come, and where the nearest voxel is padding. A slab's pixel is the largest, smallest or mean value of its layers that have
 * one. The exact reference of the shader, its fall-back, and where numbers come from.
 */
export function reslice(volume: Volume, plane: ReslicePlane, mostLayers?: number): Float32Array {
  const { width, height, slab } = plane;
  const { start, across, along, deep, layers } = planeSampling(volume, plane, mostLayers);
  const at = sampler(volume);
  const out = new Float32Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to++) {
      const i = start[0] + x * across[0] + y * along[0];
      const j = start[1] + x * across[1] + y * along[1];
      const k = start[2] + x * across[2] + y * along[2];
      out[to] = layers === 1 ? at(i, j, k) : throughSlab(at, i, j, k, deep, layers, slab.mode);
    }
  }
  return out;
}

function throughSlab(
  at: (i: number, j: number, k: number) => number,
  i: number,
  j: number,
  k: number,
  deep: PlaneSampling['deep'],
  layers: number,
  mode: ReslicePlane['slab']['mode'],
): number {
  let count = 0;
  let result = 0;
  for (let n = 0; n < layers; n++) {
    const value = at(i + n * deep[0], j + n * deep[1], k + n * deep[2]);
    if (Number.isNaN(value)) continue;
    if (count === 0) result = value;
    else if (mode === 'mean') result += value;
    else if (mode === 'max' ? value > result : value < result) result = value;
    count++;
  }
  if (count === 0) return Number.NaN;
  return mode === 'mean' ? result / count : result;
}

/** The stored value at a point of the patient; NaN where there is none. */
export function valueAt(volume: Volume, point: PatientLps): number {
  const [i, j, k] = patientToVoxel(invertAffine(volume.grid), point);
  return sampler(volume)(i, j, k);
}

/** Reads between voxels. Beyond the outermost centres, and beside padding or a missing slice, the nearest voxel's value goes on. */
function sampler(volume: Volume): (i: number, j: number, k: number) => number {
  const { columns, rows, slices, samples, sliceReduce } = volume;
  const { low, high } = gridExtent(volume);
  const padding = volume.padding ?? noPadding;
  const sliceSize = columns * rows;
  const isPadded = (value: number): boolean => value >= padding.low && value <= padding.high;
  return (i, j, k) => {
    if (!(i >= low[0] && i < high[0] && j >= low[1] && j < high[1] && k >= low[2] && k < high[2])) return Number.NaN;
    const u = Math.min(columns - 1, Math.max(0, i));
    const v = Math.min(rows - 1, Math.max(0, j));
    const w = Math.min(slices - 1, Math.max(0, k));
    const nearestSlice = Math.min(slices - 1, Math.floor(w + 0.5));
    if (sliceReduce[nearestSlice] === noSlice) return Number.NaN;
    const nearestAt = nearestSlice * sliceSize + Math.floor(v + 0.5) * columns + Math.floor(u + 0.5);
    const nearest = samples[nearestAt] as number; // clamped to the grid
    if (isPadded(nearest)) return Number.NaN;
    const [c, r, s] = [Math.floor(u), Math.floor(v), Math.floor(w)];
    const [fu, fv, fw] = [u - c, v - r, w - s];
    const right = c + 1 < columns ? 1 : 0;
    const down = r + 1 < rows ? columns : 0;
    const inSlice = (slice: number): number => {
      // A slice that isn't there gives way to the one that is.
      const from = (sliceReduce[slice] === noSlice ? nearestSlice : slice) * sliceSize + r * columns + c;
      const clean = (value: number): number => (isPadded(value) ? nearest : value);
      const upper = clean(samples[from] as number) * (1 - fu) + clean(samples[from + right] as number) * fu; // clamped
      const lower =
        clean(samples[from + down] as number) * (1 - fu) + clean(samples[from + down + right] as number) * fu; // clamped
      return upper * (1 - fv) + lower * fv;
    };
    return fw === 0 ? inSlice(s) : inSlice(s) * (1 - fw) + inSlice(Math.min(slices - 1, s + 1)) * fw;
  };
}
