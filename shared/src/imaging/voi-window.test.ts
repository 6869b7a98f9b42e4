import { describe, expect, it } from 'vitest';
import type { FrameAttributes } from '../contract/film-manifest';
import { openingWindow } from './default-window';
import { frameAttributes } from './frame-attributes';
import { greyFrame } from './normalise-pixels';
import { exactGreyOf, greyOf } from './render-frame';
import { applyWindow, fullRangeWindow, initialWindow, legalWindow } from './voi-window';

describe('a VOI window', () => {
  it('LINEAR: c 2048, w 4096 over 0…4095 is the identity (the example of PS3.3 C.11.2.1.2.1)', () => {
    for (const value of [0, 1, 1000, 2048, 4095]) {
      expect(applyWindow(value, { center: 2048, width: 4096, shape: 'LINEAR' })).toBeCloseTo(value / 4095, 10);
    }
  });
  it('LINEAR: c 2048, w 1 turns at 2048 (the same table)', () => {
    const step = { center: 2048, width: 1, shape: 'LINEAR' } as const;
    expect([2047, 2047.4, 2048].map((value) => applyWindow(value, step))).toEqual([0, 0, 1]);
  });
  it('LINEAR: c 0, w 100 is 0 at -50 and 1 at 49 (the same table)', () => {
    const window = { center: 0, width: 100, shape: 'LINEAR' } as const;
    expect(applyWindow(-50, window)).toBe(0);
    expect(applyWindow(49, window)).toBe(1);
    expect(applyWindow(-49, window)).toBeGreaterThan(0);
  });
  it('LINEAR_EXACT: c 0, w 100 is 0 at -50 and 1 at 50 (PS3.3 C.11.2.1.3.2)', () => {
    const window = { center: 0, width: 100, shape: 'LINEAR_EXACT' } as const;
    expect([-50, 0, 50].map((value) => applyWindow(value, window))).toEqual([0, 0.5, 1]);
  });
  it('SIGMOID: half at the centre, 1/(1+e^-2) half a width above (PS3.3 C.11.2.1.3.1)', () => {
    const window = { center: 40, width: 400, shape: 'SIGMOID' } as const;
    expect(applyWindow(40, window)).toBe(0.5);
    expect(applyWindow(240, window)).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
  });
  it('makes an illegal width legal', () => {
    expect(legalWindow({ center: 5, width: 0.2, shape: 'LINEAR' }).width).toBe(1);
    expect(legalWindow({ center: 5, width: -3, shape: 'LINEAR_EXACT' }).width).toBe(1e-3);
    expect(legalWindow({ center: Number.NaN, width: Number.NaN, shape: 'LINEAR' })).toEqual({
      center: 0,
      width: 1,
      shape: 'LINEAR',
    });
  });
  it('is the frame range, padding left out, where the object has none', () => {
    const attributes = frameAttributes({ common: { rescaleIntercept: -1000, pixelPaddingValue: 0 } }, {});
    const frame = greyFrame(Uint16Array.of(0, 10, 20, 30), { rows: 2, columns: 2, reduce: 0 }, { low: 0, high: 0 });
    expect(initialWindow(attributes, frame)).toEqual({ center: -980, width: 20, shape: 'LINEAR_EXACT' });
    expect(fullRangeWindow({ rescaleSlope: -1, rescaleIntercept: 0 }, frame)).toEqual({
      center: -20,
      width: 20,
      shape: 'LINEAR_EXACT',
    });
  });
});

describe('the window a modality opens with, where the object has none', () => {
  const size = { rows: 10, columns: 100, reduce: 0 };
  // 0 … 99 evenly, with one hot pixel.
  const values = Uint16Array.from({ length: 1000 }, (_, i) => (i === 999 ? 60_000 : i % 100));
  const frame = greyFrame(values, size, null);
  const opening = (modality: string, common: Partial<FrameAttributes> = {}) =>
    openingWindow(frameAttributes({ common }, {}), frame, modality);
  it('is soft tissue for CT in HU, and not for CT that is not', () => {
    expect(opening('CT')).toEqual({ center: 40, width: 400, shape: 'LINEAR' });
    expect(opening('CT', { rescaleType: 'US' })).toMatchObject({ center: 30_000 });
  });
  it('leaves one hot pixel out for MR and radiographs', () => {
    for (const modality of ['MR', 'DX', 'MG']) expect(opening(modality)).toMatchObject({ center: 49.5, width: 99 });
  });
  it('begins at nothing for counts', () => {
    expect(opening('PT', { rescaleSlope: 2 })).toMatchObject({ center: 99, width: 198 });
  });
  it('is the picture itself where it has 8 bits', () => {
    expect(opening('US', { bitsStored: 8 })).toMatchObject({ center: 127.5, width: 255, shape: 'LINEAR_EXACT' });
  });
});

describe('grey levels', () => {
  it('shows padding black, also inverted', () => {
    const attributes = frameAttributes(
      { common: { pixelPaddingValue: -2000, photometricInterpretation: 'MONOCHROME1' } },
      {},
    );
    const frame = greyFrame(
      Int16Array.of(-2000, -1000, 1000),
      { rows: 1, columns: 3, reduce: 0 },
      { low: -2000, high: -2000 },
    );
    const grey = greyOf(frame, attributes, {
      window: { center: 0, width: 2000, shape: 'LINEAR_EXACT' },
      isInverted: false,
    });
    expect([grey(-2000), grey(-1000), grey(1000)]).toEqual([0, 255, 0]);
  });
  it('follows a negative slope through ramp and step', () => {
    const falling = frameAttributes({ common: { rescaleSlope: -1, rescaleIntercept: 100 } }, {});
    const ramp = exactGreyOf(falling, { window: { center: 50, width: 100, shape: 'LINEAR_EXACT' }, isInverted: false });
    expect([ramp(0), ramp(100)]).toEqual([255, 0]);
    const step = exactGreyOf(falling, { window: { center: 50, width: 1, shape: 'LINEAR' }, isInverted: false });
    expect([step(49), step(51)]).toEqual([255, 0]);
  });
  it('is the formula itself for pixels that span more than 16 bit', () => {
    const attributes = frameAttributes({ common: { bitsAllocated: 32, bitsStored: 32 } }, {});
    const frame = greyFrame(Uint32Array.of(0, 4_000_000_000), { rows: 1, columns: 2, reduce: 0 }, null);
    const grey = greyOf(frame, attributes, {
      window: { center: 2e9, width: 4e9, shape: 'LINEAR_EXACT' },
      isInverted: false,
    });
    expect([grey(0), grey(1e9), grey(4e9)]).toEqual([0, 64, 255]);
  });
});
