// The weapp test host against a small native mini-program that keeps and breaks WeChat's rules: what the real thing refuses, the host refuses.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkWithWcc } from './weapp-host/check-with-wcc.mjs';
import { flags, openWeapp } from './weapp-host/open-weapp.mjs';
import { readProgram } from './weapp-host/read-program.mjs';

const dist = path.join(import.meta.dirname, 'weapp-host/fixture');
const shots = path.join(import.meta.dirname, 'screenshots');
const domain = 'https://api.hospital.example';

describe('the weapp host', () => {
  let browser;
  let api;
  let app;
  let mayHaveErrors = false;
  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
    api = await startEcho();
  });
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });
  beforeEach(() => {
    mayHaveErrors = false;
  });
  afterEach(async () => {
    const errors = (await app?.consoleErrors()) ?? [];
    await app?.close();
    app = undefined;
    if (!mayHaveErrors) expect(errors).toEqual([]);
  });

  const open = async (more = {}) =>
    (app = await openWeapp({ dist, browser, apiOrigin: api.origin, apiDomain: domain, ...more }));
  /** Runs one of fixture/probes.js inside the mini-program and answers what it put on the screen. */
  const probe = async (name, { query = {}, ...more } = {}) => {
    await open({ launch: { path: 'pages/second/second', query: { probe: name, ...query } }, ...more });
    return answer();
  };
  const answer = async () => {
    await app.browserPage.waitForFunction(() => /[答错] /.test(document.querySelector('.wxh-top')?.innerText ?? ''));
    const text = /([答错]) (.*)/.exec(await app.text());
    return text[1] === '答' ? (text[2] === 'undefined' ? undefined : JSON.parse(text[2])) : { error: text[2] };
  };
  /** What WeChat would refuse while a probe runs. */
  const faultsOf = async (name, { query = {} } = {}) => {
    await open();
    const search = Object.entries({ probe: name, ...query }).map(([key, value]) => `${key}=${value}`);
    await app.browserPage.evaluate(
      (url) => window.__wxHost.callWx('navigateTo', { url }),
      `/pages/second/second?${search.join('&')}`,
    );
    await answer();
    return app.takeFaults();
  };
  const at = (pathname) => ({ query: { path: encodeURIComponent(domain + pathname) } });

  describe('shows a page', () => {
    it('from WXML, WXS and WXSS: rpx, @import, isolated component styles', async () => {
      await open();
      expect(await app.text()).toContain('你好！');
      const box = (id) => app.find(id).boundingBox();
      expect((await box('#half')).width).toBeCloseTo(195, 1); // 375 of 750 rpx on a 390 point screen
      expect((await box('#half')).height).toBeCloseTo(52, 1);
      expect((await box('#inline')).width).toBeCloseTo(39, 1);
      const color = (selector) => app.find(selector).evaluate((element) => getComputedStyle(element).color);
      expect(await color('#name')).toBe('rgb(1, 2, 3)');
      expect(await color('#label')).toBe('rgb(200, 0, 0)');
      await app.screenshot(path.join(shots, 'weapp-host-fixture.png'));
    });

    it('with bars as WeChat draws them, and counts distances from under them', async () => {
      await open();
      expect(await app.text()).toContain('测试小程序');
      expect((await app.find('#name').boundingBox()).y).toBe(91); // 47 status bar + 44 navigation bar
    });

    it('with WebGL on a canvas that only a selector query gives', async () => {
      await open();
      await delay(300);
      const look = await app.look('#film');
      expect(look.brightShare).toBeCloseTo(0.5, 1); // the left half was cleared to black, the right to white
    });
  });

  describe('hears fingers', () => {
    it('and lets a tap bubble, unless it is caught', async () => {
      await open();
      await app.tap('#bubble');
      await app.waitForText('outer bubble outer');
      await app.tap('#inner');
      await app.waitForText('outer bubble outer; inner inner');
      expect(await app.text()).not.toContain('outer inner');
    });

    it("and gives touches and changedTouches in WeChat's shape", async () => {
      await open();
      await app.touch('#pad', [
        [10, 10],
        [60, 40],
      ]);
      const { touches } = await app.pageData();
      expect(touches.map(({ type }) => type)).toEqual(expect.arrayContaining(['touchstart', 'touchmove', 'touchend']));
      const box = await app.find('#pad').boundingBox();
      const [first] = touches;
      expect(Object.keys(first).sort()).toEqual([
        'changedTouches',
        'currentTarget',
        'detail',
        'mark',
        'mut',
        'target',
        'timeStamp',
        'touches',
        'type',
      ]);
      expect(first.touches[0]).toMatchObject({
        identifier: 0,
        clientX: 10,
        clientY: box.y - 91 + 10,
        pageX: 10,
        pageY: box.y - 91 + 10,
      });
      expect(touches.at(-1)).toMatchObject({ type: 'touchend', touches: [], changedTouches: [{ identifier: 0 }] });
    });

    it('and a long press, which is not a tap', async () => {
      await open();
      await app.longPress('#pad');
      expect((await app.pageData()).touches.map(({ type }) => type)).toEqual(['touchstart', 'longpress', 'touchend']);
    });

    it('and gives a canvas x and y of its own', async () => {
      await open();
      await app.touch('#film', [
        [5, 6],
        [50, 60],
      ]);
      const { canvasTouch } = await app.pageData();
      expect(canvasTouch.touches[0]).toEqual({ identifier: 0, x: expect.closeTo(50, 0), y: expect.closeTo(60, 0) });
    });

    it('and types with a number keyboard, which has no letters', async () => {
      await open();
      await app.type('手机号', '138a0013b8000');
      await app.waitForText('输入 13800138000');
    });

    it('and ticks a box through its label', async () => {
      await open();
      await app.tap('同意');
      await app.waitForText('勾选 yes');
    });
  });

  describe("has WeChat's components", () => {
    beforeEach(() => open({ launch: { path: 'pages/parts/parts' } }));
    afterEach(() => app.screenshot(path.join(shots, 'weapp-host-parts.png')));

    it('a form of switch, picker, input and textarea', async () => {
      await app.tap('#large');
      await app.tap('有效期 0');
      await app.tap('七天');
      await app.screenshot(path.join(shots, 'weapp-host-picker.png'));
      await app.tap('确定');
      await app.waitForText('有效期 1');
      await app.type('姓名', '张三丰丰');
      await app.type('备注', '无');
      await app.tap('提交');
      await app.waitForText('提交 {"large":true,"days":1,"name":"张三丰","note":"无"}'); // maxlength 3
    });

    it('a picker of dates, and radios of which one is chosen', async () => {
      await app.tap(/^日期/);
      await app.browserPage.locator('.wxh-wheel').nth(2).getByText('05', { exact: true }).tap();
      await app.tap('确定');
      await app.waitForText('日期 2026-11-05');
      await app.tap('甲');
      await app.tap('乙');
      await app.waitForText('选 b');
      expect(await app.find('wx-radio[data-checked]').count()).toBe(1);
    });

    it('a slider, a scroll-view and a swiper under a finger', async () => {
      const { width } = await app.find('#slider').boundingBox();
      await app.touch('#slider', [
        [width / 2, 14],
        [width - 5, 14],
      ]);
      expect((await app.pageData()).slid).toBe(9);
      await app.touch('#box', [
        [50, 55],
        [50, -300],
      ]);
      await delay(500);
      const { scrolled, lower } = await app.pageData();
      expect(scrolled).toMatchObject({ scrollLeft: 0, scrollHeight: 300 });
      expect(scrolled.scrollTop).toBeGreaterThan(100);
      expect(lower).toBe(true);
      await app.touch('#swiper', [
        [300, 30],
        [40, 30],
      ]);
      expect((await app.pageData()).swiped).toMatchObject({ current: 1, source: 'touch' });
    });

    it('rich text without scripts, and images that tell their size', async () => {
      expect(await app.find('#rich').innerHTML()).toBe('<p class="p">粗<b>体</b></p>');
      expect((await app.pageData()).picture).toEqual({ width: 40, height: 20 });
      expect((await app.find('#picture').boundingBox()).height).toBeCloseTo(40, 0); // widthFix: 80 wide, as 40 × 20
    });

    it('a caught capture, and a button that shares with its own data', async () => {
      await app.tap('里面');
      await app.waitForText('捕获');
      expect(await app.text()).not.toContain('冒泡到外面');
      await app.tap('转发');
      expect((await app.pageData()).shared).toEqual({ from: 'button', what: 'film' });
    });

    it('a card to a friend only where it leads to a page', async () => {
      expect((await app.shareMessage()).path).toBe('/pages/home/home');
      await app.callWx('redirectTo', { url: '/pages/second/second' });
      await app.shareMessage();
      expect(await app.takeFaults()).toEqual([
        'onShareAppMessage: "pages/nowhere/nowhere" is not a page of this mini-program',
      ]);
    });

    it('a page of its own bars, and packages fetched ahead by preloadRule', async () => {
      expect((await app.find('#large').boundingBox()).y).toBeLessThan(47);
      expect(app.packages()).toEqual(['(main)', 'more/']);
    });
  });

  it('goes to the background and back, and warns of memory', async () => {
    await open();
    await app.toBackground();
    await app.toForeground();
    expect(await life()).toEqual(['load {}', 'show', 'ready', 'hide', 'show']);
    const heard = app.browserPage.evaluate(
      () => new Promise((resolve) => window.__wxHost.onWx('onMemoryWarning', ({ level }) => resolve(level))),
    );
    await app.warnOfMemory(15);
    expect(await heard).toBe(15);
  });

  describe('moves between pages', () => {
    it("with WeChat's lifecycle", async () => {
      await open({ launch: { path: 'pages/home/home', query: { a: '1' }, scene: 1047 } });
      await app.callWx('navigateTo', { url: '/pages/second/second?id=7' });
      await app.waitForText('第二页 7');
      expect(await app.pageStack()).toEqual([
        { path: 'pages/home/home', query: { a: '1' } },
        { path: 'pages/second/second', query: { id: '7' } },
      ]);
      await app.back();
      await app.waitForPage('pages/home/home');
      await app.pullDown();
      expect(await life()).toEqual(['load {"a":"1"}', 'show', 'ready', 'hide', 'show', 'pull']);
    });

    it('and tells a page that its end has been reached', async () => {
      await open();
      await app.browserPage.evaluate(() => document.querySelector('.wxh-top .wxh-scroller').scrollTo(0, 9999));
      await delay(200);
      expect(await life()).toContain('bottom');
    });

    it('between tabs, which stay alive', async () => {
      await open();
      await app.browserPage.locator('.wxh-top .wxh-tab').nth(1).tap();
      await app.waitForText('我的页面');
      expect(await app.pageStack()).toEqual([{ path: 'pages/tab/tab', query: {} }]);
      await app.browserPage.locator('.wxh-top .wxh-tab').first().tap();
      await app.waitForText('你好！');
      expect(await life()).toEqual(['load {}', 'show', 'ready', 'hide', 'show']);
    });

    it('and fetches a sub-package only when one of its pages is opened', async () => {
      await open({ launch: { path: 'pages/second/second', query: { probe: 'subPackage' } } });
      await app.waitForText('子包页 子包');
      expect(app.packages()).toEqual(['(main)', 'more/']);
      await app.close();
      await open();
      expect(app.packages()).toEqual(['(main)']);
    });

    it('but not deeper than ten, not to a tab by navigateTo, not to a page that is not there', async () => {
      await open({ launch: { path: 'pages/second/second', query: { probe: 'goDeep' } } });
      await app.waitForText('第二页 8');
      await delay(300);
      expect(await app.pageStack()).toHaveLength(10);
      await app.close();
      expect(await probe('tabByNavigate')).toEqual({ error: 'navigateTo:fail can not navigateTo a tabbar page' });
      await app.close();
      expect(await probe('nowhere')).toEqual({ error: 'navigateTo:fail page "pages/nowhere/nowhere" is not found' });
    });

    it('and a file of another package cannot be required', async () => {
      expect((await probe('requireSubPackage')).error).toContain('another sub-package');
    });
  });

  describe('gives JavaScript no browser', () => {
    it('no window, document, fetch, URL, Proxy, crypto, WebAssembly, and no way round by this or globalThis', async () => {
      const { promise, wxWebAssembly, thisIs, ...hidden } = await probe('globals');
      expect({ promise, wxWebAssembly, thisIs }).toEqual({
        promise: 'function',
        wxWebAssembly: 'object',
        thisIs: 'undefined',
      });
      expect(new Set(Object.values(hidden))).toEqual(new Set(['undefined']));
    });

    it.each(['evaluate', 'makeFunction', 'constructor'])('no code from text: %s', async (name) => {
      mayHaveErrors = true; // the browser reports the broken policy
      expect((await probe(name)).error).toMatch(/not available|Content Security Policy|unsafe-eval/);
    });

    it('but `return this` and instanceof Function, which libraries use', async () => {
      expect(await probe('returnThis')).toBe('object');
      await app.close();
      expect(await probe('isFunction')).toBe(true);
    });

    it('WXWebAssembly from a file of the package only', async () => {
      expect(await probe('wasm')).toBe(42);
      await app.close();
      expect((await probe('wasmBytes')).error).toContain('only a package path');
    });
  });

  describe("keeps WeChat's limits", () => {
    it('storage: round trip, 1 MB a key, 10 MB in all', async () => {
      expect(await probe('storage', { storage: { old: 1 } })).toEqual({ b: [1, 2], missing: '', keys: ['old', 'a'] });
      expect(await app.storage()).toEqual({ old: 1, a: { b: [1, 2] } });
      await app.close();
      expect((await probe('storageTooLarge')).error).toBe('setStorageSync:fail entry size limit reached');
      await app.close();
      expect((await probe('storageFull')).error).toBe('setStorageSync:fail storage size limit reached');
    });

    it('files: its own area, and the package to read', async () => {
      expect(await probe('files')).toEqual({ text: '影云', names: ['note.txt'], own: '包内文件' });
      await app.close();
      expect((await probe('foreignFile')).error).toContain('permission denied');
    });

    it('setData: nothing that JSON cannot carry, and 1 MB at once', async () => {
      expect(await faultsOf('setFunction')).toEqual([expect.stringContaining('work is a function')]);
      await app.close();
      expect(await faultsOf('setTooMuch')).toEqual([expect.stringContaining('the limit is 1048576')]);
    });

    it('a wx call that this host lacks fails the test by name; one that WeChat lacks is undefined', async () => {
      await expect(probe('unknown')).rejects.toThrow('wx.startBluetoothDevicesDiscovery is called');
      await open();
      await app.browserPage.evaluate(() =>
        window.__wxHost.callWx('navigateTo', { url: '/pages/second/second?probe=unknown' }),
      );
      await answer();
      await expect(app.tap('第二页')).rejects.toThrow('wx.startBluetoothDevicesDiscovery is called');
      await app.takeFaults();
      await app.close();
      expect(await probe('undocumented')).toBe('undefined');
    });

    it('an error of the mini-program is told', async () => {
      mayHaveErrors = true;
      await open({ launch: { path: 'pages/second/second', query: { probe: 'lost' } } });
      await delay(300);
      expect((await app.consoleErrors()).join()).toContain("reading 'lost'");
    });
  });

  describe('asks the network as WeChat does', () => {
    it("JSON, bytes, POST, with WeChat's own Referer", async () => {
      const { data, statusCode } = await probe('request', at('/echo?x=1'));
      expect(statusCode).toBe(200);
      expect(data).toMatchObject({ method: 'GET', url: '/echo?x=1' });
      expect(data.headers.referer).toMatch(/^https:\/\/servicewechat\.com\/.+\/0\/page-frame\.html$/);
      expect(data.headers['user-agent']).toContain('MicroMessenger');
      expect(data.headers.cookie).toBeUndefined();
      await app.close();
      expect(await probe('bytes', at('/bytes'))).toEqual([0, 255, 128]);
      await app.close();
      expect(await probe('post', at('/echo'))).toMatchObject({ method: 'POST', body: '{"name":"影云"}' });
    });

    it('an answer of any status is a success; the page decides', async () => {
      expect(await probe('request', at('/refused'))).toMatchObject({ statusCode: 403 });
    });

    it.each([
      ['another domain', 'https://elsewhere.example/'],
      ['plain HTTP', 'http://api.hospital.example/echo'],
      ['another port', 'https://api.hospital.example:8443/echo'],
    ])('not to %s', async (_, url) => {
      expect(await probe('request', { query: { path: encodeURIComponent(url) } })).toEqual({
        error: 'request:fail url not in domain list',
      });
    });

    it('no PATCH, no Referer of its own', async () => {
      expect((await probe('patch', at('/echo'))).error).toContain('PATCH is not supported');
      await app.close();
      expect(await faultsOf('referer', at('/echo'))).toEqual(['wx.request: the header Referer cannot be set']);
    });

    it('at most ten at a time, and the rest in turn', async () => {
      expect(await probe('many', at('/wait?ms=400'))).toBe(25);
      expect(api.mostAtOnce()).toBe(10);
    });

    it('with a time-out, an abort, and chunks as they come', async () => {
      expect(await probe('slow', at('/wait?ms=3000'))).toEqual({ error: 'request:fail timeout' });
      await app.close();
      expect(await probe('abort', at('/wait?ms=3000'))).toEqual({ error: 'request:fail abort' });
      await app.close();
      expect(await probe('chunked', at('/drip'))).toEqual({ hasChunks: true, bytes: 3000 });
    });

    it('not at all without a line', async () => {
      expect(await probe('network', { network: { networkType: 'none' } })).toBe('none');
      await app.close();
      expect((await probe('request', { ...at('/echo'), network: { networkType: 'none' } })).error).toMatch(
        /^request:fail/,
      );
    });
  });

  describe('asks the user', () => {
    it('in a modal, an action sheet, and for the album', async () => {
      await open({ launch: { path: 'pages/second/second', query: { probe: 'modal' } } });
      await app.waitForText('确定要撤销吗');
      await app.screenshot(path.join(shots, 'weapp-host-modal.png'));
      await app.tap('确定');
      expect(await answer()).toBe(true);
      await app.close();
      await open({ launch: { path: 'pages/second/second', query: { probe: 'sheet' } } });
      await app.tap('七天');
      expect(await answer()).toBe(1);
      await app.close();
      await open({ launch: { path: 'pages/second/second', query: { probe: 'album' } } });
      await app.tap('拒绝');
      expect(await answer()).toEqual({ error: 'saveImageToPhotosAlbum:fail auth deny' });
    });

    it('nothing when something is copied, but says so', async () => {
      await probe('clipboard');
      expect(await app.clipboard()).toBe('口令');
      expect((await app.sheet()).toast).toBe('内容已复制');
    });
  });

  describe('refuses an upload', () => {
    const work = mkdtempSync(path.join(os.tmpdir(), 'yingyun-weapp-'));
    afterAll(() => rmSync(work, { recursive: true, force: true }));
    const broken = (name, change) => {
      const folder = path.join(work, name);
      cpSync(dist, folder, { recursive: true });
      change(folder);
      return folder;
    };

    it('of a package over 2 MB, and of more than 20 MB in all', () => {
      const large = broken('large', (folder) =>
        writeFileSync(path.join(folder, 'more/big.bin'), Buffer.alloc(2 * 1024 * 1024)),
      );
      expect(() => readProgram(large)).toThrow(/package more\/ has \d+ bytes/);
      const many = broken('many', (folder) => {
        const app = JSON.parse(readFileSync(path.join(folder, 'app.json'), 'utf8'));
        for (let i = 0; i < 11; i++) {
          app.subPackages.push({ root: `p${i}`, pages: [] });
          mkdirSync(path.join(folder, `p${i}`));
          writeFileSync(path.join(folder, `p${i}/big.bin`), Buffer.alloc(2 * 1024 * 1024 - 1000));
        }
        writeFileSync(path.join(folder, 'app.json'), JSON.stringify(app));
      });
      expect(() => readProgram(many)).toThrow(/all packages together/);
    });

    it('of a page without its files', () => {
      const lost = broken('lost', (folder) => rmSync(path.join(folder, 'pages/tab/tab.wxml')));
      expect(() => readProgram(lost)).toThrow('pages/tab/tab.wxml is missing');
    });

    it('of templates and styles that do not compile', async () => {
      mayHaveErrors = true;
      const wxml = broken('wxml', (folder) =>
        writeFileSync(path.join(folder, 'pages/home/home.wxml'), '<view>{{a +}}</view><view'),
      );
      await expect(openWeapp({ dist: wxml, browser })).rejects.toThrow('pages/home/home.wxml');
      const wxss = broken('wxss', (folder) =>
        writeFileSync(path.join(folder, 'app.wxss'), '.a { background: url(/assets/a.png) }'),
      );
      await expect(openWeapp({ dist: wxss, browser })).rejects.toThrow('cannot be used from WXSS');
    });

    it("by WeChat's own compilers too", () => {
      expect(checkWithWcc(dist)).toEqual([]);
      const wxml = broken('wcc', (folder) =>
        writeFileSync(path.join(folder, 'pages/home/home.wxml'), '<view>{{a +}}</view>'),
      );
      expect(checkWithWcc(wxml).join()).toContain('pages/home/home.wxml');
    });
  });

  const life = () => app.pageField('life');
});

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
