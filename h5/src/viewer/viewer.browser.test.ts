// The viewer as a person meets it: real Chromium, a phone's screen and fingers (CDP touch), real DICOM, the product's CSP.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildHarness, hasChromium, launchChromium } from './testing/chromium.mjs';
import { startFrameServer } from './testing/frame-server.mjs';
import { makeTestFilm, rgbByDcmtk } from './testing/test-film.mjs';

const data = process.env.YINGYUN_TESTDATA;
const shots = path.resolve(import.meta.dirname, '../../../e2e/screenshots');

describe.skipIf(!data || !hasChromium)('the viewer on a phone', { timeout: 120_000 }, () => {
  let folder = '';
  let browser: Browser;
  let server: Awaited<ReturnType<typeof startFrameServer>>;
  let film: Awaited<ReturnType<typeof makeTestFilm>>;
  let page: Page;
  let touch: CDPSession;
  const faults: string[] = [];

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    folder = mkdtempSync(path.join(tmpdir(), 'yingyun-viewer-'));
    await buildHarness(folder);
    film = await makeTestFilm(data ?? '');
    server = await startFrameServer({ folder, page: 'harness.html', ...film });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    Object.assign(server.state, {
      bytesPerSecond: Number.POSITIVE_INFINITY,
      latencyMs: 0,
      refuse: null,
      cutAfterBytes: Number.POSITIVE_INFINITY,
    });
    await page?.context().close();
    expect(faults.splice(0)).toEqual([]);
  });

  async function open(query = '', size = { width: 390, height: 844 }, isPhone = true): Promise<void> {
    const context = await browser.newContext({
      viewport: size,
      deviceScaleFactor: isPhone ? 2 : 1,
      hasTouch: isPhone,
      isMobile: isPhone,
    });
    page = await context.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      // A refused request is the point of one story, and Chromium logs it.
      if (message.type() === 'error' && !message.text().includes('status of 4')) faults.push(message.text());
    });
    touch = await context.newCDPSession(page);
    server.state.requests.length = 0;
    await page.goto(server.url + query);
  }
  const sharp = () =>
    page.waitForFunction(
      () =>
        document.querySelector('.yv-badge')?.hasAttribute('hidden') &&
        document.querySelector('.yv-notice')?.hasAttribute('hidden'),
    );
  const loaded = () =>
    page.waitForFunction(
      () =>
        document.querySelector('.yv-loaded')?.getAttribute('aria-valuenow') ===
        document.querySelector('.yv-loaded')?.getAttribute('aria-valuemax'),
    );
  const text = (selector: string) =>
    page
      .locator(selector)
      .last()
      .textContent()
      .then((words) => words ?? '');
  const slice = async () => Number((await text('.yv-counter')).split(' / ')[0]);
  const corner = (pattern: RegExp) =>
    page
      .locator('.yv-bottomRight')
      .innerText()
      .then((words) => Number(pattern.exec(words)?.[1]));
  const tool = (name: string) => page.locator(`[data-tool="${name}"]`).click();
  const frame = () =>
    page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const fingers = async (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) => {
    await touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    await frame();
  };
  async function slideTo(number: number): Promise<void> {
    await page.locator('.yv-slider').fill(String(number));
    await page.waitForFunction(
      (wanted) => document.querySelector('.yv-counter')?.textContent?.startsWith(`${wanted} /`),
      number,
    );
  }
  async function swipe(from: [number, number], to: [number, number], steps = 6): Promise<void> {
    await fingers('touchStart', from);
    for (let i = 1; i <= steps; i++)
      await fingers('touchMove', [
        from[0] + ((to[0] - from[0]) * i) / steps,
        from[1] + ((to[1] - from[1]) * i) / steps,
      ]);
    await fingers('touchEnd');
  }

  it('opens in the middle of the largest series, sharp, with tools large enough for a thumb', async () => {
    await open();
    await sharp();
    expect(await text('.yv-counter')).toBe('106 / 211');
    expect(await page.locator('.yv-root').getAttribute('data-renderer')).toBe('webgl2');
    for (const box of await page
      .locator('.yv-button')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()))) {
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
      expect(box.right).toBeLessThanOrEqual(390);
    }
    expect(await page.locator('.yv-button').allInnerTexts()).toEqual([
      '滚动',
      '窗宽窗位',
      '缩放',
      '平移',
      '测长',
      '点值',
      '预设窗',
      '播放',
      '旋转',
      '左右镜像',
      '上下镜像',
      '反色',
      '信息',
      '复位',
    ]);
    await loaded();
    await page.screenshot({ path: path.join(shots, 'viewer-phone-open.png') });
  });

  it('shows on the canvas the pixels of the file: the decoded slice through the same window', async () => {
    await open('?renderer=canvas');
    await sharp();
    await frame();
    const { attributes } = { attributes: film.manifest.series[0].frames[105] };
    const raw = new Uint16Array(film.pixels.get('1.2.3.1')[105].slice().buffer);
    // The canvas fall-back has one pixel per CSS pixel: find the pixel under the canvas' middle and compute its grey by hand.
    const shown = await page.evaluate(() => {
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

  it('a swipe scrolls slices and stops with the finger', async () => {
    await open();
    await loaded();
    await swipe([195, 400], [195, 250]);
    const after = await slice();
    expect(after).toBeGreaterThan(120);
    await page.waitForTimeout(300);
    expect(await slice()).toBe(after);
    await swipe([195, 250], [195, 400]);
    expect(await slice()).toBe(106);
    await sharp();
    await page.screenshot({ path: path.join(shots, 'viewer-phone-scrolled.png') });
  });

  it('a pinch zooms exactly 1 : 1, two fingers pan, a double tap fits', async () => {
    await open();
    await sharp();
    const fit = await corner(/缩放 (\d+)%/);
    await fingers('touchStart', [145, 300]);
    await fingers('touchStart', [145, 300], [245, 300]);
    for (let i = 1; i <= 10; i++) await fingers('touchMove', [145 - i * 5, 300], [245 + i * 5, 300]);
    await fingers('touchEnd');
    // 100 pixels between the fingers became 200
    expect(Math.abs((await corner(/缩放 (\d+)%/)) - 2 * fit)).toBeLessThanOrEqual(1);
    expect(await slice()).toBe(106);
    await page.screenshot({ path: path.join(shots, 'viewer-phone-pinched.png') });
    await fingers('touchStart', [195, 300]);
    await fingers('touchEnd');
    await fingers('touchStart', [195, 300]);
    await fingers('touchEnd');
    expect(await corner(/缩放 (\d+)%/)).toBe(fit);
  });

  it('keeps the anatomy under the fingers: what they held before and after a pinch is the same pixel', async () => {
    await open();
    await sharp();
    await tool('point');
    const valueAt = async (x: number, y: number) => {
      await fingers('touchStart', [x, y]);
      await fingers('touchEnd');
      return (
        /（(\d+), (\d+)）/
          .exec((await text('.yv-label')) ?? '')
          ?.slice(1)
          .map(Number) ?? []
      );
    };
    const before = [await valueAt(120, 260), await valueAt(260, 340)];
    await fingers('touchStart', [120, 260]);
    await fingers('touchStart', [120, 260], [260, 340]);
    // apart along their line (× 1.5 around their middle) and together by (12, -20)
    for (let i = 1; i <= 8; i++) {
      const k = (1 + 0.5 * (i / 8)) * 1;
      const move = (x: number, y: number): [number, number] => [
        190 + (x - 190) * k + (12 * i) / 8,
        300 + (y - 300) * k - (20 * i) / 8,
      ];
      await fingers('touchMove', move(120, 260), move(260, 340));
    }
    await fingers('touchEnd');
    const after = [await valueAt(190 - 105 + 12, 300 - 60 - 20), await valueAt(190 + 105 + 12, 300 + 60 - 20)];
    for (const [i, point] of before.entries()) {
      for (const axis of [0, 1])
        expect(Math.abs((point[axis] ?? -99) - (after[i]?.[axis] ?? 99))).toBeLessThanOrEqual(1);
    }
  });

  it('a window drag changes the window, a preset sets it, reset takes it back', async () => {
    await open();
    await sharp();
    expect(await corner(/窗宽 (-?[\d.]+)/)).toBe(2000);
    await tool('window');
    await swipe([100, 300], [220, 330]);
    expect(await corner(/窗宽 (-?[\d.]+)/)).toBeGreaterThan(2500);
    expect(await corner(/窗位 (-?[\d.]+)/)).toBeGreaterThan(-450);
    await tool('presets');
    await page.screenshot({ path: path.join(shots, 'viewer-phone-presets.png') });
    await page.getByRole('menuitem', { name: /纵隔窗/ }).click();
    await frame();
    expect([await corner(/窗宽 (-?[\d.]+)/), await corner(/窗位 (-?[\d.]+)/)]).toEqual([400, 40]);
    await page.screenshot({ path: path.join(shots, 'viewer-phone-mediastinum.png') });
    await tool('reset');
    await frame();
    expect(await corner(/窗宽 (-?[\d.]+)/)).toBe(2000);
  });

  it('measures in millimetres and shows HU, but only on the stored pixels', async () => {
    server.state.bytesPerSecond = 60_000;
    await open();
    await page.waitForFunction(() => document.querySelector('.yv-counter')?.textContent === '106 / 211');
    await tool('length');
    await swipe([95, 300], [295, 300]);
    expect(await text('.yv-label')).toBe('原图加载后显示');
    server.state.bytesPerSecond = Number.POSITIVE_INFINITY;
    await sharp();
    // 200 of 390 CSS pixels of a 512-pixel image at 0.78125 mm
    const mm = Number(/([\d.]+) mm/.exec(await text('.yv-label'))?.[1]);
    expect(Math.abs(mm - (200 / 390) * 512 * 0.78125)).toBeLessThan(1.5);
    await page.screenshot({ path: path.join(shots, 'viewer-phone-length.png') });
    await tool('point');
    await fingers('touchStart', [195, 230]);
    await fingers('touchEnd');
    const [, unit, value, column, row] = /(HU|值) (-?[\d.]+)（(\d+), (\d+)）/.exec(await text('.yv-label')) ?? [];
    expect(unit).toBeDefined();
    const attributes = film.manifest.series[0].frames[105];
    const raw = new Uint16Array(film.pixels.get('1.2.3.1')[105].slice().buffer);
    expect(Number(value)).toBe(
      (raw[Number(row) * 512 + Number(column)] ?? 0) * attributes.rescaleSlope + attributes.rescaleIntercept,
    );
    await page.screenshot({ path: path.join(shots, 'viewer-phone-point.png') });
  });

  it('says that a preview is a preview, and asks for no byte twice on the way to sharp', async () => {
    server.state.bytesPerSecond = 1_250_000;
    server.state.latencyMs = 40;
    await open();
    await loaded();
    server.state.bytesPerSecond = 30_000;
    await slideTo(20);
    await page.waitForFunction(() => /预览 1\/[48]/.test(document.querySelector('.yv-badge')?.textContent ?? ''));
    await page.screenshot({ path: path.join(shots, 'viewer-phone-preview.png') });
    server.state.bytesPerSecond = Number.POSITIVE_INFINITY;
    await sharp();
    const focus = server.state.requests.filter(
      (request: Record<string, string>) => request.from === '19' && request.reduce === '0',
    );
    expect(focus[0]?.have).toMatch(/^[23]$/);
  });

  it('survives a broken line, and wipes itself when access is taken away', async () => {
    await open();
    await sharp();
    server.state.cutAfterBytes = 30_000;
    await slideTo(5);
    await page.waitForTimeout(900);
    server.state.cutAfterBytes = Number.POSITIVE_INFINITY;
    await sharp();
    expect(await slice()).toBe(5);
    server.state.refuse = { status: 404, code: 'share-unavailable' };
    // Where the background asks first, the viewer has closed before the slider moves.
    await page
      .locator('.yv-slider')
      .fill('200', { timeout: 2000 })
      .catch(() => undefined);
    await page.waitForSelector('body[data-access="lost"]');
    expect(await page.locator('.yv-canvas').count()).toBe(0);
    expect(await page.locator('.yv-verdict').innerText()).toBe('访问已失效');
    expect(await page.evaluate(() => document.body.textContent)).not.toContain('张*');
    await page.screenshot({ path: path.join(shots, 'viewer-phone-access-lost.png') });
  });

  it('turns, mirrors and inverts with the letters following, changes series, plays', async () => {
    await open();
    await sharp();
    const letters = async () => (await page.locator('.yv-letter').allInnerTexts()).join('');
    expect(await letters()).toBe('RLAP');
    await tool('rotate');
    await frame();
    expect(await letters()).toBe('PARL');
    await tool('mirrorH');
    await frame();
    expect(await letters()).toBe('APRL');
    await tool('invert');
    await frame();
    await page.screenshot({ path: path.join(shots, 'viewer-phone-turned.png') });
    await page.locator('.yv-series').nth(1).click();
    await sharp();
    expect(await text('.yv-counter')).toBe('31 / 60');
    await page.screenshot({ path: path.join(shots, 'viewer-phone-mr.png') });
    await loaded();
    await tool('cine');
    await page.waitForTimeout(700);
    expect(await text('[data-tool="cine"]')).toBe('停止');
    await tool('cine');
    expect(await slice()).not.toBe(31);
    await page.locator('.yv-series').nth(2).click();
    await sharp();
    await page.screenshot({ path: path.join(shots, 'viewer-phone-colour.png') });
  });

  it('plays a JPEG cine at the recorded rate, in the colours dcmtk decodes', async () => {
    await open();
    await sharp();
    await page.locator('.yv-series').nth(3).click();
    await sharp();
    expect(await text('.yv-counter')).toBe('1 / 27');
    await loaded();
    await page.screenshot({ path: path.join(shots, 'viewer-phone-cine.png') });
    await tool('point');
    await fingers('touchStart', [200, 240]);
    await fingers('touchEnd');
    const [, r, g, b, column, row] = (
      /RGB (\d+), (\d+), (\d+)（(\d+), (\d+)）/.exec(await text('.yv-label')) ?? []
    ).map(Number);
    const theirs = await rgbByDcmtk(path.join(data ?? '', 'dicom'), Number(column), Number(row));
    for (const [i, ours] of [r, g, b].entries())
      expect(Math.abs((ours ?? -99) - (theirs[i] ?? 99))).toBeLessThanOrEqual(4);
    const started = await page.evaluate(() => performance.now());
    await tool('cine');
    await page.waitForTimeout(500);
    await tool('cine');
    const passed = (await page.evaluate(() => performance.now())) - started;
    expect((await slice()) - 1).toBeLessThanOrEqual(Math.ceil(passed / 47) % 27);
    expect(await slice()).toBeGreaterThan(1);
  });

  it('works on a desk with mouse, wheel and keys, and in WebGL1', async () => {
    await open('?renderer=webgl1', { width: 1440, height: 900 }, false);
    await sharp();
    expect(await page.locator('.yv-root').getAttribute('data-renderer')).toBe('webgl1');
    await page.mouse.move(700, 300);
    await page.mouse.wheel(0, 100);
    await frame();
    expect(await slice()).toBe(107);
    await page.locator('.yv-stage').focus();
    for (const key of ['ArrowDown', 'PageUp', 'r', 'h', 'i']) await page.keyboard.press(key);
    await frame();
    expect(await slice()).toBe(98);
    await page.keyboard.press('0');
    await page.mouse.move(700, 300);
    await page.mouse.down({ button: 'right' });
    await page.mouse.move(760, 320, { steps: 4 });
    await page.mouse.up({ button: 'right' });
    await frame();
    expect(await corner(/窗宽 (-?[\d.]+)/)).toBeGreaterThan(2000);
    await sharp();
    await page.screenshot({ path: path.join(shots, 'viewer-desk.png') });
  });
});
