// The weapp host on its fixture, a small native mini-program that keeps and breaks WeChat's rules; for the host's own tests.
import { mkdirSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { openWeapp } from '../weapp-host/open-weapp.mjs';
import { flags } from './chromium-flags.mjs';

export const fixture = path.join(import.meta.dirname, '../weapp-host/fixture');
export const shots = path.join(import.meta.dirname, '../screenshots');
export const domain = 'https://api.hospital.example';

/** The path of `domain` as a probe is asked for it. */
export const at = (pathname) => ({ query: { path: encodeURIComponent(domain + pathname) } });

/**
 * Registers what every test of a file needs: a browser, an API that tells what it was asked, and after each test an end without errors.
 * @returns {object} `app`: the mini-program opened last; `mayHaveErrors`: set by a test that provokes them
 */
export function weappFixture() {
  const host = { app: undefined, api: undefined, browser: undefined, mayHaveErrors: false };
  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    host.browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
    host.api = await startEcho();
  });
  afterAll(async () => {
    await host.browser?.close();
    await host.api?.close();
  });
  beforeEach(() => {
    host.mayHaveErrors = false;
  });
  afterEach(async () => {
    const errors = (await host.app?.consoleErrors()) ?? [];
    await host.app?.close();
    host.app = undefined;
    if (!host.mayHaveErrors) expect(errors).toEqual([]);
  });

  host.open = async (more = {}) => {
    const { browser, api } = host;
    host.app = await openWeapp({ dist: fixture, browser, apiOrigin: api.origin, apiDomain: domain, ...more });
    return host.app;
  };
  /** Runs one of fixture/probes.js inside the mini-program and answers what it put on the screen. */
  host.probe = async (name, { query = {}, ...more } = {}) => {
    await host.open({ launch: { path: 'pages/second/second', query: { probe: name, ...query } }, ...more });
    return host.answer();
  };
  host.answer = async () => {
    await host.app.browserPage.waitForFunction(() =>
      /[答错] /.test(document.querySelector('.wxh-top')?.innerText ?? ''),
    );
    const text = /([答错]) (.*)/.exec(await host.app.text());
    return text[1] === '答' ? (text[2] === 'undefined' ? undefined : JSON.parse(text[2])) : { error: text[2] };
  };
  /** What WeChat would refuse while a probe runs. */
  host.faultsOf = async (name, { query = {} } = {}) => {
    await host.open();
    const search = Object.entries({ probe: name, ...query }).map(([key, value]) => `${key}=${value}`);
    await host.app.browserPage.evaluate(
      (url) => window.__wxHost.callWx('navigateTo', { url }),
      `/pages/second/second?${search.join('&')}`,
    );
    await host.answer();
    return host.app.takeFaults();
  };
  return host;
}

/** An API that tells what it was asked. */
async function startEcho() {
  let now = 0;
  let most = 0;
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url, 'http://api');
    now += 1;
    most = Math.max(most, now);
    response.on('close', () => (now -= 1));
    let body = '';
    for await (const chunk of request) body += chunk;
    if (url.pathname === '/wait') await delay(Number(url.searchParams.get('ms')));
    if (url.pathname === '/refused') response.statusCode = 403;
    if (url.pathname === '/bytes') return response.end(Buffer.from([0, 255, 128]));
    if (url.pathname === '/drip') {
      for (let i = 0; i < 3; i++) {
        response.write(Buffer.alloc(1000));
        await delay(60);
      }
      return response.end();
    }
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    mostAtOnce: () => most,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}
