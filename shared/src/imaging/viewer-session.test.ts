import { beforeEach, describe, expect, it } from 'vitest';
import type { FrameAttributes, SeriesManifest } from '../contract/film-manifest';
import { CineClock } from './cine-clock';
import type { DecodedFrame } from './decoded-frame';
import type { FrameKey } from './encoded-store';
import { frameAttributes } from './frame-attributes';
import type { GestureAction, Tool } from './gesture-actions';
import { ViewerSession } from './viewer-session';
import { canvasXy, fitted, toImage } from './viewport';

const series = (
  frames: number,
  common: Partial<FrameAttributes> = {},
  frameTimeMs: number | null = null,
): SeriesManifest => ({
  seriesInstanceUid: '1.2',
  seriesNumber: 1,
  modality: 'CT',
  description: '',
  frameTimeMs,
  windowPresets: [],
  withoutImage: [],
  common: { rows: 100, columns: 100, voi: [{ center: 40, width: 400, explanation: '' }], ...common },
  frames: Array.from({ length: frames }, () => ({ bands: [1] })),
});
const grey = (reduce: number, storedMax = 100): DecodedFrame => ({
  kind: 'grey',
  reduce,
  rows: 100,
  columns: 100,
  pixels: new Int16Array(10_000),
  storedMin: 0,
  storedMax,
  padding: null,
});

let focused: FrameKey[] = [];
let picture: DecodedFrame | null = null;
let changes = 0;
function sessionOf(...film: SeriesManifest[]): ViewerSession {
  const frames = {
    focus: (key: FrameKey) => focused.push(key),
    frame: () => picture,
    attributes: (key: FrameKey) =>
      frameAttributes(film[key.series] ?? { common: {} }, film[key.series]?.frames[key.frame] ?? {}),
  };
  const session = new ViewerSession({ series: film }, frames, () => changes++);
  session.setCanvas({ width: 400, height: 400 }, 1);
  session.showSeries(0);
  return session;
}
const drag = (tool: Tool, phase: 'start' | 'move' | 'end' | 'cancel', dx = 0, dy = 0): GestureAction => ({
  kind: 'drag',
  tool,
  phase,
  x: 100 + dx,
  y: 100 + dy,
  dx,
  dy,
  isTouch: true,
});

beforeEach(() => {
  focused = [];
  picture = grey(0);
  changes = 0;
});

describe('the viewer session', () => {
  it('opens a stack in its middle and a cine at its beginning, and tells the loader', () => {
    expect(sessionOf(series(11)).key.frame).toBe(5);
    expect(sessionOf(series(11, {}, 40)).key.frame).toBe(0);
    expect(focused).toEqual([
      { series: 0, frame: 5 },
      { series: 0, frame: 0 },
    ]);
  });
  it('steps within the series and stops at its ends', () => {
    const session = sessionOf(series(11));
    session.press({ kind: 'step', frames: 100 }, 0);
    expect(session.key.frame).toBe(10);
    session.press({ kind: 'first' }, 0);
    session.press({ kind: 'step', frames: -1 }, 0);
    expect(session.key.frame).toBe(0);
  });
  it('scrolls with the drag, and back with a cancelled one', () => {
    const session = sessionOf(series(100));
    session.apply(drag('scroll', 'start'));
    session.apply(drag('scroll', 'move', 0, -40));
    expect(session.key.frame).toBe(60);
    session.apply(drag('scroll', 'cancel', 0, -40));
    expect(session.key.frame).toBe(50);
  });
  it('keeps each series as it was looked at', () => {
    const session = sessionOf(series(11), series(7));
    session.apply({ kind: 'zoom-step', factor: 2, x: 0, y: 0 });
    session.setWindow({ center: 1, width: 2, shape: 'LINEAR' });
    session.showSeries(1);
    expect([session.placement, session.window.width, session.key]).toEqual([fitted, 400, { series: 1, frame: 3 }]);
    session.showSeries(0);
    expect([session.placement.zoom, session.window.width]).toEqual([2, 2]);
  });
  it('shows an object without a window by its own range, refined once it is sharp, then fixed', () => {
    const session = sessionOf({ ...series(3, { voi: [] }), modality: 'EPS' });
    picture = grey(3, 90);
    expect(session.window).toMatchObject({ center: 45, width: 90 });
    picture = grey(0, 200);
    expect(session.window).toMatchObject({ center: 100, width: 200 });
    picture = grey(0, 5000);
    expect(session.window).toMatchObject({ center: 100, width: 200 });
  });
  it('opens with a VOI LUT where the object has no window, and leaves it when the window is dragged', () => {
    const lut = { first: -50, bits: 8, entriesBase64: 'AAD/AA==', explanation: 'A' };
    const session = sessionOf(series(3, { voi: [], voiLuts: [lut] }));
    expect(session.greyLook.voiTable).toEqual({ first: -50, units: Uint16Array.of(0, 65_535) });
    expect(session.greyLook.voiTable).toBe(session.greyLook.voiTable);
    session.apply(drag('window', 'start'));
    session.apply(drag('window', 'move', 0, 10));
    expect(session.greyLook.voiTable).toBeNull();
    session.setWindow({ ...session.window, isInverted: true });
    expect(session.isInverted).toBe(true);
  });
  it('does not window colour', () => {
    const session = sessionOf(series(3));
    picture = { kind: 'colour', reduce: 0, rows: 100, columns: 100, rgba: new Uint8Array(40_000) };
    session.apply(drag('window', 'start'));
    session.apply(drag('window', 'move', 100, 0));
    expect(session.window.width).toBe(400);
  });
  it('gives the finger, and a double tap, to whoever measures while that tool is in hand; a mouse that is over a mark always', () => {
    const session = sessionOf(series(11));
    const heard: string[] = [];
    session.measuring = {
      drag: ({ phase }) => heard.push(phase),
      finish: () => heard.push('finish'),
      hitAt: (x) => (x < 50 ? {} : null),
    };
    expect([session.toolAt(10, 10, true), session.toolAt(10, 10, false), session.toolAt(90, 10, true)]).toEqual([
      'measure',
      'scroll',
      'scroll',
    ]);
    session.setTool('measure');
    const { placement } = session;
    session.apply(drag('measure', 'start'));
    session.apply(drag('measure', 'end', 40, 0));
    session.apply({ kind: 'fit' });
    expect(heard).toEqual(['start', 'end', 'finish']);
    expect(session.placement).toBe(placement);
  });
  it('a pinch ends where it would have without the zoom limit in between: nothing drifts', () => {
    const session = sessionOf(series(3));
    const pinch = (phase: 'start' | 'move' | 'end', factor: number): GestureAction => ({
      kind: 'pinch',
      phase,
      factor,
      anchorX: 50,
      anchorY: 80,
      dx: 0,
      dy: 0,
    });
    session.apply(pinch('start', 1));
    session.apply(pinch('move', 500));
    expect(session.placement.zoom).toBe(32);
    session.apply(pinch('end', 1));
    expect(session.placement).toMatchObject({ zoom: 1 });
    expect(session.placement.panX).toBeCloseTo(0, 9);
  });
  it('keeps what is in the middle there when the canvas changes its size', () => {
    const session = sessionOf(series(3));
    session.apply({ kind: 'zoom-step', factor: 3, x: 10, y: 30 });
    const middle = toImage(session.imageToCanvas(), canvasXy(200, 200));
    session.setCanvas({ width: 800, height: 800 }, 2);
    const after = toImage(session.imageToCanvas(), canvasXy(400, 400));
    expect([after.x, after.y]).toEqual([expect.closeTo(middle.x, 9), expect.closeTo(middle.y, 9)]);
  });
  it('plays at the recorded rate by skipping, from where it was, round and round; any step stops it', () => {
    const session = sessionOf(series(10, {}, 40));
    session.show(8);
    session.toggleCine(1000);
    session.tick(1039);
    expect(session.key.frame).toBe(8);
    session.tick(1040);
    expect(session.key.frame).toBe(9);
    session.tick(1200);
    expect(session.key.frame).toBe(3);
    session.press({ kind: 'step', frames: 1 }, 0);
    expect([session.isPlaying, session.key.frame]).toEqual([false, 4]);
  });
  it('asks for a drawing at every change', () => {
    const session = sessionOf(series(3));
    const before = changes;
    session.rotate();
    session.invert();
    session.mirrorUpDown();
    expect(changes).toBe(before + 3);
  });
});

describe('the cine clock (PS3.3 C.7.6.5)', () => {
  it('keeps a constant frame time and goes round, also from the middle', () => {
    const clock = new CineClock({ frameTimeMs: 50 }, 4, 1, 1000);
    expect([1000, 1049, 1050, 1149, 1150, 1200].map((ms) => clock.frameAt(ms))).toEqual([1, 1, 2, 3, 0, 1]);
    expect(clock.picturesPerSecond).toBe(20);
  });
  it('keeps each frame as long as its vector says', () => {
    const clock = new CineClock({ frameTimeMs: 40, frameTimeVectorMs: [10, 90, 20] }, 3, 0, 0);
    expect([0, 9, 10, 99, 100, 119, 120].map((ms) => clock.frameAt(ms))).toEqual([0, 0, 1, 1, 2, 2, 0]);
    expect(clock.picturesPerSecond).toBe(25);
  });
  it('takes no vector of another length', () => {
    expect(new CineClock({ frameTimeMs: 40, frameTimeVectorMs: [10, 90] }, 3, 0, 0).frameAt(45)).toBe(1);
  });
});
