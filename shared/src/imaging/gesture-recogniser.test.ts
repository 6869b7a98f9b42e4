import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { draggedSlices, draggedWindow } from './drag-effects';
import { type GestureAction, keyAction, type PointerSample } from './gesture-actions';
import { GestureRecogniser } from './gesture-recogniser';
import { canvasXy, fitted, imageToCanvas, toImage, zoomAround } from './viewport';

let gestures = new GestureRecogniser(1);
const sample = (
  phase: PointerSample['phase'],
  id: number,
  x: number,
  y: number,
  timeMs = 0,
  more: Partial<PointerSample> = {},
): PointerSample => ({
  phase,
  id,
  kind: 'touch',
  button: 0,
  x,
  y,
  timeMs,
  ...more,
});
const feed = (...samples: PointerSample[]): GestureAction[] => samples.flatMap((one) => gestures.pointer(one));
const brief = (actions: GestureAction[]) =>
  actions.map((a) =>
    a.kind === 'drag' ? `${a.tool} ${a.phase} ${a.dx},${a.dy}` : a.kind === 'pinch' ? `pinch ${a.phase}` : a.kind,
  );

beforeEach(() => {
  gestures = new GestureRecogniser(1);
});

describe('one finger', () => {
  it('is the current tool, from where the slop ends, so that nothing jumps', () => {
    gestures.tool = 'window';
    expect(
      brief(
        feed(
          sample('down', 1, 100, 100),
          sample('move', 1, 104, 100),
          sample('move', 1, 110, 100),
          sample('move', 1, 130, 105),
          sample('up', 1, 130, 105),
        ),
      ),
    ).toEqual(['window start 0,0', 'window move 20,5', 'window end 20,5']);
  });
  it('measures from the touch itself', () => {
    gestures.tool = 'measure';
    expect(brief(feed(sample('down', 1, 100, 100), sample('move', 1, 101, 100), sample('up', 1, 160, 100)))).toEqual([
      'measure start 0,0',
      'measure move 1,0',
      'measure end 60,0',
    ]);
  });
  it('taps, and fits at the second tap', () => {
    expect(
      brief(
        feed(
          sample('down', 1, 50, 50, 0),
          sample('up', 1, 50, 52, 80),
          sample('down', 1, 55, 50, 200),
          sample('up', 1, 55, 50, 260),
        ),
      ),
    ).toEqual(['tap', 'fit']);
    expect(
      brief(
        feed(
          sample('down', 1, 50, 50, 1000),
          sample('up', 1, 50, 50, 1050),
          sample('down', 1, 55, 50, 2000),
          sample('up', 1, 55, 50, 2050),
        ),
      ),
    ).toEqual(['tap', 'tap']);
  });
  it('undoes a drag that the system takes away', () => {
    gestures.tool = 'pan';
    expect(brief(feed(sample('down', 1, 0, 0), sample('move', 1, 50, 0), sample('cancel', 1, 50, 0)))).toEqual([
      'pan start 0,0',
      'pan cancel 0,0',
    ]);
  });
});

describe('two fingers', () => {
  const canvas = { width: 390, height: 600 };
  const image = { width: 512, height: 512 };
  const at = fc.tuple(fc.integer({ min: 0, max: 390 }), fc.integer({ min: 0, max: 600 }));

  it('keep the image points under both fingers while they move along their line and together (1 : 1)', () => {
    fc.assert(
      fc.property(
        at,
        at,
        fc.double({ min: 0.4, max: 3, noNaN: true }),
        fc.integer({ min: -200, max: 200 }),
        fc.integer({ min: -200, max: 200 }),
        ([ax, ay], [bx, by], spread, tx, ty) => {
          fc.pre(Math.hypot(ax - bx, ay - by) > 20);
          const g = new GestureRecogniser(1);
          const start = { ...fitted, zoom: 2, panX: 12, panY: -7, quarterTurns: 1, isMirroredX: true } as const;
          const middle = [(ax + bx) / 2, (ay + by) / 2] as const;
          const moved = (x: number, y: number) =>
            [middle[0] + (x - middle[0]) * spread + tx, middle[1] + (y - middle[1]) * spread + ty] as const;
          const [ax2, ay2] = moved(ax, ay);
          const [bx2, by2] = moved(bx, by);
          g.pointer(sample('down', 1, ax, ay));
          g.pointer(sample('down', 2, bx, by, 20));
          g.pointer(sample('move', 1, ax2, ay2, 40));
          const pinch = g.pointer(sample('move', 2, bx2, by2, 40))[0];
          if (pinch?.kind !== 'pinch') throw new Error('a pinch was expected');
          const after = zoomAround(
            start,
            canvas,
            pinch.factor,
            canvasXy(pinch.anchorX, pinch.anchorY),
            pinch.dx,
            pinch.dy,
          );
          for (const [from, to] of [
            [
              [ax, ay],
              [ax2, ay2],
            ],
            [
              [bx, by],
              [bx2, by2],
            ],
          ] as const) {
            const under = toImage(imageToCanvas(start, image, 1, canvas), canvasXy(from[0], from[1]));
            const now = toImage(imageToCanvas(after, image, 1, canvas), canvasXy(to[0], to[1]));
            expect(now.x).toBeCloseTo(under.x, 6);
            expect(now.y).toBeCloseTo(under.y, 6);
          }
        },
      ),
    );
  });

  it('turned against each other still keep their middle and their distance', () => {
    const start = { ...fitted, zoom: 1.5 };
    feed(sample('down', 1, 100, 300), sample('down', 2, 200, 300, 10), sample('move', 1, 120, 200, 30));
    const pinch = feed(sample('move', 2, 220, 340, 30))[0];
    if (pinch?.kind !== 'pinch') throw new Error('a pinch was expected');
    const after = zoomAround(start, canvas, pinch.factor, canvasXy(pinch.anchorX, pinch.anchorY), pinch.dx, pinch.dy);
    const middle = toImage(imageToCanvas(start, image, 1, canvas), canvasXy(150, 300));
    const now = toImage(imageToCanvas(after, image, 1, canvas), canvasXy(170, 270));
    expect(now.x).toBeCloseTo(middle.x, 6);
    expect(now.y).toBeCloseTo(middle.y, 6);
    expect(after.zoom / start.zoom).toBeCloseTo(Math.hypot(100, 140) / 100, 10);
  });

  it('undo what an early first finger did, and keep what it did where the second comes late', () => {
    gestures.tool = 'window';
    expect(brief(feed(sample('down', 1, 0, 0), sample('move', 1, 20, 0, 30), sample('down', 2, 90, 0, 100)))).toEqual([
      'window start 0,0',
      'window cancel 0,0',
      'pinch start',
    ]);
    gestures = new GestureRecogniser(1);
    gestures.tool = 'window';
    const late = feed(
      sample('down', 1, 0, 0),
      sample('move', 1, 20, 0, 30),
      sample('move', 1, 50, 0, 400),
      sample('down', 2, 90, 0, 900),
      sample('move', 2, 100, 10, 920),
    );
    expect(brief(late)).toEqual([
      'window start 0,0',
      'window move 30,0',
      'window end 30,0',
      'pinch start',
      'pinch move',
    ]);
    const pinch = late.at(-1);
    expect(pinch?.kind === 'pinch' && [pinch.dx, pinch.dy]).toEqual([5, 5]);
  });

  it('leave nothing to the finger that stays', () => {
    feed(sample('down', 1, 0, 0), sample('down', 2, 90, 0, 10));
    expect(brief(feed(sample('up', 2, 90, 0, 30), sample('move', 1, 80, 80, 60), sample('up', 1, 80, 80, 70)))).toEqual(
      ['pinch end'],
    );
    expect(brief(feed(sample('down', 1, 0, 0, 900), sample('move', 1, 0, 30, 950)))).toEqual(['scroll start 0,0']);
  });
});

describe('mouse and keys', () => {
  const mouse = { kind: 'mouse' } as const;
  it('left is the tool, middle pans, right changes the window', () => {
    const drag = (button: 0 | 1 | 2) =>
      brief(
        feed(
          sample('down', 1, 0, 0, 0, { ...mouse, button }),
          sample('move', 1, 9, 0, 5, mouse),
          sample('up', 1, 9, 0, 9, mouse),
        ),
      );
    expect([drag(0)[0], drag(1)[0], drag(2)[0]]).toEqual(['scroll start 0,0', 'pan start 0,0', 'window start 0,0']);
  });
  it('a wheel notch is one slice, small trackpad deltas add up, ctrl zooms at the pointer', () => {
    expect(gestures.wheel({ deltaY: 120, hasCtrl: false, x: 0, y: 0 })).toEqual([{ kind: 'step', frames: 1 }]);
    expect(gestures.wheel({ deltaY: -240, hasCtrl: false, x: 0, y: 0 })).toEqual([{ kind: 'step', frames: -1 }]);
    expect([25, 25, 25].flatMap((deltaY) => gestures.wheel({ deltaY, hasCtrl: false, x: 0, y: 0 }))).toEqual([
      { kind: 'step', frames: 1 },
    ]);
    expect(gestures.wheel({ deltaY: -300, hasCtrl: true, x: 5, y: 6 })).toEqual([
      { kind: 'zoom-step', factor: 2, x: 5, y: 6 },
    ]);
  });
  it('maps the documented keys and no others', () => {
    expect(['ArrowDown', 'PageUp', ' ', 'r', 'h', 'v', 'i', '0', 'Home'].map((key) => keyAction(key)?.kind)).toEqual([
      'step',
      'step',
      'cine',
      'rotate',
      'mirror-h',
      'mirror-v',
      'invert',
      'reset',
      'first',
    ]);
    expect([keyAction('x'), keyAction('Tab'), keyAction('Enter')]).toEqual([null, null, null]);
  });
});

describe('what a drag does', () => {
  it('right widens, down raises the centre, and going back undoes it exactly', () => {
    const start = { center: 40, width: 400, shape: 'LINEAR' } as const;
    expect(draggedWindow(start, { dx: 200, dy: 0 }, 1).width).toBe(800);
    expect(draggedWindow(start, { dx: 0, dy: 300 }, 1).center).toBe(440);
    expect(draggedWindow(start, { dx: 0, dy: 0 }, 2)).toEqual(start);
    expect(draggedWindow({ ...start, width: 1 }, { dx: -900, dy: 0 }, 1).width).toBe(1);
  });
  it('a swipe up goes on, with the mouse down goes on, and long series go faster', () => {
    expect(draggedSlices({ dx: 3, dy: -100, isTouch: true }, 211, 600, 1)).toBe(25);
    expect(draggedSlices({ dx: 3, dy: 100, isTouch: false }, 211, 600, 1)).toBe(25);
    expect(draggedSlices({ dx: -48, dy: 5, isTouch: true }, 10, 600, 1)).toBe(2);
    expect(draggedSlices({ dx: 0, dy: -100, isTouch: true }, 3000, 1800, 3)).toBe(8);
  });
});
