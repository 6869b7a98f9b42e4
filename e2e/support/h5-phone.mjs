// A phone with the h5 build in its browser, with the same fingers and eyes as the weapp host's (weapp-host/app-for-tests.mjs).
import { setTimeout as delay } from 'node:timers/promises';
import { correlate, readGreys } from '../weapp-host/app-for-tests.mjs';

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} address of the first page
 * @param {{hasWebAssembly?: boolean}} [options] `hasWebAssembly: false`: an old browser
 */
export async function openH5Phone(browser, address, { hasWebAssembly = true } = {}) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) errors.push(message.text());
  });
  if (!hasWebAssembly) await page.addInitScript('delete globalThis.WebAssembly');
  const touch = await context.newCDPSession(page);
  const find = (target) =>
    (/^[#.[]/.test(String(target)) ? page.locator(target) : page.getByText(target, { exact: true }))
      .filter({ visible: true })
      .last();
  const fingers = (type, points) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  const phone = {
    page,
    tap: (target) => find(target).tap(),
    type: async (placeholder, text) => {
      const field = page.locator(`input[placeholder="${placeholder}"]`).filter({ visible: true }).last();
      await field.fill(text);
    },
    text: () => page.evaluate(() => document.body.innerText),
    waitForText: (text, timeout = 15_000) => page.getByText(text).filter({ visible: true }).last().waitFor({ timeout }),
    async touch(target, points) {
      const { x, y } = await find(target).boundingBox();
      const [from, to] = points.map(([left, top]) => [x + left, y + top]);
      await fingers('touchStart', [from]);
      for (let step = 1; step <= 6; step++) {
        await fingers('touchMove', [[0, 1].map((axis) => from[axis] + ((to[axis] - from[axis]) * step) / 6)]);
        await delay(16);
      }
      await fingers('touchEnd', []);
    },
    async pinch(target, from, to) {
      const { x, y, width, height } = await find(target).boundingBox();
      const apart = (distance) => [-1, 1].map((side) => [x + width / 2 + (side * distance) / 2, y + height / 2]);
      await fingers('touchStart', apart(from));
      for (let step = 1; step <= 10; step++) {
        await fingers('touchMove', apart(from + ((to - from) * step) / 10));
        await delay(16);
      }
      await fingers('touchEnd', []);
    },
    back: () => page.goBack(),
    screenshot: (path, target) =>
      target === undefined ? page.screenshot({ path }) : find(target).screenshot({ path }),
    async look(target) {
      return page.evaluate(readGreys, (await find(target).screenshot()).toString('base64'));
    },
    async likeness(target, png) {
      const shown = (await find(target).screenshot()).toString('base64');
      return page.evaluate(correlate, [shown, png.toString('base64')]);
    },
    clipboard: () => page.evaluate(() => navigator.clipboard.readText()),
    async savePicture() {
      const [download] = await Promise.all([page.waitForEvent('download'), phone.tap('保存二维码图片')]);
      return download.path();
    },
    /** What `open` opens beside the page is a PDF. Headless Chromium has no reader: the address is taken where the page hands it over. */
    async pdfOpened(open) {
      await page.evaluate(() => {
        window.open = (url) => {
          window.openedPdf = url;
          return window;
        };
      });
      await open();
      await page.waitForFunction(() => window.openedPdf !== undefined);
      const head = await page.evaluate(async () => (await (await fetch(window.openedPdf)).text()).slice(0, 5));
      if (head !== '%PDF-') throw new Error(`not a PDF: ${head}`);
    },
    /** The list, asked for anew. */
    refresh: () => page.reload(),
    goOffline: () => page.route('**/api/**', (route) => route.abort()),
    goOnline: () => page.unroute('**/api/**'),
    storage: () => page.evaluate(() => ({ ...localStorage })),
    consoleErrors: async () => errors,
    close: () => context.close(),
  };
  await page.goto(address);
  return phone;
}
