import { describe, expect, it } from 'vitest';
import { fillSlice } from './fill-slice';
import { findVolumes, type VolumePlan } from './find-volumes';
import { reslice } from './reslice';
import { planeSampling, type ReslicePlane } from './reslice-plane';
import { seriesOf, stackFrames } from './testing/series-of';
import { emptyVolume, type Volume } from './volume';

// The comparison with vtk.js and with formulas stands in e2e/mpr-numbers.test.mjs; here are the edges of the picture.
const padding = { low: -2000, high: -2000 };

/** 8 × 8 × 6 voxels of 1 mm; each slice holds 100 · k. */
function volumeOf(choices: { hole?: number; isPadded?: boolean } = {}): Volume {
  const common = { rows: 8, columns: 8, ...(choices.isPadded === true ? { pixelPaddingValue: -2000 } : {}) };
  const frames = stackFrames({ count: 6, spacing: [1, 1], step: [0, 0, 1], origin: [0, 0, 0], common });
  const volume = emptyVolume(findVolumes(seriesOf(frames)).volumes[0] as VolumePlan, 0); // even
  for (let k = 0; k < 6; k++) {
    if (k === choices.hole) continue;
    const pixels = new Int16Array(64).fill(100 * k);
    if (choices.isPadded === true) for (let y = 0; y < 8; y++) pixels.fill(-2000, y * 8, y * 8 + 3);
    const frame = {
      kind: 'grey',
      reduce: 0,
      rows: 8,
      columns: 8,
      pixels,
      storedMin: 0,
      storedMax: 0,
      padding,
    } as const;
    fillSlice(volume, k, frame, { rescaleSlope: 1, rescaleIntercept: 0 });
  }
  return volume;
}

/** A coronal plane, a millimetre a pixel, whose pixels lie on voxels. */
const coronal = (changes: Partial<ReslicePlane> = {}): ReslicePlane => ({
  center: [3.5, 4, 2.5],
  right: [1, 0, 0],
  down: [0, 0, -1],
  mmPerPixel: 1,
  width: 12,
  height: 10,
  slab: { mode: 'max', thicknessMm: 0 },
  ...changes,
});
const column = (values: Float32Array, x: number) => Array.from({ length: 10 }, (_, y) => values[y * 12 + x]);

describe('the edges of a plane', () => {
  it('ends where the outermost voxels end, and shows nothing beyond', () => {
    const nothing = Number.NaN;
    expect(column(reslice(volumeOf(), coronal()), 5)).toEqual([
      nothing,
      nothing,
      500,
      400,
      300,
      200,
      100,
      0,
      nothing,
      nothing,
    ]);
    expect(column(reslice(volumeOf(), coronal()), 1)).toEqual(Array.from({ length: 10 }, () => nothing));
  });

  it('invents nothing in a missing slice, nor mixes it into its neighbours', () => {
    const values = reslice(volumeOf({ hole: 3 }), coronal({ mmPerPixel: 0.5, height: 12 }));
    const line = Array.from({ length: 12 }, (_, y) => values[y * 12 + 6]);
    // Half millimetres from 5.25 down: the missing slice's own extent is empty, beside it the nearest slice goes on.
    expect(line.map((value) => (Number.isNaN(value) ? null : value))).toEqual([
      500,
      475,
      425,
      400,
      null,
      null,
      200,
      175,
      125,
      75,
      25,
      0,
    ]);
  });

  it('leaves padding out, and keeps it out of what stands beside it', () => {
    const values = reslice(volumeOf({ isPadded: true }), coronal({ mmPerPixel: 0.5 }));
    const row = [...values.subarray(5 * 12, 6 * 12)].map((value) => (Number.isNaN(value) ? null : value));
    const tissue = row.filter((value) => value !== null);
    expect(Math.min(...tissue)).toBeGreaterThanOrEqual(200); // between slices 2 and 3, never towards -2000
    expect(Math.max(...tissue)).toBe(225);
    expect(row.findIndex((value) => value !== null)).toBe(4); // 2.75 mm: nearer to column 3, the first of tissue
  });

  it('takes of a slab the layers that have tissue', () => {
    const axial = coronal({ right: [1, 0, 0], down: [0, 1, 0], center: [3.5, 3.5, 4.5] });
    const middle = (mode: 'max' | 'min' | 'mean') =>
      reslice(volumeOf(), { ...axial, slab: { mode, thicknessMm: 4 } })[5 * 12 + 5];
    // Layers at 3, 4, 5 and 6 mm: the last lies outside.
    expect(planeSampling(volumeOf(), { ...axial, slab: { mode: 'max', thicknessMm: 4 } }).layers).toBe(4);
    expect([middle('max'), middle('min'), middle('mean')]).toEqual([500, 300, 400]);
  });
});
