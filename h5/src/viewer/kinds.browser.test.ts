// Every kind of image and object in one film, on a phone in Chromium: real files, real decoders.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from './testing/chromium.mjs';
import { kindsOf, makeKindsFilm } from './testing/kinds-film.mjs';
import { startViewerPages } from './testing/viewer-page.mjs';

const data = process.env.YINGYUN_TESTDATA;

describe.skipIf(!data || !hasChromium)('a film of every kind', { timeout: 120_000 }, () => {
  let pages: Awaited<ReturnType<typeof startViewerPages>>;
  let viewer: Awaited<ReturnType<typeof pages.open>>;
  beforeAll(async () => {
    pages = await startViewerPages(data ?? '', makeKindsFilm);
  }, 120_000);
  afterAll(() => pages?.stop());
  afterEach(async () => {
    await viewer?.close();
    expect(viewer?.faults).toEqual([]);
  });
  const show = async (description: string) => {
    await viewer.page.locator('.yv-series').nth(kindsOf.indexOf(description)).click();
    await viewer.sharp();
    await viewer.frame();
  };

  it('shows each kind of image, each with its own window', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    for (const [index, description] of kindsOf.entries()) {
      await show(description);
      expect(await viewer.text('.yv-topRight')).toContain(description);
      await viewer.screenshot(`kinds-${index + 1}`);
    }
  });
});
