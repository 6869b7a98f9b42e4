import { describe, expect, it } from 'vitest';
import type { GreyFrame, GreyPixels } from '../imaging/decoded-frame';
import { fillSlice } from './fill-slice';
import { findVolumes, type VolumePlan } from './find-volumes';
import { voxelToPatient } from './grid-affine';
import { valueAt } from './reslice';
import { seriesOf, stackFrames } from './testing/series-of';
import { emptyVolume, type Volume } from './volume';

const frame = (
  pixels: GreyPixels,
  columns: number,
  reduce: number,
  padding: GreyFrame['padding'] = null,
): GreyFrame => ({
  kind: 'grey',
  reduce,
  columns,
  rows: pixels.length / columns,
  pixels,
  storedMin: 0,
  storedMax: 0,
  padding,
});
const one = { rescaleSlope: 1, rescaleIntercept: 0 };

function volumeOf(common: object, reduce = 0): Volume {
  const plan = findVolumes(seriesOf(stackFrames({ count: 4, common }))).volumes[0] as VolumePlan; // even
  return emptyVolume(plan, reduce);
}
const slice = (volume: Volume, k: number) => [
  ...volume.samples.subarray(k * volume.columns * volume.rows, (k + 1) * volume.columns * volume.rows),
];
const plane = (columns: number, rows: number, at: (x: number, y: number) => number): Int16Array =>
  Int16Array.from({ length: columns * rows }, (_, i) => at(i % columns, Math.floor(i / columns)));

describe('filling a slice', () => {
  it('spreads a coarse frame so that sample k stands over pixel k · 2^r', () => {
    const volume = volumeOf({ rows: 9, columns: 13 });
    // A slope sampled at every fourth pixel comes back exactly, but for what lies beyond the last sample.
    const coarse = plane(4, 3, (x, y) => 100 + 4 * x * 7 - 4 * y * 5);
    expect(fillSlice(volume, 1, frame(coarse, 4, 2), one)).toBe(true);
    expect(slice(volume, 1)).toEqual([...plane(13, 9, (x, y) => 100 + x * 7 - y * 5)]);
    expect([...volume.sliceReduce]).toEqual([255, 2, 255, 255]);
  });

  it('keeps what is sharper', () => {
    const volume = volumeOf({ rows: 4, columns: 4 });
    fillSlice(volume, 0, frame(new Int16Array(16).fill(5), 4, 0), one);
    expect(fillSlice(volume, 0, frame(new Int16Array(4).fill(9), 2, 1), one)).toBe(false);
    expect(slice(volume, 0)).toEqual(Array.from({ length: 16 }, () => 5));
  });

  it('thins a sharp frame for a coarse grid without moving it', () => {
    const volume = volumeOf({ rows: 8, columns: 8 }, 1);
    fillSlice(
      volume,
      2,
      frame(
        plane(8, 8, (x, y) => 10 * x + 100 * y),
        8,
        0,
      ),
      one,
    );
    // ¼ ½ ¼ over a slope is the slope, at the edge the half pixel that is repeated there.
    expect(slice(volume, 2).slice(5, 8)).toEqual([10 * 2 + 200, 10 * 4 + 200, 10 * 6 + 200]);
    expect(volume.sliceReduce[2]).toBe(1);
  });

  it('mixes no padding into tissue', () => {
    const volume = volumeOf({ rows: 4, columns: 4, pixelPaddingValue: -2000 });
    fillSlice(volume, 0, frame(Int16Array.from([-2000, 40, 40, 40]), 2, 1, { low: -2000, high: -2000 }), one);
    expect(new Set(slice(volume, 0))).toEqual(new Set([-2000, 40]));
  });

  it('holds modality values where slices differ in their rescale, as PET has it', () => {
    const frames = stackFrames({ count: 4, common: { rows: 2, columns: 2 } }).map((entry, k) => ({
      ...entry,
      rescaleSlope: 0.5 + k,
    }));
    const volume = emptyVolume(findVolumes(seriesOf(frames)).volumes[0] as VolumePlan, 0); // even
    frames.forEach((entry, k) => {
      fillSlice(volume, k, frame(new Int16Array(4).fill(10), 2, 0), {
        rescaleSlope: entry.rescaleSlope,
        rescaleIntercept: 1,
      });
    });
    expect(volume.samples).toBeInstanceOf(Float32Array);
    expect([0, 1, 2, 3].map((k) => volume.samples[k * 4])).toEqual([6, 16, 26, 36]);
    expect(volume.rescale).toEqual(one);
  });

  it('reads the same place of the patient from a coarse grid as from the fine one', () => {
    const slope = plane(16, 16, (x, y) => 30 * x - 20 * y);
    const fine = volumeOf({ rows: 16, columns: 16 });
    const half = volumeOf({ rows: 16, columns: 16 }, 1);
    for (const volume of [fine, half]) for (let k = 0; k < 4; k++) fillSlice(volume, k, frame(slope, 16, 0), one);
    const point = voxelToPatient(fine.grid, [6.5, 9.25, 1.5]);
    expect(valueAt(fine, point)).toBeCloseTo(30 * 6.5 - 20 * 9.25, 6);
    expect(valueAt(half, point)).toBeCloseTo(30 * 6.5 - 20 * 9.25, 6);
    expect(valueAt(fine, voxelToPatient(fine.grid, [-0.6, 3, 1]))).toBeNaN();
  });
});
