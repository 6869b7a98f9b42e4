import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { MockApi } from './mock-api';

const h5Folder = path.resolve(import.meta.dirname, '../..');
const screenshotFolder = path.resolve(h5Folder, '../e2e/screenshots');
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
/** The server's own policy: nothing inline, nothing from elsewhere. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; " +
  "connect-src 'self'; worker-src 'self' blob:; frame-src blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export interface PageHost {
  readonly api: MockApi;
  readonly origin: string;
  readonly distFolder: string;
  /** A page in a browser context of its own, failing the test through `faults` on script errors and policy violations. */
  open(url: string, options?: BrowserContextOptions): Promise<{ page: Page; faults: string[]; close(): Promise<void> }>;
  screenshot(page: Page, name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Builds the web surfaces into a temporary folder, serves them beside the mock API, and starts Chromium. */
export async function startPageHost(): Promise<PageHost> {
  const distFolder = await mkdtemp(path.join(tmpdir(), 'yingyun-h5-'));
  for (const mode of ['production', 'console', 'workstation'])
    await build({
      root: h5Folder,
      configFile: path.join(h5Folder, 'vite.config.ts'),
      mode,
      logLevel: 'warn',
      build: { outDir: distFolder },
    });
  let origin = '';
  const api = new MockApi(() => origin);
  const server = createServer((request, response) => {
    void (async () => {
      if (await api.handle(request, response)) return;
      const { pathname } = new URL(request.url ?? '/', 'http://mock');
      const file = pathname.startsWith('/s/')
        ? 'share.html'
        : ['/console', '/workstation'].includes(pathname)
          ? `${pathname.slice(1)}.html`
          : pathname.slice(1);
      // Compressed, as the real server answers: what the browser counts is what a phone would load.
      const stored = path.join(distFolder, path.normalize(file));
      const bytes = await readFile(`${stored}.gz`).catch(() => undefined);
      if (bytes === undefined) return response.writeHead(404).end();
      const headers = {
        'content-type': contentTypes[path.extname(file)] ?? 'application/octet-stream',
        'content-encoding': 'gzip',
        'content-length': bytes.length,
        'x-content-type-options': 'nosniff',
      };
      const cache = pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store';
      response
        .writeHead(200, { ...headers, 'cache-control': cache, 'content-security-policy': contentSecurityPolicy })
        .end(bytes);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listening on TCP
  const browser = await launchChromium();
  return {
    api,
    origin,
    distFolder,
    open: (url, options) => openPage(browser, new URL(url, origin).href, options),
    async screenshot(page, name) {
      await page.screenshot({ path: path.join(screenshotFolder, `${name}.png`), animations: 'disabled' });
    },
    async stop() {
      await browser.close();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await rm(distFolder, { recursive: true, force: true });
    },
  };
}

function launchChromium(): Promise<Browser> {
  const quiet = [
    '--headless',
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  const webgl = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: [...quiet, ...webgl] });
}

async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    locale: 'zh-CN',
    timezoneId: 'America/New_York',
    colorScheme: 'light',
    ...options,
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // A refused request is logged by the browser itself; the page's words about it are what tests look at.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) faults.push(message.text());
  });
  await page.goto(url);
  return { page, faults, close: () => context.close() };
}

export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};
export const tablet: BrowserContextOptions = { viewport: { width: 820, height: 1180 }, hasTouch: true };
export const desk: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
