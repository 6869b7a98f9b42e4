// The viewer as a person meets it: real Chromium, real DICOM, the product's CSP.
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from './testing/chromium.mjs';
import { rgbByDcmtk } from './testing/test-film.mjs';
import { startViewerPages } from './testing/viewer-page.mjs';

const data = process.env.YINGYUN_TESTDATA;

describe.skipIf(!data || !hasChromium)('the viewer', { timeout: 120_000 }, () => {
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

  it('opens in the middle of the largest series, sharp, with tools large enough for a thumb', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    expect(await viewer.text('.yv-counter')).toBe('106 / 211');
    expect(await viewer.page.locator('.yv-root').getAttribute('data-renderer')).toBe('webgl2');
    for (const box of await viewer.page
      .locator('.yv-button')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()))) {
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
      expect(box.right).toBeLessThanOrEqual(390);
    }
    expect(await viewer.page.locator('.yv-button').allInnerTexts()).toEqual([
      '滚动',
      '窗宽窗位',
      '缩放',
      '平移',
      '测量',
      '预设窗',
      '播放',
      '旋转',
      '左右镜像',
      '上下镜像',
      '反色',
      '信息',
      '复位',
    ]);
    await viewer.loaded();
    await viewer.screenshot('viewer-phone-open');
  });

  it('shows on the canvas the pixels of the file: the decoded slice through the same window', async () => {
    viewer = await pages.open('?renderer=canvas');
    await viewer.sharp();
    await viewer.frame();
    const { attributes } = { attributes: pages.film.manifest.series[0].frames[105] };
    const raw = new Uint16Array(pages.film.pixels.get('1.2.3.1')[105].slice().buffer);
    // The canvas fall-back has one pixel per CSS pixel: find the pixel under the canvas' middle and compute its grey by hand.
    const shown = await viewer.page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.yv-canvas');
      const context = canvas?.getContext('2d');
      if (!canvas || !context) throw new Error('no canvas');
      return {
        width: canvas.width,
        height: canvas.height,
        data: Array.from(context.getImageData(0, 0, canvas.width, canvas.height).data),
      };
    });
    const scale = Math.min(shown.width / 512, shown.height / 512);
    let worst = 0;
    for (let y = 0; y < shown.height; y += 7) {
      for (let x = 0; x < shown.width; x += 7) {
        const u = (x + 0.5 - shown.width / 2) / scale + 256 - 0.5;
        const v = (y + 0.5 - shown.height / 2) / scale + 256 - 0.5;
        if (u < 0 || v < 0 || u > 511 || v > 511) continue;
        const [i, j] = [Math.min(510, Math.floor(u)), Math.min(510, Math.floor(v))];
        const at = (c: number, r: number) => raw[r * 512 + c] ?? 0;
        const upper = at(i, j) * (1 - u + i) + at(i + 1, j) * (u - i);
        const lower = at(i, j + 1) * (1 - u + i) + at(i + 1, j + 1) * (u - i);
        const hu = (upper * (1 - v + j) + lower * (v - j)) * attributes.rescaleSlope + attributes.rescaleIntercept;
        const { center, width } = attributes.voi[0] ?? { center: 0, width: 1 };
        const grey = Math.min(1, Math.max(0, (hu - (center - 0.5)) / (width - 1) + 0.5)) * 255;
        worst = Math.max(worst, Math.abs((shown.data[(y * shown.width + x) * 4] ?? -999) - grey));
      }
    }
    expect(worst).toBeLessThanOrEqual(1);
  });

  it('measures in millimetres and shows HU, but only on the stored pixels', async () => {
    pages.server.state.bytesPerSecond = 60_000;
    viewer = await pages.open();
    await viewer.page.waitForFunction(() => document.querySelector('.yv-counter')?.textContent === '106 / 211');
    await viewer.measure('length');
    await viewer.swipe([95, 300], [295, 300]);
    expect(await viewer.text('.ym-label')).toBe('原图加载后显示');
    pages.server.state.bytesPerSecond = Number.POSITIVE_INFINITY;
    await viewer.sharp();
    // 200 of 390 CSS pixels of a 512-pixel image at 0.78125 mm
    const mm = Number(/([\d.]+) mm/.exec(await viewer.text('.ym-label'))?.[1]);
    expect(Math.abs(mm - (200 / 390) * 512 * 0.78125)).toBeLessThan(1.5);
    await viewer.screenshot('viewer-phone-length');
    await viewer.measure('point');
    await viewer.fingers('touchStart', [195, 230]);
    await viewer.fingers('touchEnd');
    const [, unit, value, column, row] =
      /(HU|值) (-?[\d.]+)（(\d+), (\d+)）/.exec(await viewer.text('.ym-label')) ?? [];
    expect(unit).toBeDefined();
    const attributes = pages.film.manifest.series[0].frames[105];
    const raw = new Uint16Array(pages.film.pixels.get('1.2.3.1')[105].slice().buffer);
    expect(Number(value)).toBe(
      (raw[Number(row) * 512 + Number(column)] ?? 0) * attributes.rescaleSlope + attributes.rescaleIntercept,
    );
    await viewer.screenshot('viewer-phone-point');
  });

  it('says that a preview is a preview, and asks for no byte twice on the way to sharp', async () => {
    pages.server.state.bytesPerSecond = 1_250_000;
    pages.server.state.latencyMs = 40;
    viewer = await pages.open();
    await viewer.loaded();
    pages.server.state.bytesPerSecond = 30_000;
    await viewer.slideTo(20);
    await viewer.page.waitForFunction(() =>
      /预览 1\/[48]/.test(document.querySelector('.yv-badge')?.textContent ?? ''),
    );
    await viewer.screenshot('viewer-phone-preview');
    pages.server.state.bytesPerSecond = Number.POSITIVE_INFINITY;
    await viewer.sharp();
    const focus = pages.server.state.requests.filter(
      (request: Record<string, string>) => request.from === '19' && request.reduce === '0',
    );
    expect(focus[0]?.have).toMatch(/^[23]$/);
  });

  it('survives a broken line, and wipes itself when access is taken away', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    pages.server.state.cutAfterBytes = 30_000;
    await viewer.slideTo(5);
    await viewer.page.waitForTimeout(900);
    pages.server.state.cutAfterBytes = Number.POSITIVE_INFINITY;
    await viewer.sharp();
    expect(await viewer.slice()).toBe(5);
    pages.server.state.refuse = { status: 404, code: 'share-unavailable' };
    // Where the background asks first, the viewer has closed before the slider moves.
    await viewer.page
      .locator('.yv-slider')
      .fill('200', { timeout: 2000 })
      .catch(() => undefined);
    await viewer.page.waitForSelector('body[data-access="lost"]');
    expect(await viewer.page.locator('.yv-canvas').count()).toBe(0);
    expect(await viewer.page.locator('.yv-verdict').innerText()).toBe('访问已失效');
    expect(await viewer.page.evaluate(() => document.body.textContent)).not.toContain('张*');
    await viewer.screenshot('viewer-phone-access-lost');
  });

  it('turns, mirrors and inverts with the letters following, changes series, plays', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    const letters = async () => (await viewer.page.locator('.yv-letter').allInnerTexts()).join('');
    expect(await letters()).toBe('RLAP');
    await viewer.tool('rotate');
    await viewer.frame();
    expect(await letters()).toBe('PARL');
    await viewer.tool('mirrorH');
    await viewer.frame();
    expect(await letters()).toBe('APRL');
    await viewer.tool('invert');
    await viewer.frame();
    await viewer.screenshot('viewer-phone-turned');
    await viewer.page.locator('.yv-series').nth(1).click();
    await viewer.sharp();
    expect(await viewer.text('.yv-counter')).toBe('31 / 60');
    await viewer.screenshot('viewer-phone-mr');
    await viewer.loaded();
    await viewer.tool('cine');
    await viewer.page.waitForTimeout(700);
    expect(await viewer.text('[data-tool="cine"]')).toBe('停止');
    await viewer.tool('cine');
    expect(await viewer.slice()).not.toBe(31);
    await viewer.page.locator('.yv-series').nth(2).click();
    await viewer.sharp();
    await viewer.screenshot('viewer-phone-colour');
  });

  it('plays a JPEG cine at the recorded rate, in the colours dcmtk decodes', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    await viewer.page.locator('.yv-series').nth(3).click();
    await viewer.sharp();
    expect(await viewer.text('.yv-counter')).toBe('1 / 27');
    await viewer.loaded();
    await viewer.screenshot('viewer-phone-cine');
    await viewer.measure('point');
    await viewer.fingers('touchStart', [200, 240]);
    await viewer.fingers('touchEnd');
    const [, r, g, b, column, row] = (
      /RGB (\d+), (\d+), (\d+)（(\d+), (\d+)）/.exec(await viewer.text('.ym-label')) ?? []
    ).map(Number);
    const theirs = await rgbByDcmtk(path.join(data ?? '', 'dicom'), Number(column), Number(row));
    for (const [i, ours] of [r, g, b].entries())
      expect(Math.abs((ours ?? -99) - (theirs[i] ?? 99))).toBeLessThanOrEqual(4);
    const started = await viewer.page.evaluate(() => performance.now());
    await viewer.tool('cine');
    await viewer.page.waitForTimeout(500);
    await viewer.tool('cine');
    const passed = (await viewer.page.evaluate(() => performance.now())) - started;
    expect((await viewer.slice()) - 1).toBeLessThanOrEqual(Math.ceil(passed / 47) % 27);
    expect(await viewer.slice()).toBeGreaterThan(1);
  });

  it('works on a desk with mouse, wheel and keys, and in WebGL1', async () => {
    viewer = await pages.open('?renderer=webgl1', { width: 1440, height: 900 }, false);
    await viewer.sharp();
    expect(await viewer.page.locator('.yv-root').getAttribute('data-renderer')).toBe('webgl1');
    await viewer.page.mouse.move(700, 300);
    await viewer.page.mouse.wheel(0, 100);
    await viewer.frame();
    expect(await viewer.slice()).toBe(107);
    await viewer.page.locator('.yv-stage').focus();
    for (const key of ['ArrowDown', 'PageUp', 'r', 'h', 'i']) await viewer.page.keyboard.press(key);
    await viewer.frame();
    expect(await viewer.slice()).toBe(98);
    await viewer.page.keyboard.press('0');
    await viewer.page.mouse.move(700, 300);
    await viewer.page.mouse.down({ button: 'right' });
    await viewer.page.mouse.move(760, 320, { steps: 4 });
    await viewer.page.mouse.up({ button: 'right' });
    await viewer.frame();
    expect(await viewer.corner(/窗宽 (-?[\d.]+)/)).toBeGreaterThan(2000);
    await viewer.sharp();
    await viewer.screenshot('viewer-desk');
  });
});
