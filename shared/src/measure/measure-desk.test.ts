import { beforeEach, describe, expect, it } from 'vitest';
import type { SeriesManifest } from '../contract/film-manifest';
import type { DecodedFrame } from '../imaging/decoded-frame';
import { frameAttributes } from '../imaging/frame-attributes';
import { fitted, imageToCanvas, type Placement, turnedClockwise } from '../imaging/viewport';
import { MarkBook } from './mark-book';
import { markDrawings } from './mark-drawings';
import { MeasureDesk } from './measure-desk';

const picture: DecodedFrame = {
  kind: 'grey',
  reduce: 0,
  rows: 100,
  columns: 100,
  pixels: new Int16Array(10_000),
  storedMin: 0,
  storedMax: 0,
  padding: null,
};
const series: SeriesManifest = {
  seriesInstanceUid: '1.2',
  seriesNumber: 1,
  modality: 'CT',
  description: '',
  frameTimeMs: null,
  windowPresets: [],
  common: {},
  frames: [],
  withoutImage: [],
};
const canvas = { width: 400, height: 400 };
/** Four canvas pixels an image pixel of 0.5 mm. */
const view = {
  series,
  picture: picture as DecodedFrame | null,
  pixelRatio: 1,
  placement: fitted as Placement,
  instance: '1.2.1',
  get attributes() {
    const common = { rows: 100, columns: 100, pixelSpacing: [0.5, 0.5], pixelSpacingSource: 'patient' } as const;
    return frameAttributes({ common }, { sopInstanceUid: this.instance });
  },
  imageToCanvas() {
    return imageToCanvas(this.placement, { width: 100, height: 100 }, 1, canvas);
  },
};
let desk: MeasureDesk;
beforeEach(() => {
  Object.assign(view, { placement: fitted, instance: '1.2.1', picture });
  let ids = 0;
  desk = new MeasureDesk(
    view,
    new MarkBook(),
    () => `m${ids++}`,
    () => {},
  );
});

type At = readonly [number, number];
function drag(from: At, to: At, isTouch = true, last: 'end' | 'cancel' = 'end'): void {
  const at = ([x, y]: At) => ({ x, y, isTouch });
  desk.drag({ phase: 'start', ...at(from) });
  desk.drag({ phase: 'move', ...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]) });
  if (last === 'end') desk.drag({ phase: 'move', ...at(to) });
  desk.drag({ phase: last, ...at(to) });
}
const tap = (at: At) => drag(at, at);
const points = () => desk.book.marks.map((mark) => mark.points.map(({ x, y }) => [x, y]));
const words = () => markDrawings(desk, view, canvas).flatMap(({ label }) => label?.words ?? []);

describe('drawing', () => {
  it('takes a drag or two taps for a line, in image coordinates', () => {
    desk.take('length');
    drag([40, 40], [200, 40]);
    tap([40, 120]);
    expect(desk.book.marks).toHaveLength(1);
    tap([200, 120]);
    expect(points()).toEqual([
      [
        [10, 10],
        [50, 10],
      ],
      [
        [10, 30],
        [50, 30],
      ],
    ]);
    expect(words()).toEqual(['20.0 mm', '20.0 mm']);
  });
  it('leaves nothing of two points upon each other, and nothing of a drag that became a pinch', () => {
    desk.take('length');
    tap([40, 40]);
    tap([41, 41]);
    drag([40, 40], [200, 40], true, 'cancel');
    expect([desk.book.marks.length, desk.draft]).toEqual([0, null]);
    desk.take('angle');
    drag([200, 40], [40, 40]);
    drag([40, 200], [45, 210], true, 'cancel');
    expect(desk.draft?.points).toHaveLength(2); // the first arm stays
    tap([40, 200]);
    expect(words()).toEqual(['90.0°']);
  });
  it('closes a polygon at its first corner, by a double tap, and by Enter', () => {
    desk.take('polygon');
    for (const at of [
      [40, 40],
      [240, 40],
      [240, 240],
      [44, 42],
    ] as const)
      tap(at); // the last is the first again
    for (const at of [
      [300, 40],
      [380, 40],
      [380, 140],
      [380, 141],
    ] as const)
      tap(at);
    desk.finish();
    expect(points().map((corners) => corners.length)).toEqual([3, 3]);
    expect(words()[0]).toBe('312.5 mm²');
  });
  it('asks for the words of a text and the millimetres of a calibration, and drops what says nothing', () => {
    desk.take('text');
    tap([100, 100]);
    desk.answer('  ');
    expect(desk.book.marks).toHaveLength(0);
    tap([100, 100]);
    desk.answer('结节');
    expect(desk.book.marks[0]?.text).toBe('结节');
    expect(words()).toEqual(['结节']);
    // where the patient's millimetres are known, nobody calibrates
    desk.take('calibration');
    drag([40, 300], [200, 300]);
    expect(desk.asking).toBeNull();
  });
  it('shows what is under the finger, not under the mouse', () => {
    desk.take('length');
    desk.drag({ phase: 'start', x: 40, y: 40, isTouch: true });
    expect(desk.pointUnderFinger).toMatchObject({ x: 10, y: 10 });
    desk.drag({ phase: 'cancel', x: 40, y: 40, isTouch: true });
    desk.drag({ phase: 'start', x: 40, y: 40, isTouch: false });
    expect(desk.pointUnderFinger).toBeNull();
  });
  it('draws on one frame; in series mode on each frame of the series', () => {
    desk.take('length');
    drag([40, 40], [200, 40]);
    desk.setReach('series');
    expect(desk.selected?.reach).toBe('series');
    drag([40, 80], [200, 80]);
    desk.undo();
    view.instance = '1.2.2';
    expect(desk.marksHere).toHaveLength(1);
    desk.undo(); // one frame only again
    expect(desk.marksHere).toHaveLength(0);
  });
});

describe('taking hold', () => {
  it('reaches 22 px around a handle with a finger, 9 with a mouse, and moves it by what the finger moves', () => {
    desk.take('length');
    drag([40, 40], [200, 40]);
    expect([desk.hitAt(220, 40, true)?.part, desk.hitAt(223, 40, true), desk.hitAt(212, 40)]).toEqual([
      'handle',
      null,
      null,
    ]);
    drag([210, 50], [250, 50]); // beside the end at 200: no jump
    expect(points()).toEqual([
      [
        [10, 10],
        [60, 10],
      ],
    ]);
    desk.take(null);
    drag([140, 42], [140, 82]); // its middle: the whole line
    expect(points()).toEqual([
      [
        [10, 20],
        [60, 20],
      ],
    ]);
  });
  it('is the same on a turned image', () => {
    view.placement = turnedClockwise(fitted);
    desk.take('length');
    drag([360, 40], [360, 200]); // the image's upper edge is on the right
    expect(points()).toEqual([
      [
        [10, 10],
        [50, 10],
      ],
    ]);
    drag([360, 200], [360, 240]);
    expect(words()).toEqual(['25.0 mm']);
  });
  it.each([
    [
      'rectangle',
      [200, 40],
      [240, 20],
      [
        [10, 5],
        [60, 30],
      ],
    ],
    [
      'ellipse',
      [200, 80],
      [240, 90],
      [
        [10, 10],
        [60, 30],
      ],
    ],
    [
      'circle',
      [40, 40],
      [60, 40],
      [
        [15, 10],
        [55, 30],
      ],
    ],
  ] as const)('changes a %s by its handle', (kind, from, to, then) => {
    desk.take(kind);
    drag([40, 40], [200, 120]);
    drag(from, to);
    expect(points()).toEqual([then]);
  });
});

describe('the history', () => {
  it('goes back and forth over drawing, moving, deleting and clearing, and a new step ends what was undone', () => {
    desk.take('length');
    drag([40, 40], [200, 40]);
    drag([200, 40], [240, 40]);
    drag([40, 200], [200, 200]);
    desk.removeSelected();
    const long = [
      [10, 10],
      [60, 10],
    ];
    expect(points()).toEqual([long]);
    desk.clearHere();
    expect(points()).toEqual([]);
    desk.undo();
    expect(points()).toEqual([long]);
    desk.undo();
    expect(points()).toHaveLength(2);
    desk.undo();
    desk.undo();
    expect(points()).toEqual([
      [
        [10, 10],
        [50, 10],
      ],
    ]);
    desk.redo();
    expect(points()).toEqual([long]);
    drag([40, 300], [200, 300]);
    expect(desk.book.canRedo).toBe(false);
  });
  it("is this user's only: what came from the server stays", () => {
    desk.take('length');
    drag([40, 40], [200, 40]);
    const [own] = desk.book.marks;
    if (own === undefined) throw new Error('nothing drawn');
    desk.book.load([own, { ...own, id: 'other' }]);
    desk.undo();
    expect(desk.book.marks.map(({ id }) => id)).toEqual(['other']);
    expect(desk.book.canUndo).toBe(false);
  });
  it('is left by Esc step by step: draft, selection, tool, nothing', () => {
    desk.take('angle');
    drag([200, 40], [40, 40]);
    expect([desk.cancel(), desk.draft]).toEqual([true, null]);
    desk.take('length');
    drag([40, 40], [200, 40]);
    expect([desk.cancel(), desk.selected, desk.hand]).toEqual([true, null, 'length']);
    expect([desk.cancel(), desk.hand, desk.cancel()]).toEqual([true, null, false]);
  });
});

describe('what is out of sight', () => {
  it('is neither drawn, nor deleted, nor what Esc leaves: a selection and a half drawn line of another slice', () => {
    desk.take('length');
    drag([40, 40], [200, 40]);
    desk.take('angle');
    desk.select('m0');
    view.instance = '1.2.2';
    expect(desk.selected).toBeNull();
    desk.removeSelected();
    expect(desk.book.marks).toHaveLength(1);
    drag([200, 40], [40, 40]); // the first arm, on this slice
    view.instance = '1.2.1';
    expect(desk.marksHere.map(({ kind }) => kind)).toEqual(['length']);
  });
});

describe('labels', () => {
  it('stand inside of the stage, beside the line, and not on each other', () => {
    desk.take('length');
    for (const y of [20, 30, 200, 390]) drag([y % 50, y], [398, y + 1], false);
    const boxes = markDrawings(desk, view, canvas).map(({ label }) => label?.box);
    for (const [i, box] of boxes.entries()) {
      if (box === undefined) throw new Error('no label');
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(400);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.y + box.height).toBeLessThanOrEqual(400);
      for (const y of [20, 30, 200, 390]) expect(y > box.y && y < box.y + box.height).toBe(false);
      for (const other of boxes.slice(i + 1))
        if (other !== undefined)
          expect(Math.abs(other.y - box.y) >= box.height || Math.abs(other.x - box.x) >= box.width).toBe(true);
    }
  });
  it('wait for the stored pixels, and the list remembers what was seen', () => {
    view.picture = { ...picture, reduce: 2 };
    desk.take('length');
    drag([40, 40], [200, 40]);
    const [mark] = desk.book.marks;
    if (mark === undefined) throw new Error('nothing drawn');
    expect(words()).toEqual(['原图加载后显示']);
    view.picture = picture;
    expect(words()).toEqual(['20.0 mm']);
    view.instance = '1.2.9';
    expect(desk.valueOf(mark)).toMatchObject({ at: 'length', length: { value: 20 } });
  });
});
