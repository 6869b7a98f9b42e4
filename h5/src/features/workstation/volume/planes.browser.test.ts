// The volume shader beside the CPU reference (itself beside vtk.js in e2e/mpr-numbers.test.mjs), in a real browser.
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleScript, hasChromium, launchChromium } from '../../../viewer/testing/chromium.mjs';
import type { PlanesCase, PlanesVerdict } from './testing/planes-page';

const cases: Record<string, PlanesCase> = {
  'signed 16 bit': {},
  'unsigned 16 bit': { attributes: { isSigned: false } },
  '8 bit': { attributes: { isSigned: false, bitsAllocated: 8 } },
  'floats, where every slice has a rescale of its own': { hasManyRescales: true },
  'floats with padding': { hasManyRescales: true, padding: -2000 },
  'a coarse grid': { reduce: 1 },
  'missing slices': { holes: [9, 20] },
  padding: { padding: -2000 },
  'a tilted gantry': { shear: 0.3 },
  'a slab, largest': { slab: { mode: 'max', thicknessMm: 7 } },
  'a slab, smallest, through a missing slice': { slab: { mode: 'min', thicknessMm: 5 }, holes: [15] },
  'a slab, mean, beside padding': { slab: { mode: 'mean', thicknessMm: 6 }, padding: -2000 },
  'a step of width 1': { window: { center: 120.3, width: 1, shape: 'LINEAR' } },
  SIGMOID: { window: { center: 100, width: 120, shape: 'SIGMOID' } },
  'MONOCHROME1, inverted': { attributes: { photometricInterpretation: 'MONOCHROME1' }, isInverted: true },
  'after a lost context': { losesContext: true },
};

describe.skipIf(!hasChromium)('planes of a volume in Chromium', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
    page = await browser.newPage();
    await page.addScriptTag({ content: await bundleScript(path.join(import.meta.dirname, 'testing/planes-page.ts')) });
  });
  afterAll(() => browser?.close());

  it.each(Object.entries(cases))('%s', async (_, one) => {
    const verdict = await page.evaluate(
      (input) => (window as unknown as { planesCase(c: PlanesCase): Promise<PlanesVerdict> }).planesCase(input), // set by the page
      one,
    );
    expect(verdict.bright).toBeGreaterThan(2000);
    // Where a point lies on an edge between two voxels, float and double may fall on either side of it.
    expect(verdict.off).toBeLessThan(verdict.pixels * 0.002);
  });
});
