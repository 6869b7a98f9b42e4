// The GL renderers beside the CPU view (itself compared with dcm2pnm in shared/src/imaging), in a real browser.
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleScript, hasChromium, launchChromium } from './testing/chromium.mjs';
import type { RenderCase, RenderVerdict } from './testing/render-page';

describe.skipIf(!hasChromium)('the renderers in Chromium', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
    page = await browser.newPage();
    await page.addScriptTag({ content: await bundleScript(path.join(import.meta.dirname, 'testing/render-page.ts')) });
  });
  afterAll(() => browser?.close());

  const render = (one: RenderCase): Promise<RenderVerdict> =>
    page.evaluate(
      (input) => (window as unknown as { renderCase(c: RenderCase): Promise<RenderVerdict> }).renderCase(input),
      one,
    ); // set by the page

  const canvas = { width: 301, height: 403 };
  const padded = { pixelPaddingValue: -2000, isSigned: true };
  const cases: Record<string, Omit<RenderCase, 'renderer' | 'canvas'>> = {
    'signed CT, fitted': { pixels: 'ct', columns: 128, rows: 128 },
    'signed CT with padding': { pixels: 'ct', columns: 128, rows: 128, attributes: padded },
    'rescaled 12 bit, turned, mirrored, panned': {
      pixels: 'unsigned12',
      columns: 97,
      rows: 131,
      attributes: { rescaleSlope: 0.5, rescaleIntercept: -1024 },
      placement: { zoom: 1.7, panX: 11.3, panY: -20.6, quarterTurns: 1, isMirroredX: true },
    },
    MONOCHROME1: {
      pixels: 'unsigned12',
      columns: 97,
      rows: 131,
      attributes: { photometricInterpretation: 'MONOCHROME1' },
      window: { center: 2000, width: 3000, shape: 'LINEAR' },
    },
    'inverted by the user': { pixels: 'ct', columns: 64, rows: 64, isInverted: true },
    LINEAR_EXACT: { pixels: 'ct', columns: 64, rows: 64, window: { center: 10.5, width: 33.3, shape: 'LINEAR_EXACT' } },
    SIGMOID: { pixels: 'ct', columns: 64, rows: 64, window: { center: 0, width: 500, shape: 'SIGMOID' } },
    'negative slope': { pixels: 'ct', columns: 64, rows: 64, attributes: { rescaleSlope: -2, rescaleIntercept: 5 } },
    'a steep window at the top of 16 bit': {
      pixels: 'steps',
      columns: 120,
      rows: 40,
      window: { center: 65_020, width: 30, shape: 'LINEAR' },
    },
    'a PET slope': {
      pixels: 'ct',
      columns: 64,
      rows: 64,
      attributes: { rescaleSlope: 0.00037, rescaleIntercept: 0.01 },
      window: { center: 0.1, width: 0.3, shape: 'LINEAR_EXACT' },
    },
    '8 bit': { pixels: 'byte', columns: 80, rows: 60, window: { center: 128, width: 256, shape: 'LINEAR' } },
    colour: { pixels: 'colour', columns: 80, rows: 60 },
    'colour, inverted, minified': { pixels: 'colour', columns: 1300, rows: 900, isInverted: true },
    '32 bit': {
      pixels: 'deep',
      columns: 80,
      rows: 60,
      attributes: { bitsAllocated: 32, bitsStored: 32 },
      window: { center: 2e9, width: 4e9, shape: 'LINEAR_EXACT' },
    },
    'an eighth, over the place of the whole': {
      pixels: 'ct',
      columns: 64,
      rows: 64,
      reduce: 3,
      attributes: { rows: 509, columns: 511 },
    },
    'minified five times': { pixels: 'ct', columns: 1505, rows: 2015 },
    'anisotropic pixels': { pixels: 'ct', columns: 100, rows: 50, attributes: { pixelSpacing: [2.5, 0.7] } },
    'a padding range': {
      pixels: 'ct',
      columns: 128,
      rows: 128,
      attributes: { pixelPaddingValue: -2000, pixelPaddingRangeLimit: -1100, isSigned: true },
    },
    'a VOI LUT': { pixels: 'ct', columns: 128, rows: 128, voiLut: { first: -700, entries: 1400 } },
    'a VOI LUT of all 16 bits over rescaled values, inverted': {
      pixels: 'unsigned12',
      columns: 97,
      rows: 131,
      attributes: { rescaleSlope: 16.01, rescaleIntercept: 3 },
      voiLut: { first: 0, entries: 65_536 },
      isInverted: true,
    },
    'a VOI LUT over a falling slope': {
      pixels: 'byte',
      columns: 80,
      rows: 60,
      attributes: { rescaleSlope: -1.5, rescaleIntercept: 300 },
      voiLut: { first: 20, entries: 250 },
    },
    'an overlay that begins outside the image': {
      pixels: 'ct',
      columns: 128,
      rows: 128,
      overlayAt: { row: -20, column: -11 },
    },
    'an overlay on a turned, magnified colour image': {
      pixels: 'colour',
      columns: 80,
      rows: 60,
      overlayAt: { row: 5, column: 40 },
      placement: { zoom: 2.3, panX: 4.4, panY: 3.1, quarterTurns: 3, isMirroredY: true },
    },
    'an overlay on a preview, minified': {
      pixels: 'unsigned12',
      columns: 200,
      rows: 260,
      reduce: 2,
      overlayAt: { row: 300, column: 200 },
      window: { center: 2000, width: 3000, shape: 'LINEAR' },
    },
    'a frame larger than a texture, tile by tile': { pixels: 'ct', columns: 1000, rows: 777, mostTexels: 256 },
    'a colour frame larger than a texture, magnified': {
      pixels: 'colour',
      columns: 300,
      rows: 500,
      mostTexels: 128,
      placement: { zoom: 2.1, panX: 7.7, panY: 1.3, quarterTurns: 1 },
    },
    'an overlay larger than a texture': {
      pixels: 'ct',
      columns: 100,
      rows: 100,
      mostTexels: 60,
      overlayAt: { row: 20, column: 10 },
    },
    'squares when magnified': {
      pixels: 'ct',
      columns: 40,
      rows: 40,
      isPixelated: true,
      placement: { zoom: 3.123, panX: 0.31, panY: 0.17 },
    },
  };
  for (const renderer of ['webgl2', 'webgl1', 'canvas'] as const) {
    describe(renderer, () => {
      for (const [name, one] of Object.entries(cases)) {
        it(`gives the CPU's picture within one level: ${name}`, async () => {
          const verdict = await render({ ...one, renderer, canvas });
          expect(verdict).toMatchObject({ kind: renderer, glError: 0 });
          expect(verdict.levels, 'the picture is not flat').toBeGreaterThan(20);
          expect(verdict.worst, `${verdict.overOne} samples differ`).toBeLessThanOrEqual(1);
        });
      }
      it('shows an image of one pixel', async () => {
        const window = { center: 0, width: 100, shape: 'LINEAR_EXACT' } as const;
        const verdict = await render({ renderer, pixels: [25], columns: 1, rows: 1, canvas, window });
        // 25 lies at three quarters of -50 … 50, and beside the square there is black.
        expect(verdict).toMatchObject({ worst: 0, levels: 3, glError: 0 });
      });
      it('makes a step of width 1', async () => {
        // Pixels on a 1 : 1 canvas: nothing is interpolated, so the step is exact.
        const pixels = Array.from({ length: 64 * 64 }, (_, i) => 30 + (i % 20));
        const verdict = await render({
          renderer,
          pixels,
          columns: 64,
          rows: 64,
          canvas: { width: 64, height: 64 },
          window: { center: 40, width: 1, shape: 'LINEAR' },
        });
        expect(verdict).toMatchObject({ worst: 0, levels: 2, glError: 0 });
      });
    });
  }

  it('draws a radiograph of 6000 × 6000 pixels where textures end at 4096', { timeout: 60_000 }, async () => {
    for (const zoom of [1, 20]) {
      const verdict = await render({
        renderer: 'webgl2',
        pixels: 'unsigned12',
        columns: 6000,
        rows: 6000,
        canvas,
        mostTexels: 4096,
        window: { center: 2000, width: 4000, shape: 'LINEAR' },
        placement: { zoom },
      });
      expect(verdict).toMatchObject({ kind: 'webgl2', glError: 0 });
      expect(verdict.levels).toBeGreaterThan(20);
      expect(verdict.worst, `${verdict.overOne} samples differ`).toBeLessThanOrEqual(1);
    }
  });

  for (const renderer of ['webgl2', 'webgl1'] as const) {
    it(`${renderer} draws again after a lost context has come back`, async () => {
      const verdict = await render({ renderer, pixels: 'ct', columns: 64, rows: 64, canvas, losesContext: true });
      expect(verdict).toMatchObject({ glError: 0 });
      expect(verdict.levels).toBeGreaterThan(20);
      expect(verdict.worst).toBeLessThanOrEqual(1);
    });
  }
});
