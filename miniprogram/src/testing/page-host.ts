import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { patientPagePolicy } from '../../../cloudfunctions/src/http/security-headers';
import { MockPatientApi } from './mock-patient-api';

const distFolder = path.resolve(import.meta.dirname, '../../dist/h5');
const screenshotFolder = path.resolve(import.meta.dirname, '../../../e2e/screenshots');
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
};

export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

export interface PatientPageHost {
  readonly api: MockPatientApi;
  readonly origin: string;
  /** The app in a browser context of its own. `faults`: script errors and policy violations. */
  open(options?: BrowserContextOptions): Promise<{ page: Page; faults: string[]; close(): Promise<void> }>;
  screenshot(page: Page, name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Serves the built app (`npm run build`) under the server's own policy beside the mock API, and starts Chromium. */
export async function startPatientPageHost(): Promise<PatientPageHost> {
  const api = new MockPatientApi();
  const server = createServer((request, response) => {
    void (async () => {
      if (await api.handle(request, response)) return;
      const { pathname } = new URL(request.url ?? '/', 'http://mock');
      const file = pathname === '/m/' ? 'index.html' : pathname.replace(/^\/m\//, '');
      const bytes = await readFile(path.join(distFolder, path.normalize(file))).catch(() => undefined);
      if (bytes === undefined) return response.writeHead(404).end();
      response.writeHead(200, {
        'content-type': contentTypes[path.extname(file)] ?? 'application/octet-stream',
        'content-security-policy': patientPagePolicy,
        'x-content-type-options': 'nosniff',
      });
      response.end(bytes);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listening on TCP
  const browser = await launchChromium();
  return {
    api,
    origin,
    open: (options) => openPage(browser, `${origin}/m/`, options ?? phone),
    async screenshot(page, name) {
      await page.screenshot({ path: path.join(screenshotFolder, `${name}.png`), animations: 'disabled' });
    },
    async stop() {
      await browser.close();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

export function launchChromium(): Promise<Browser> {
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

export async function openPage(browser: Browser, url: string, options: BrowserContextOptions) {
  const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'America/New_York', ...options });
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
