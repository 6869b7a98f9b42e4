import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edgeLetters } from './orientation-letters';
import {
  canvasXy,
  fitted,
  imageToCanvas,
  imageXy,
  mirroredLeftRight,
  mirroredUpDown,
  type Placement,
  pixelAspect,
  toCanvas,
  toImage,
  toReduced,
  turnedClockwise,
  zoomAround,
} from './viewport';

const image = { width: 512, height: 400 };
const canvas = { width: 390, height: 600 };
const placements: fc.Arbitrary<Placement> = fc.record({
  zoom: fc.double({ min: 0.3, max: 20, noNaN: true }),
  panX: fc.double({ min: -300, max: 300, noNaN: true }),
  panY: fc.double({ min: -300, max: 300, noNaN: true }),
  quarterTurns: fc.constantFrom(0, 1, 2, 3),
  isMirroredX: fc.boolean(),
  isMirroredY: fc.boolean(),
});
const points = fc.tuple(fc.double({ min: 0, max: 390, noNaN: true }), fc.double({ min: 0, max: 600, noNaN: true }));
const on = (placement: Placement, aspect = 1) => imageToCanvas(placement, image, aspect, canvas);

describe('the viewport', () => {
  it('goes from image to canvas and back', () => {
    fc.assert(
      fc.property(placements, points, fc.double({ min: 0.3, max: 3, noNaN: true }), (placement, [x, y], aspect) => {
        const m = on(placement, aspect);
        const back = toCanvas(m, toImage(m, canvasXy(x, y)));
        expect(back.x).toBeCloseTo(x, 6);
        expect(back.y).toBeCloseTo(y, 6);
      }),
    );
  });
  it('fits the whole image, centred, whatever the turn', () => {
    const corners = (placement: Placement) => [imageXy(0, 0), imageXy(512, 400)].map((p) => toCanvas(on(placement), p));
    expect(corners(fitted).map((p) => Math.round(p.x))).toEqual([0, 390]);
    const turned = corners({ ...fitted, quarterTurns: 1 });
    // A quarter clockwise: the top left corner of the image is at the top right of the screen.
    expect(turned[0]?.x).toBeGreaterThan(turned[1]?.x ?? 0);
    expect(turned[0]?.y).toBeLessThan(turned[1]?.y ?? 0);
    expect((turned[1]?.y ?? 0) - (turned[0]?.y ?? 0)).toBeCloseTo((390 / 400) * 512, 6);
  });
  it('zooms around a point without moving what is under it', () => {
    fc.assert(
      fc.property(placements, points, fc.double({ min: 0.9, max: 1.2, noNaN: true }), (placement, [x, y], factor) => {
        const anchor = canvasXy(x, y);
        const after = toCanvas(on(zoomAround(placement, canvas, factor, anchor)), toImage(on(placement), anchor));
        expect(after.x).toBeCloseTo(x, 6);
        expect(after.y).toBeCloseTo(y, 6);
      }),
    );
  });
  it('turns, and mirrors as seen on the screen, about the canvas centre', () => {
    const far = canvasXy(canvas.width / 2 + 50, canvas.height / 2 + 20);
    fc.assert(
      fc.property(placements, (placement) => {
        const under = toImage(on(placement), far);
        const lr = toCanvas(on(mirroredLeftRight(placement)), under);
        expect([lr.x, lr.y].map((v) => v.toFixed(4))).toEqual(
          [canvas.width / 2 - 50, canvas.height / 2 + 20].map((v) => v.toFixed(4)),
        );
        const ud = toCanvas(on(mirroredUpDown(placement)), under);
        expect([ud.x, ud.y].map((v) => v.toFixed(4))).toEqual(
          [canvas.width / 2 + 50, canvas.height / 2 - 20].map((v) => v.toFixed(4)),
        );
      }),
    );
    const square = { width: 400, height: 400 };
    const turned = turnedClockwise({ ...fitted, panX: 30, panY: 10 });
    const before = toImage(imageToCanvas({ ...fitted, panX: 30, panY: 10 }, square, 1, square), canvasXy(250, 200));
    const after = toCanvas(imageToCanvas(turned, square, 1, square), before);
    expect([after.x, after.y]).toEqual([200, 250]);
  });
  it('draws a pixel as tall as the spacing between rows says', () => {
    const aspect = pixelAspect({ pixelSpacing: [2, 1] });
    const m = on(fitted, aspect);
    expect(m.d / m.a).toBeCloseTo(2, 10);
    expect(pixelAspect({ pixelSpacing: null })).toBe(1);
    expect(pixelAspect({ pixelSpacing: null, pixelAspectRatio: [11, 10] })).toBe(1.1);
    expect(pixelAspect({ pixelSpacing: [2, 1], pixelAspectRatio: [11, 10] })).toBe(2);
    expect(pixelAspect({ pixelSpacing: [0, 1] })).toBe(1);
  });
  it('puts sample k of reduce r over the centre of pixel k * 2^r', () => {
    const m = toReduced({ a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 }, 3);
    for (const k of [0, 5, 63]) expect(m.a * (k * 8 + 0.5) + m.e).toBeCloseTo(k + 0.5, 10);
  });
});

describe('orientation letters (PS3.3 C.7.6.1.1.1)', () => {
  const axial = [1, 0, 0, 0, 1, 0] as const;
  it('axial: the patient left is on the right of the screen, anterior on top', () => {
    expect(edgeLetters(axial, fitted)).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
  });
  it('coronal and sagittal have head on top', () => {
    expect(edgeLetters([1, 0, 0, 0, 0, -1], fitted)).toEqual({ left: 'R', right: 'L', top: 'H', bottom: 'F' });
    expect(edgeLetters([0, 1, 0, 0, 0, -1], fitted)).toEqual({ left: 'A', right: 'P', top: 'H', bottom: 'F' });
  });
  it('follows mirror and quarter turns', () => {
    expect(edgeLetters(axial, { ...fitted, isMirroredX: true })).toEqual({
      left: 'L',
      right: 'R',
      top: 'A',
      bottom: 'P',
    });
    expect(edgeLetters(axial, { ...fitted, quarterTurns: 1 })).toEqual({
      left: 'P',
      right: 'A',
      top: 'R',
      bottom: 'L',
    });
    expect(edgeLetters(axial, { ...fitted, quarterTurns: 3 })).toEqual({
      left: 'A',
      right: 'P',
      top: 'L',
      bottom: 'R',
    });
  });
  it('agrees with the geometry for every placement: the letter on top is the direction that points there', () => {
    fc.assert(
      fc.property(placements, (placement) => {
        const m = on(placement);
        // Image right is patient L, image down is patient P.
        const letters = edgeLetters(axial, placement);
        const rightIsUp = m.b < -1e-9;
        const downIsUp = m.d < -1e-9;
        const expected = rightIsUp ? 'L' : m.b > 1e-9 ? 'R' : downIsUp ? 'P' : 'A';
        expect(letters.top).toBe(expected);
      }),
    );
  });
  it('names oblique directions by their two strongest axes, and nothing where the orientation is unknown', () => {
    expect(edgeLetters([0.8, 0.6, 0, -0.6, 0.8, 0], fitted).right).toBe('LP');
    expect(edgeLetters(null, fitted).top).toBe('');
  });
});
