// Fingers on a phone: CDP touch at 390 × 844 in real Chromium, on real DICOM.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from './testing/chromium.mjs';
import { startViewerPages } from './testing/viewer-page.mjs';

const data = process.env.YINGYUN_TESTDATA;

describe.skipIf(!data || !hasChromium)('fingers on the viewer', { timeout: 120_000 }, () => {
  let pages: Awaited<ReturnType<typeof startViewerPages>>;
  let viewer: Awaited<ReturnType<typeof pages.open>>;
  beforeAll(async () => {
    pages = await startViewerPages(data ?? '');
  });
  afterAll(() => pages?.stop());
  afterEach(async () => {
    pages.heal();
    await viewer?.close();
    expect(viewer?.faults).toEqual([]);
  });

  it('a swipe scrolls slices and stops with the finger', async () => {
    viewer = await pages.open();
    await viewer.loaded();
    await viewer.swipe([195, 400], [195, 250]);
    const after = await viewer.slice();
    expect(after).toBeGreaterThan(120);
    await viewer.page.waitForTimeout(300);
    expect(await viewer.slice()).toBe(after);
    await viewer.swipe([195, 250], [195, 400]);
    expect(await viewer.slice()).toBe(106);
    await viewer.sharp();
    await viewer.screenshot('viewer-phone-scrolled');
  });

  it('a pinch zooms exactly 1 : 1, two fingers pan, a double tap fits', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    const fit = await viewer.corner(/缩放 (\d+)%/);
    await viewer.fingers('touchStart', [145, 300]);
    await viewer.fingers('touchStart', [145, 300], [245, 300]);
    for (let i = 1; i <= 10; i++) await viewer.fingers('touchMove', [145 - i * 5, 300], [245 + i * 5, 300]);
    await viewer.fingers('touchEnd');
    // 100 pixels between the fingers became 200
    expect(Math.abs((await viewer.corner(/缩放 (\d+)%/)) - 2 * fit)).toBeLessThanOrEqual(1);
    expect(await viewer.slice()).toBe(106);
    await viewer.screenshot('viewer-phone-pinched');
    await viewer.doubleTap(195, 300);
    expect(await viewer.corner(/缩放 (\d+)%/)).toBe(fit);
  });

  it('keeps the anatomy under the fingers: what they held before and after a pinch is the same pixel', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    await viewer.measure('point');
    const valueAt = async (x: number, y: number) => {
      await viewer.fingers('touchStart', [x, y]);
      await viewer.fingers('touchEnd');
      return (
        /（(\d+), (\d+)）/
          .exec((await viewer.text('.ym-label')) ?? '')
          ?.slice(1)
          .map(Number) ?? []
      );
    };
    const before = [await valueAt(120, 260), await valueAt(260, 340)];
    await viewer.measure('clear'); // a finger on a point takes hold of it
    await viewer.fingers('touchStart', [120, 260]);
    await viewer.fingers('touchStart', [120, 260], [260, 340]);
    // apart along their line (× 1.5 around their middle) and together by (12, -20)
    for (let i = 1; i <= 8; i++) {
      const k = (1 + 0.5 * (i / 8)) * 1;
      const move = (x: number, y: number): [number, number] => [
        190 + (x - 190) * k + (12 * i) / 8,
        300 + (y - 300) * k - (20 * i) / 8,
      ];
      await viewer.fingers('touchMove', move(120, 260), move(260, 340));
    }
    await viewer.fingers('touchEnd');
    const after = [await valueAt(190 - 105 + 12, 300 - 60 - 20), await valueAt(190 + 105 + 12, 300 + 60 - 20)];
    for (const [i, point] of before.entries()) {
      for (const axis of [0, 1])
        expect(Math.abs((point[axis] ?? -99) - (after[i]?.[axis] ?? 99))).toBeLessThanOrEqual(1);
    }
  });

  it('a window drag changes the window, a preset sets it, reset takes it back', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    expect(await viewer.corner(/窗宽 (-?[\d.]+)/)).toBe(2000);
    await viewer.tool('window');
    await viewer.swipe([100, 300], [220, 330]);
    expect(await viewer.corner(/窗宽 (-?[\d.]+)/)).toBeGreaterThan(2500);
    expect(await viewer.corner(/窗位 (-?[\d.]+)/)).toBeGreaterThan(-450);
    await viewer.tool('presets');
    await viewer.screenshot('viewer-phone-presets');
    await viewer.page.getByRole('menuitem', { name: /纵隔窗/ }).click();
    await viewer.frame();
    expect([await viewer.corner(/窗宽 (-?[\d.]+)/), await viewer.corner(/窗位 (-?[\d.]+)/)]).toEqual([400, 40]);
    await viewer.screenshot('viewer-phone-mediastinum');
    await viewer.tool('reset');
    await viewer.frame();
    expect(await viewer.corner(/窗宽 (-?[\d.]+)/)).toBe(2000);
  });
});
