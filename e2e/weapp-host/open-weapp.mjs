// Opens a compiled mini-program on a phone that is Chromium, and gives a test fingers and eyes.
import { chromium } from 'playwright-core';
import { flags } from '../support/chromium-flags.mjs';
import { createApp } from './app-for-tests.mjs';
import { readProgram } from './read-program.mjs';
import { serveProgram } from './serve-program.mjs';

/** Chromium with a software WebGL. */
const userAgent =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN';

/**
 * @param {object} options
 * @param {string} options.dist the compiled mini-program, a folder with app.json
 * @param {string} [options.apiOrigin] where the real server listens, e.g. https://127.0.0.1:7001
 * @param {string} [options.apiDomain] the legal request domain that the mini-program was built for; `apiOrigin` itself unless told
 * @param {Record<string, unknown>} [options.storage] what wx.getStorage finds, as `app.storage()` gave it
 * @param {{networkType?: string, downKbps?: number, latencyMs?: number}} [options.network] "wifi" unless told; "none" is a phone without a
 *   line; a speed holds for code packages and requests alike
 * @param {boolean} [options.hasWebAssembly] false: an old WeChat, without WXWebAssembly
 * @param {number} [options.cpuSlowdown] how many times slower than this machine
 * @param {{path?: string, query?: object, scene?: number}} [options.launch] how the user came in
 * @param {string[]} [options.authorised] permissions already given, e.g. "scope.writePhotosAlbum"
 * @param {string} [options.scanResult] what wx.scanCode reads; without it, the user cancels
 * @param {number} [options.width] [options.height] [options.pixelRatio] of the screen, in points
 * @throws Error where WeChat would refuse the upload, or where the mini-program does not start
 */
export async function openWeapp(options) {
  const { width = 390, height = 844, pixelRatio = 2 } = options;
  const domains =
    options.apiOrigin === undefined ? {} : { [options.apiDomain ?? options.apiOrigin]: options.apiOrigin };
  const settings = {
    device: { width, height, pixelRatio },
    domains,
    storage: options.storage ?? {},
    networkType: options.network?.networkType ?? 'wifi',
    launch: options.launch ?? {},
    authorised: options.authorised ?? [],
    scanResult: options.scanResult,
    hasWebAssembly: options.hasWebAssembly ?? true,
    loginCode: options.loginCode ?? '0a1b2c3d4e5f',
  };
  const program = readProgram(options.dist);
  const server = await serveProgram(program, settings, { domains, userAgent });
  const browser = options.browser ?? (await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags }));
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: pixelRatio,
    hasTouch: true,
    isMobile: true,
    userAgent,
    locale: 'zh-CN',
  });
  const page = await context.newPage();
  const devTools = await context.newCDPSession(page);
  await slowDown(devTools, options);
  const app = createApp({ page, context, server, program, touch: devTools });
  const end = async () => {
    await context.close();
    if (options.browser === undefined) await browser.close();
    await server.close();
  };
  /** Ends everything. Rejects where a fault was left that no action had told yet. */
  app.close = async () => {
    const faults = await app.takeFaults().catch(() => []);
    await end();
    if (faults.length > 0) throw new Error(`WeChat would refuse:\n  ${faults.join('\n  ')}`);
  };
  try {
    await page.goto(`${server.origin}/blank`);
    server.hideNames(await page.evaluate(globalNames));
    await page.goto(`${server.origin}/`);
    await app.started();
  } catch (error) {
    await end();
    throw error;
  }
  return app;
}

async function slowDown(devTools, { network = {}, cpuSlowdown = 1 }) {
  if (cpuSlowdown > 1) await devTools.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
  if (network.downKbps === undefined) return;
  await devTools.send('Network.enable');
  const bytesPerSecond = (network.downKbps * 1000) / 8;
  await devTools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: network.latencyMs ?? 0,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  });
}

/** Every global name of the browser, own and inherited. */
function globalNames() {
  const names = new Set();
  for (let at = window; at !== null; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  return [...names];
}
