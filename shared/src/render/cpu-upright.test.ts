import { describe, expect, it } from 'vitest';
import type { GreyFrame } from '../imaging/decoded-frame';
import { frameAttributes } from '../imaging/frame-attributes';
import { renderView } from './cpu-view';

const [columns, rows] = [24, 16];
const attributes = frameAttributes({ common: { codec: 'htj2k', rows: 128, columns: 192 } }, {});
const padding = { low: -2000, high: -2000 };

/** Slopes with a hole of padding, at an eighth of the size; `turned`: rows for columns. */
function coarse(turned: boolean): GreyFrame {
  const pixels = new Int16Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const value = x > 8 && x < 12 && y > 5 && y < 9 ? -2000 : x * 64 - y * 96;
      pixels[turned ? x * rows + y : y * columns + x] = value;
    }
  }
  const size = turned ? { rows: columns, columns: rows } : { rows, columns };
  return { kind: 'grey', reduce: 3, ...size, pixels, storedMin: -2000, storedMax: 1472, padding };
}

const look = { window: { center: 40, width: 1600, shape: 'LINEAR' as const }, voiTable: null, isInverted: false };

/** Canvas pixels of the image drawn `scale` times as large, at 5, 3; `turned` draws its transpose by a matrix that transposes. */
function drawn(scaleX: number, scaleY: number, turned: boolean): number[] {
  const [e, f] = [scaleX < 0 ? 5 - scaleX * 192 : 5, 3];
  const imageToCanvas = turned
    ? { a: 0, b: scaleY, c: scaleX, d: 0, e, f }
    : { a: scaleX, b: 0, c: 0, d: scaleY, e, f };
  const own = turned ? { ...attributes, rows: 192, columns: 128 } : attributes;
  const scene = { frame: coarse(turned), attributes: own, look, imageToCanvas, isPixelated: false };
  return [...renderView(scene, { width: 260, height: 180 })];
}

describe('an upright image', () => {
  // The second implementation is cpu-view.ts's own, which draws what is turned: the transposed image through a transposing matrix.
  it.each([
    ['as it lies', 1.25, 1.25],
    ['stretched', 1.1, 1.3],
    ['mirrored', -1.25, 1.25],
  ])('is drawn like any other, %s', (_, scaleX, scaleY) => {
    const upright = drawn(scaleX, scaleY, false);
    const turned = drawn(scaleX, scaleY, true);
    let most = 0;
    for (let i = 0; i < upright.length; i++) most = Math.max(most, Math.abs((upright[i] ?? 0) - (turned[i] ?? 0)));
    expect(most).toBeLessThanOrEqual(1); // the sums are taken in another order
    expect(new Set(upright).size).toBeGreaterThan(100);
  });
});
