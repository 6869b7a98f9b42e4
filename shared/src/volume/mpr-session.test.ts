import { beforeEach, describe, expect, it } from 'vitest';
import type { GestureAction } from '../imaging/gesture-actions';
import { canvasXy } from '../imaging/viewport';
import { fillSlice } from './fill-slice';
import { findVolumes, type VolumePlan } from './find-volumes';
import { voxelToPatient } from './grid-affine';
import { type PlaneName, paneLetters, toPane, toPatient, turnablePlanes } from './mpr-planes';
import { MprSession } from './mpr-session';
import { planeNormal } from './reslice-plane';
import { seriesOf, stackFrames } from './testing/series-of';
import { dot, length, plus } from './vector';
import { emptyVolume, type Volume } from './volume';

const window = { center: 40, width: 400, shape: 'LINEAR' } as const;
let changes = 0;

/** 100 × 80 × 60 mm, filled with 2 · column. */
function volumeOf(sharpSlices: number): Volume {
  const frames = stackFrames({ count: 30, spacing: [1, 1], step: [0, 0, 2], common: { rows: 80, columns: 100 } });
  const volume = emptyVolume(findVolumes(seriesOf(frames)).volumes[0] as VolumePlan, 0); // even
  const pixels = Int16Array.from({ length: 8000 }, (_, i) => 2 * (i % 100));
  for (let k = 0; k < sharpSlices; k++) {
    const frame = {
      kind: 'grey',
      reduce: 0,
      rows: 80,
      columns: 100,
      pixels,
      storedMin: 0,
      storedMax: 0,
      padding: null,
    } as const;
    fillSlice(volume, k, frame, { rescaleSlope: 1, rescaleIntercept: 0 });
  }
  return volume;
}

function sessionOf(volume = volumeOf(30)): MprSession {
  const session = new MprSession(volume, window, () => changes++);
  for (const name of [...turnablePlanes, 'acquired'] as PlaneName[])
    session.setExtent(name, { width: 400, height: 300 });
  return session;
}

const drag = (
  phase: 'start' | 'move' | 'end' | 'cancel',
  tool: Extract<GestureAction, { kind: 'drag' }>['tool'],
  [x, y]: [number, number],
  [dx, dy]: [number, number] = [0, 0],
): GestureAction => ({ kind: 'drag', phase, tool, x, y, dx, dy, isTouch: false });

beforeEach(() => {
  changes = 0;
});

describe('three planes', () => {
  it('names the edges as a radiologist expects them', () => {
    const session = sessionOf();
    const letters = (name: PlaneName) => Object.values(paneLetters(session.geometry(name))).join('');
    // left, right, top, bottom
    expect(letters('axial')).toBe('RLAP');
    expect(letters('coronal')).toBe('RLHF');
    expect(letters('sagittal')).toBe('APHF');
    expect(letters('acquired')).toBe('RLAP');
  });

  it('goes through the crosshair with every plane, wherever it is carried', () => {
    const session = sessionOf();
    session.apply('axial', drag('start', 'measure', [300, 120]));
    session.apply('axial', drag('end', 'measure', [310, 130], [10, 10]));
    const axial = session.geometry('axial');
    const carried = toPatient(axial, canvasXy(310, 130));
    expect(length(plus(session.crosshair, carried, -1))).toBeLessThan(1e-9);
    for (const name of turnablePlanes) {
      const geometry = session.geometry(name);
      const off = dot(plus(session.crosshair, geometry.center, -1), planeNormal(geometry));
      expect(off).toBeCloseTo(0, 9);
    }
    // The pane it was carried on has not moved under the finger.
    expect(toPane(axial, session.crosshair)).toMatchObject({ x: expect.closeTo(310, 6), y: expect.closeTo(130, 6) });
  });

  it('keeps the crosshair inside the volume', () => {
    const session = sessionOf();
    session.moveTo([1e6, -1e6, 1e6]);
    expect(session.value()).toMatchObject({ at: 'value' });
  });

  it('scrolls by a slice, along the normal of the plane that is scrolled', () => {
    const session = sessionOf();
    const [x, y, z] = session.crosshair;
    session.scroll('axial', 3);
    expect(session.crosshair).toEqual([x, y, expect.closeTo(z + 6, 9)]);
    session.scroll('coronal', -2);
    expect(session.crosshair).toEqual([x, expect.closeTo(y - 2, 9), expect.closeTo(z + 6, 9)]);
  });

  it('turns the other two planes with one, at right angles to the last digit, and clockwise on screen', () => {
    const session = sessionOf();
    const before = session.geometry('coronal');
    for (let i = 0; i < 200; i++) session.rotate('axial', 0.031);
    for (let i = 0; i < 77; i++) session.rotate('sagittal', -0.02);
    const normals = turnablePlanes.map((name) => planeNormal(session.geometry(name)));
    for (const [i, one] of normals.entries()) {
      expect(length(one)).toBeCloseTo(1, 12);
      for (const other of normals.slice(i + 1)) expect(dot(one, other)).toBeCloseTo(0, 12);
    }
    session.reset();
    session.rotate('axial', Math.PI / 2);
    // A quarter clockwise as seen from the feet: the coronal plane's right, which was the patient's left, is now the back.
    expect(before.right).toEqual([1, 0, 0]);
    session.geometry('coronal').right.forEach((value, i) => expect(value).toBeCloseTo([0, 1, 0][i] ?? Number.NaN, 12));
    session.geometry('acquired').right.forEach((value, i) => expect(value).toBeCloseTo([1, 0, 0][i] ?? Number.NaN, 12));
  });

  it('pinches one to one around the fingers', () => {
    const session = sessionOf();
    const at = canvasXy(130, 90);
    const fixed = toPatient(session.geometry('sagittal'), at);
    const pinch = { kind: 'pinch', anchorX: 130, anchorY: 90 } as const;
    session.apply('sagittal', { ...pinch, phase: 'start', factor: 1, dx: 0, dy: 0 });
    session.apply('sagittal', { ...pinch, phase: 'end', factor: 2.5, dx: 20, dy: -10 });
    const after = toPane(session.geometry('sagittal'), fixed);
    expect([after.x, after.y]).toEqual([expect.closeTo(150, 6), expect.closeTo(80, 6)]);
  });

  it('says the value under the crosshair only when every slice is there as stored', () => {
    const waiting = sessionOf(volumeOf(29));
    expect(waiting.value()).toEqual({ at: 'waiting-for-sharp' });
    const volume = volumeOf(30);
    const session = sessionOf(volume);
    session.moveTo(voxelToPatient(volume.grid, [31.5, 40, 10]));
    expect(session.value()).toEqual({ at: 'value', value: expect.closeTo(63, 9) });
  });

  it('measures millimetres of the patient on the plane they were drawn on, and refuses while coarse', () => {
    const draw = (session: MprSession) => {
      session.set({ tool: 'length' });
      session.apply('coronal', drag('start', 'measure', [100, 100]));
      session.apply('coronal', drag('end', 'measure', [160, 180], [60, 80]));
    };
    const session = sessionOf();
    draw(session);
    const { mmPerPixel } = session.geometry('coronal');
    expect(session.lengthsOn('coronal')[0]?.mm).toBeCloseTo(100 * mmPerPixel, 9);
    expect(session.lengthsOn('axial')).toEqual([]);
    session.scroll('coronal', 4);
    expect(session.lengthsOn('coronal')).toEqual([]);
    const coarse = sessionOf(volumeOf(12));
    draw(coarse);
    expect(coarse.lengthsOn('coronal')[0]?.mm).toBeNull();
  });

  it('takes back a drag that became a pinch', () => {
    const session = sessionOf();
    const before = session.crosshair;
    session.apply('axial', drag('start', 'measure', [300, 120]));
    session.apply('axial', drag('cancel', 'measure', [320, 120], [20, 0]));
    expect(session.crosshair).toEqual(before);
    session.set({ tool: 'length' });
    session.apply('axial', drag('start', 'measure', [300, 120]));
    session.apply('axial', drag('cancel', 'measure', [350, 120], [50, 0]));
    expect(session.lengthsOn('axial')).toEqual([]);
  });

  it('shows the active plane first in one or two panes', () => {
    const session = sessionOf();
    session.set({ layout: 1, active: 'sagittal' });
    expect(session.panes).toEqual(['sagittal']);
    session.set({ layout: 2 });
    expect(session.panes).toEqual(['sagittal', 'axial']);
    session.set({ layout: 4 });
    expect(session.panes).toEqual(['axial', 'coronal', 'sagittal', 'acquired']);
  });

  it('keeps a window that the user has chosen when a better opening one is known', () => {
    const session = sessionOf();
    session.openWith({ center: 100, width: 50, shape: 'LINEAR' });
    expect(session.look.window.center).toBe(100);
    session.setWindow({ center: -600, width: 1500, shape: 'LINEAR' });
    session.openWith({ center: 10, width: 20, shape: 'LINEAR' });
    expect(session.look.window.center).toBe(-600);
    session.reset();
    expect(session.look.window.center).toBe(10);
  });
});
