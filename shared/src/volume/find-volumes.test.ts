import { describe, expect, it } from 'vitest';
import type { FrameEntry } from '../contract/film-manifest';
import { findVolumes, type VolumePlan } from './find-volumes';
import { invertAffine, patientToVoxel, voxelToPatient } from './grid-affine';
import { seriesOf, stackFrames } from './testing/series-of';
import { dot, type Vec3 } from './vector';

const cos20 = Math.cos((20 * Math.PI) / 180);
const sin20 = Math.sin((20 * Math.PI) / 180);

function onlyVolume(frames: readonly FrameEntry[]): VolumePlan {
  const { volumes } = findVolumes(seriesOf(frames));
  expect(volumes).toHaveLength(1);
  return volumes[0] as VolumePlan; // just counted
}
const faultOf = (frames: readonly FrameEntry[]) => findVolumes(seriesOf(frames)).fault;
const close = (one: Vec3, other: Vec3) =>
  one.forEach((value, i) => expect(value).toBeCloseTo(other[i] ?? Number.NaN, 6));

describe('volumes of a series', () => {
  it('places a voxel as equation C.7.6.2.1-1 of PS3.3 does', () => {
    // An oblique image, worked by hand from the equation: P = S + X · Δcolumn · i + Y · Δrow · j
    const orientation = [cos20, sin20, 0, 0, 0, -1] as const;
    const normal: Vec3 = [sin20 * -1, cos20, 0]; // X × Y
    const step: Vec3 = [normal[0] * 3, normal[1] * 3, 0];
    const plan = onlyVolume(stackFrames({ count: 10, orientation, step, origin: [10, 20, 30], spacing: [0.7, 0.5] }));
    const [i, j] = [7, 11];
    const at = plan.grid;
    close(voxelToPatient(at, [i, j, 0]), [10 + cos20 * 0.5 * i, 20 + sin20 * 0.5 * i, 30 - 0.7 * j]);
    close(voxelToPatient(at, [0, 0, 4]), [10 + step[0] * 4, 20 + step[1] * 4, 30]);
    expect(plan.tiltDegrees).toBeCloseTo(0, 3);
  });

  it('goes from patient to voxel and back, sheared or not', () => {
    const grid = onlyVolume(stackFrames({ count: 9, step: [0, 0.9, 2.4] })).grid;
    const inverse = invertAffine(grid);
    for (const ijk of [
      [0, 0, 0],
      [5.25, 17.5, 3.75],
      [-3, 80, 12],
    ] as Vec3[])
      close(patientToVoxel(inverse, voxelToPatient(grid, ijk)), ijk);
  });

  it('sorts by position along the normal, whatever the order and the instance numbers', () => {
    const frames = stackFrames({ count: 12 });
    const shuffled = [7, 3, 11, 0, 9, 1, 10, 5, 2, 8, 4, 6];
    const plan = onlyVolume(shuffled.map((at, n) => ({ ...(frames[at] as FrameEntry), instanceNumber: n })));
    expect(plan.frames).toEqual(Array.from({ length: 12 }, (_, k) => shuffled.indexOf(k)));
    // From the feet to the head, since the normal of an axial image points to the head.
    expect(dot(plan.grid.slice, [0, 0, 1])).toBeCloseTo(2, 9);
  });

  it('keeps the shear of a tilted gantry', () => {
    // Images tilted by 20° about the left-right axis, the table moving along z: slices are not stacked along their normal.
    const plan = onlyVolume(stackFrames({ count: 20, orientation: [1, 0, 0, 0, cos20, sin20], step: [0, 0, 2.5] }));
    expect(plan.tiltDegrees).toBeCloseTo(20, 6);
    close(plan.grid.slice, [0, 0, 2.5]);
    close(plan.grid.row, [0, cos20 * 0.7, sin20 * 0.7]);
  });

  it('leaves a place for a missing slice, and refuses where many are missing', () => {
    const frames = stackFrames({ count: 30 });
    const plan = onlyVolume(frames.filter((_, k) => k !== 13));
    expect(plan.missing).toBe(1);
    expect(plan.frames[13]).toBeNull();
    expect(plan.frames).toHaveLength(30);
    expect(faultOf(frames.filter((_, k) => k < 5 || k > 12))).toBe('missing-slices');
  });

  it('refuses uneven spacing, but not the rounding of positions', () => {
    const rounded = stackFrames({ count: 40, step: [0, 0, 1.25] }).map((frame) => ({
      ...frame,
      imagePositionPatient: [-100, -80, Math.round((frame.imagePositionPatient?.[2] ?? 0) * 10) / 10] as const,
    }));
    expect(onlyVolume(rounded).grid.slice[2]).toBeCloseTo(1.25, 2);
    const uneven = stackFrames({ count: 20 }).map((frame, k) => ({
      ...frame,
      imagePositionPatient: [-100, -80, k < 10 ? k * 2 : 20 + (k - 10) * 3.3] as const,
    }));
    expect(faultOf(uneven)).toBe('uneven-spacing');
  });

  it('refuses slices that wander aside', () => {
    const wandering = stackFrames({ count: 20 }).map((frame, k) => ({
      ...frame,
      imagePositionPatient: [-100 + (k % 2) * 4, -80, k * 2] as const,
    }));
    expect(faultOf(wandering)).toBe('scattered-positions');
  });

  it('takes one of two images of a place, and refuses where many are doubled', () => {
    const frames = stackFrames({ count: 20 });
    const again = { ...(frames[7] as FrameEntry), instanceNumber: 99 };
    const plan = onlyVolume([...frames, again]);
    expect(plan.duplicates).toBe(1);
    expect(plan.frames[7]).toBe(7);
    expect(faultOf([...frames, ...frames.slice(4, 12)])).toBe('duplicate-positions');
  });

  it('splits phases that repeat every position', () => {
    const arterial = stackFrames({ count: 10 });
    const venous = stackFrames({ count: 10 }).map((frame, k) => ({ ...frame, instanceNumber: 11 + k }));
    const { volumes, leftOut } = findVolumes(seriesOf([...arterial, ...venous]));
    expect(volumes.map(({ frames }) => frames)).toEqual([
      Array.from({ length: 10 }, (_, k) => k),
      Array.from({ length: 10 }, (_, k) => 10 + k),
    ]);
    expect(leftOut).toBe(0);
  });

  it('splits orientations and leaves the localisers out', () => {
    const axial = stackFrames({ count: 24 });
    const coronal = stackFrames({ count: 8, orientation: [1, 0, 0, 0, 0, -1], step: [0, 2, 0] });
    const localisers = [
      ...stackFrames({ count: 1, orientation: [0, 1, 0, 0, 0, -1] }),
      ...stackFrames({ count: 1, common: { rows: 512, columns: 512 } }),
    ];
    const found = findVolumes(seriesOf([...localisers, ...coronal, ...axial]));
    expect(found.volumes.map(({ frames }) => frames.length)).toEqual([24, 8]);
    expect(found.volumes[0]?.frames[0]).toBe(10);
    expect(found.leftOut).toBe(2);
    expect(found.fault).toBeNull();
  });

  it('takes its look from the slice in the middle, not from the air above the head', () => {
    const frames = stackFrames({ count: 21 }).map((frame, k) => ({
      ...frame,
      voi: [{ center: k, width: 10 * k + 1, explanation: '' }],
    }));
    expect(onlyVolume(frames).attributes.voi[0]?.center).toBe(10);
  });

  it('says why there is none', () => {
    expect(faultOf([])).toBe('no-frames');
    expect(faultOf(stackFrames({ count: 3 }))).toBe('too-few-slices');
    expect(faultOf(stackFrames({ count: 9, common: { samplesPerPixel: 3 } }))).toBe('colour');
    expect(faultOf(stackFrames({ count: 9, common: { imagePositionPatient: null } }))).toBe('no-geometry');
    expect(faultOf(stackFrames({ count: 9, common: { imageOrientationPatient: [1, 0, 0, 1, 0, 0] } }))).toBe(
      'no-geometry',
    );
    expect(faultOf(stackFrames({ count: 9, common: { pixelSpacing: null } }))).toBe('no-spacing');
  });
});
