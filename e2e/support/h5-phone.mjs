// A phone with the h5 build in its browser, with the same fingers and eyes as the weapp host's (weapp-host/app-for-tests.mjs).
import { setTimeout as delay } from 'node:timers/promises';
import { correlate, readGreys } from '../weapp-host/app-for-tests.mjs';

const mobile = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const desk = { viewport: { width: 1280, height: 900 } };

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} address of the first page
 * @param {{hasWebAssembly?: boolean, cpuSlowdown?: number, atDesk?: boolean}} [options] `hasWebAssembly: false`: an old browser;
 *   `cpuSlowdown`: how many times slower than this machine; `atDesk`: a computer with a mouse
 */
export async function openH5Phone(browser, address, { hasWebAssembly = true, cpuSlowdown = 1, atDesk = false } = {}) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    ...(atDesk ? desk : mobile),
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
  await page.addInitScript(keepLastBlob);
  const touch = await context.newCDPSession(page);
  if (cpuSlowdown > 1) await touch.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
  const find = (target) =>
    (typeof target === 'string' && /^[#.[]/.test(target)
      ? page.locator(target)
      : page.getByText(target, { exact: true })
    )
      .filter({ visible: true })
      .last();
  const fingers = (type, points) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  /** Where it stands once it stands still: pages slide in. */
  const standing = async (target) => {
    await find(target).tap({ trial: true });
    return find(target).boundingBox();
  };
  const phone = {
    page,
    find,
    tap: (target) => find(target).tap(),
    type: async (placeholder, text) => {
      const field = page.locator(`input[placeholder="${placeholder}"]`).filter({ visible: true }).last();
      await field.click({ trial: true }); // a page that slides in would be scrolled aside by the focus
      await field.fill(text);
    },
    text: () => page.evaluate(() => document.body.innerText),
    waitForText: (text, timeout = 15_000) => page.getByText(text).filter({ visible: true }).last().waitFor({ timeout }),
    waitFor: (target, timeout = 15_000) => find(target).waitFor({ timeout }),
    /** Until the page of this path is on top. */
    waitForPage: (path) => page.waitForURL((url) => url.hash.startsWith(`#/${path}`)),
    async touch(target, points) {
      const { x, y } = await standing(target);
      const [from, to] = points.map(([left, top]) => [x + left, y + top]);
      await fingers('touchStart', [from]);
      for (let step = 1; step <= 6; step++) {
        await fingers('touchMove', [[0, 1].map((axis) => from[axis] + ((to[axis] - from[axis]) * step) / 6)]);
        await delay(16);
      }
      await fingers('touchEnd', []);
    },
    async pinch(target, from, to) {
      const { x, y, width, height } = await standing(target);
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
    /** The PDF that `open` opens in a page of its own. @returns {Promise<Buffer>} */
    async openedPdf(open) {
      const [beside] = await Promise.all([context.waitForEvent('page'), open()]);
      const kept = await page.evaluate(lastBlob);
      if (kept.type !== 'application/pdf' || beside.url() !== kept.address)
        throw new Error(`opened ${beside.url()}, made ${kept.type} ${kept.address}`);
      await beside.close();
      return Buffer.from(kept.base64, 'base64');
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

/** Runs before the page's scripts: its policy lets nobody read a blob back by its address. */
function keepLastBlob() {
  const make = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (blob) => {
    const address = make(blob);
    window.lastBlob = { blob, address };
    return address;
  };
}

async function lastBlob() {
  const { blob, address } = window.lastBlob;
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const base64 = btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(''));
  return { address, type: blob.type, base64 };
}
