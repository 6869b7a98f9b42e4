// Test support: the harness in Chromium, on real DICOM from a small server, with a phone's fingers by CDP.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildHarness, launchChromium } from './chromium.mjs';
import { startFrameServer } from './frame-server.mjs';
import { makeTestFilm } from './test-film.mjs';

const shots = path.resolve(import.meta.dirname, '../../../../e2e/screenshots');

/** One browser and server for a file of tests; `open` begins each with a fresh page. @param {string} testData */
export async function startViewerPages(testData, makeFilm = makeTestFilm) {
  mkdirSync(shots, { recursive: true });
  const folder = mkdtempSync(path.join(tmpdir(), 'yingyun-viewer-'));
  await buildHarness(folder);
  const film = await makeFilm(testData);
  const server = await startFrameServer({ folder, page: 'harness.html', ...film });
  const browser = await launchChromium();
  return {
    film,
    server,
    async stop() {
      await browser.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
    /** The line as fast as it goes, and nobody refused. */
    heal() {
      Object.assign(server.state, { bytesPerSecond: Infinity, latencyMs: 0, refuse: null, cutAfterBytes: Infinity });
    },
    async open(query = '', size = { width: 390, height: 844 }, isPhone = true, script = '') {
      const context = await browser.newContext({
        viewport: size,
        deviceScaleFactor: isPhone ? 2 : 1,
        hasTouch: isPhone,
        isMobile: isPhone,
      });
      if (script !== '') await context.addInitScript(script);
      const page = await context.newPage();
      const faults = [];
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => {
        // A refused request is the point of one story, and Chromium logs it.
        if (message.type() === 'error' && !message.text().includes('status of 4')) faults.push(message.text());
      });
      const touch = await context.newCDPSession(page);
      server.state.requests.length = 0;
      await page.goto(server.url + query);
      return { ...actionsOn(page, touch), page, faults, close: () => context.close() };
    },
  };
}

function actionsOn(page, touch) {
  const text = async (selector) => (await page.locator(selector).last().textContent()) ?? '';
  const frame = () =>
    page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  /** @param {'touchStart' | 'touchMove' | 'touchEnd'} type @param {...[number, number]} points */
  const fingers = async (type, ...points) => {
    await touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    await frame();
  };
  return {
    text,
    frame,
    fingers,
    /** As fast as a person's, however slowly the machine draws. */
    async doubleTap(x, y) {
      for (const type of ['touchStart', 'touchEnd', 'touchStart', 'touchEnd']) {
        await touch.send('Input.dispatchTouchEvent', {
          type,
          touchPoints: type === 'touchStart' ? [{ x, y, id: 0 }] : [],
        });
      }
      await frame();
    },
    /** No badge and no notice: what is shown are the stored pixels. */
    sharp: async () => {
      await frame();
      await page.waitForFunction(() =>
        ['.yv-badge', '.yv-notice'].every((name) => document.querySelector(name)?.hasAttribute('hidden')),
      );
    },
    /** The preview of every slice is there. */
    loaded: async () => {
      await frame();
      await page.waitForFunction(() => {
        const bar = document.querySelector('.yv-loaded');
        return bar?.getAttribute('aria-valuenow') === bar?.getAttribute('aria-valuemax');
      });
    },
    slice: async () => Number((await text('.yv-counter')).split(' / ')[0]),
    /** A number of the lower right corner. @param {RegExp} pattern */
    corner: async (pattern) => Number(pattern.exec(await text('.yv-bottomRight'))?.[1]),
    async tool(name) {
      if (await page.locator('.ym-palette').isVisible())
        await page.getByRole('button', { name: '完成', exact: true }).click();
      await page.locator(`[data-tool="${name}"]`).click();
    },
    /** Takes a measuring tool, whose code comes with the first. */
    async measure(kind) {
      if (!(await page.locator('.ym-palette').isVisible())) await page.locator('[data-tool="measure"]').click();
      await page.locator(`[data-measure="${kind}"]`).click();
    },
    async slideTo(number) {
      await page.locator('.yv-slider').fill(String(number));
      await page.waitForFunction(
        (wanted) => document.querySelector('.yv-counter')?.textContent?.startsWith(`${wanted} /`),
        number,
      );
    },
    async swipe(from, to, steps = 6) {
      await fingers('touchStart', from);
      for (let i = 1; i <= steps; i++) {
        await fingers('touchMove', [
          from[0] + ((to[0] - from[0]) * i) / steps,
          from[1] + ((to[1] - from[1]) * i) / steps,
        ]);
      }
      await fingers('touchEnd');
    },
    screenshot: (name) => page.screenshot({ path: path.join(shots, `${name}.png`) }),
  };
}
