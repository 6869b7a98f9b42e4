// What the real thing refuses, the weapp test host refuses: browser globals, storage and package limits, the network, bad uploads.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { at, fixture, weappFixture } from './support/weapp-fixture.mjs';
import { checkWithWcc } from './weapp-host/check-with-wcc.mjs';
import { openWeapp } from './weapp-host/open-weapp.mjs';
import { readProgram } from './weapp-host/read-program.mjs';

describe('the weapp host', () => {
  const host = weappFixture();

  describe('gives JavaScript no browser', () => {
    it('no window, document, fetch, URL, Proxy, crypto, WebAssembly, and no way round by this or globalThis', async () => {
      const { promise, wxWebAssembly, thisIs, ...hidden } = await host.probe('globals');
      expect({ promise, wxWebAssembly, thisIs }).toEqual({
        promise: 'function',
        wxWebAssembly: 'object',
        thisIs: 'undefined',
      });
      expect(new Set(Object.values(hidden))).toEqual(new Set(['undefined']));
    });

    it.each(['evaluate', 'makeFunction', 'constructor'])('no code from text: %s', async (name) => {
      host.mayHaveErrors = true; // the browser reports the broken policy
      expect((await host.probe(name)).error).toMatch(/not available|Content Security Policy|unsafe-eval/);
    });

    it('but `return this` and instanceof Function, which libraries use', async () => {
      expect(await host.probe('returnThis')).toBe('object');
      await host.app.close();
      expect(await host.probe('isFunction')).toBe(true);
    });

    it('WXWebAssembly from a file of the package only', async () => {
      expect(await host.probe('wasm')).toBe(42);
      await host.app.close();
      expect((await host.probe('wasmBytes')).error).toContain('only a package path');
    });
  });

  describe("keeps WeChat's limits", () => {
    it('storage: round trip, 1 MB a key, 10 MB in all', async () => {
      expect(await host.probe('storage', { storage: { old: 1 } })).toEqual({
        b: [1, 2],
        missing: '',
        keys: ['old', 'a'],
      });
      expect(await host.app.storage()).toEqual({ old: 1, a: { b: [1, 2] } });
      await host.app.close();
      expect((await host.probe('storageTooLarge')).error).toBe('setStorageSync:fail entry size limit reached');
      await host.app.close();
      expect((await host.probe('storageFull')).error).toBe('setStorageSync:fail storage size limit reached');
    });

    it('files: its own area, and the package to read', async () => {
      expect(await host.probe('files')).toEqual({ text: '影云', names: ['note.txt'], own: '包内文件' });
      await host.app.close();
      expect((await host.probe('foreignFile')).error).toContain('permission denied');
    });

    it('setData: nothing that JSON cannot carry, and 1 MB at once', async () => {
      expect(await host.faultsOf('setFunction')).toEqual([expect.stringContaining('work is a function')]);
      await host.app.close();
      expect(await host.faultsOf('setTooMuch')).toEqual([expect.stringContaining('the limit is 1048576')]);
    });

    it('a wx call that this host lacks fails the test by name; one that WeChat lacks is undefined', async () => {
      await expect(host.probe('unknown')).rejects.toThrow('wx.startBluetoothDevicesDiscovery is called');
      await host.open();
      await host.app.browserPage.evaluate(() =>
        window.__wxHost.callWx('navigateTo', { url: '/pages/second/second?probe=unknown' }),
      );
      await host.answer();
      await expect(host.app.tap('第二页')).rejects.toThrow('wx.startBluetoothDevicesDiscovery is called');
      await host.app.takeFaults();
      await host.app.close();
      expect(await host.probe('undocumented')).toBe('undefined');
    });

    it('an error of the mini-program is told', async () => {
      host.mayHaveErrors = true;
      await host.open({ launch: { path: 'pages/second/second', query: { probe: 'lost' } } });
      await delay(300);
      expect((await host.app.consoleErrors()).join()).toContain("reading 'lost'");
    });
  });

  describe('asks the network as WeChat does', () => {
    it("JSON, bytes, POST, with WeChat's own Referer", async () => {
      const { data, statusCode } = await host.probe('request', at('/echo?x=1'));
      expect(statusCode).toBe(200);
      expect(data).toMatchObject({ method: 'GET', url: '/echo?x=1' });
      expect(data.headers.referer).toMatch(/^https:\/\/servicewechat\.com\/.+\/0\/page-frame\.html$/);
      expect(data.headers['user-agent']).toContain('MicroMessenger');
      expect(data.headers.cookie).toBeUndefined();
      await host.app.close();
      expect(await host.probe('bytes', at('/bytes'))).toEqual([0, 255, 128]);
      await host.app.close();
      expect(await host.probe('post', at('/echo'))).toMatchObject({ method: 'POST', body: '{"name":"影云"}' });
    });

    it('an answer of any status is a success; the page decides', async () => {
      expect(await host.probe('request', at('/refused'))).toMatchObject({ statusCode: 403 });
    });

    it.each([
      ['another domain', 'https://elsewhere.example/'],
      ['plain HTTP', 'http://api.hospital.example/echo'],
      ['another port', 'https://api.hospital.example:8443/echo'],
    ])('not to %s', async (_, url) => {
      expect(await host.probe('request', { query: { path: encodeURIComponent(url) } })).toEqual({
        error: 'request:fail url not in domain list',
      });
    });

    it('no PATCH, no Referer of its own', async () => {
      expect((await host.probe('patch', at('/echo'))).error).toContain('PATCH is not supported');
      await host.app.close();
      expect(await host.faultsOf('referer', at('/echo'))).toEqual(['wx.request: the header Referer cannot be set']);
    });

    it('at most ten at a time, and the rest in turn', async () => {
      expect(await host.probe('many', at('/wait?ms=400'))).toBe(25);
      expect(host.api.mostAtOnce()).toBe(10);
    });

    it('with a time-out, an abort, and chunks as they come', async () => {
      expect(await host.probe('slow', at('/wait?ms=3000'))).toEqual({ error: 'request:fail timeout' });
      await host.app.close();
      expect(await host.probe('abort', at('/wait?ms=3000'))).toEqual({ error: 'request:fail abort' });
      await host.app.close();
      expect(await host.probe('chunked', at('/drip'))).toEqual({ hasChunks: true, bytes: 3000 });
    });

    it('not at all without a line', async () => {
      expect(await host.probe('network', { network: { networkType: 'none' } })).toBe('none');
      await host.app.close();
      expect((await host.probe('request', { ...at('/echo'), network: { networkType: 'none' } })).error).toMatch(
        /^request:fail/,
      );
    });
  });

  describe('refuses an upload', () => {
    const work = mkdtempSync(path.join(os.tmpdir(), 'yingyun-weapp-'));
    afterAll(() => rmSync(work, { recursive: true, force: true }));
    const broken = (name, change) => {
      const folder = path.join(work, name);
      cpSync(fixture, folder, { recursive: true });
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
      host.mayHaveErrors = true;
      const wxml = broken('wxml', (folder) =>
        writeFileSync(path.join(folder, 'pages/home/home.wxml'), '<view>{{a +}}</view><view'),
      );
      await expect(openWeapp({ dist: wxml, browser: host.browser })).rejects.toThrow('pages/home/home.wxml');
      const wxss = broken('wxss', (folder) =>
        writeFileSync(path.join(folder, 'app.wxss'), '.a { background: url(/assets/a.png) }'),
      );
      await expect(openWeapp({ dist: wxss, browser: host.browser })).rejects.toThrow('cannot be used from WXSS');
    });

    it("by WeChat's own compilers too", () => {
      expect(checkWithWcc(fixture)).toEqual([]);
      const wxml = broken('wcc', (folder) =>
        writeFileSync(path.join(folder, 'pages/home/home.wxml'), '<view>{{a +}}</view>'),
      );
      expect(checkWithWcc(wxml).join()).toContain('pages/home/home.wxml');
    });
  });
});
