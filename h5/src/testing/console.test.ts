import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { staff } from './mock-api';
import { desk, type PageHost, phone, startPageHost, tablet } from './page-host';

describe('the console', () => {
  let host: PageHost;
  beforeAll(async () => {
    host = await startPageHost();
  });
  afterAll(() => host.stop());
  beforeEach(() => {
    host.api.shares.length = 0;
  });
  afterEach(() => {
    host.api.listFailure = undefined;
    expect(host.api.violations).toEqual([]);
  });

  const signIn = async (page: Page, wish: Partial<typeof staff> = {}) => {
    await page.getByLabel('账号').fill(wish.account ?? staff.account);
    await page.getByLabel('密码').fill(wish.password ?? staff.password);
    await page.getByLabel('6 位动态码').fill(wish.oneTimeCode ?? staff.oneTimeCode);
    await page.keyboard.press('Enter');
  };
  const openSignedIn = async (options: BrowserContextOptions = desk) => {
    const opened = await host.open('/console', options);
    await signIn(opened.page);
    await opened.page.getByText('已显示 30 张').waitFor();
    return opened;
  };
  const firstFilm = (page: Page) => page.getByRole('main').getByRole('listitem').first().getByRole('button');

  it.each([
    ['390', phone],
    ['820', tablet],
    ['1440', desk],
  ])('signs in at %s and lists films', async (name, options) => {
    const { page, faults, close } = await host.open('/console', options);
    await page.getByRole('heading', { name: '登录胶片管理' }).waitFor();
    await host.screenshot(page, `console-sign-in-${name}`);
    await signIn(page);
    await page.getByText('已显示 30 张').waitFor();
    await host.screenshot(page, `console-films-${name}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(faults).toEqual([]);
    await close();
  });

  it('refuses wrong credentials in one sentence, and an incomplete form without asking', async () => {
    const { page, close } = await host.open('/console', phone);
    await signIn(page, { oneTimeCode: '12' });
    await page.getByRole('alert').filter({ hasText: '请填写账号' }).waitFor();
    expect(host.api.asked.at(-1)).not.toBe('signIn');
    await signIn(page, { password: 'wrong' });
    await page.getByRole('alert').filter({ hasText: '账号、密码或动态码不正确' }).waitFor();
    await close();
  });

  it('finds films by Han name, pinyin, initials and number, asking once a pause', async () => {
    const { page, close } = await openSignedIn();
    const before = host.api.asked.length;
    await page.getByLabel('查找胶片').pressSequentially('ouyang', { delay: 30 });
    await page.getByText('共 7 张').waitFor();
    expect(host.api.asked.length - before).toBe(1);
    for (const [query, count] of [
      ['欧阳', 7],
      ['oyx', 0],
      ['ox', 7],
      ['P1003', 1],
    ] as const) {
      await page.getByLabel('查找胶片').fill(query);
      await page.getByText(count === 0 ? '没有找到匹配的胶片' : `共 ${count} 张`).waitFor();
    }
    await page.getByLabel('查找胶片').fill('没有这个人');
    await page.getByText('没有找到匹配的胶片').waitFor();
    await host.screenshot(page, 'console-no-match-1440');
    await close();
  });

  it('loads more until the list ends', async () => {
    const { page, close } = await openSignedIn();
    await page.getByRole('button', { name: '加载更多' }).click();
    await page.getByText('已显示 60 张').waitFor();
    await page.getByRole('button', { name: '加载更多' }).click();
    await page.getByText('共 64 张').waitFor();
    expect(await page.getByRole('main').getByRole('listitem').count()).toBe(64);
    expect(await page.getByRole('button', { name: '加载更多' }).count()).toBe(0);
    await close();
  });

  it('says why the list failed and tries again', async () => {
    host.api.listFailure = 'storage-unavailable';
    const { page, close } = await host.open('/console', phone);
    await signIn(page);
    await page.getByText('存储服务暂时不可用').waitFor();
    host.api.listFailure = undefined;
    await page.getByRole('button', { name: '重试' }).click();
    await page.getByText('已显示 30 张').waitFor();
    await close();
  });

  it.each([
    ['390', phone],
    ['820', tablet],
    ['1440', desk],
  ])('makes a share at %s: link, passcode, QR code', async (name, options) => {
    const { page, faults, close } = await openSignedIn(options);
    await firstFilm(page).click();
    await page.getByRole('heading', { name: '张*华' }).waitFor();
    await page.waitForTimeout(200);
    await host.screenshot(page, `console-detail-${name}`);
    await page.getByRole('radio', { name: '会诊' }).check();
    await page.getByRole('radio', { name: '7 天' }).check();
    await page.getByLabel('最多查看次数').fill('5');
    await page.getByRole('button', { name: '生成链接和口令' }).click();
    await page.getByRole('heading', { name: '分享已生成' }).waitFor();
    const share = host.api.shares[0];
    expect(share).toMatchObject({ purpose: 'consultation', maxViews: 5, state: 'active' });
    expect(Date.parse(share?.expiresAt ?? '') - Date.parse(share?.createdAt ?? '')).toBeCloseTo(168 * 3_600_000, -4);
    expect(await page.getByRole('link', { name: `/s/${share?.token}` }).isVisible()).toBe(true);
    expect(await page.locator('output.code').innerText()).toBe('7K3M 9QXD');
    await page.waitForTimeout(200);
    await host.screenshot(page, `console-created-${name}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(faults).toEqual([]);
    await close();
  });

  it('shows a QR code on screen and on the printed slip that another program reads as the link', async () => {
    const { page, close } = await openSignedIn();
    await firstFilm(page).click();
    await page.getByRole('button', { name: '生成链接和口令' }).click();
    await page.getByRole('heading', { name: '分享已生成' }).waitFor();
    const url = `${host.origin}/s/${host.api.shares[0]?.token}`;
    const folder = await mkdtemp(path.join(tmpdir(), 'yingyun-qr-'));
    const read = async (name: string) => {
      const file = path.join(folder, name);
      await page.screenshot({ path: file });
      return (await promisify(execFile)('zbarimg', ['--quiet', '--raw', file], { timeout: 20_000 })).stdout.trim();
    };
    expect(await read('screen.png')).toBe(url);
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 794, height: 1123 });
    await host.screenshot(page, 'console-slip-print');
    expect(await read('slip.png')).toBe(url);
    expect(await page.locator('.slip').innerText()).toContain('7K3M 9QXD');
    expect(await page.locator('#console').isVisible()).toBe(false);
    await rm(folder, { recursive: true });
    await close();
  });

  it('copies link and passcode apart', async () => {
    const { page, close } = await openSignedIn({ ...desk, permissions: ['clipboard-read', 'clipboard-write'] });
    await firstFilm(page).click();
    await page.getByRole('button', { name: '生成链接和口令' }).click();
    await page.getByRole('button', { name: '复制链接' }).click();
    await page.getByText('链接已复制').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `${host.origin}/s/${host.api.shares[0]?.token}`,
    );
    await page.getByRole('button', { name: '复制口令' }).click();
    await page.getByText('口令已复制').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('7K3M9QXD');
    await close();
  });

  it('says of each share whether the hospital or the patient made it, and for whom', async () => {
    const made = host.api.addShare('7K3M9QXD');
    host.api.addShare('7K3M9QXD', made.filmId, { createdBy: 'person', purpose: 'transfer' });
    const { page, close } = await openSignedIn();
    await firstFilm(page).click();
    const rows = page.locator('.share-rows li');
    await rows.filter({ hasText: '患者生成' }).first().waitFor();
    expect(await rows.filter({ hasText: '患者生成' }).first().innerText()).toContain('转诊');
    const staffMade = await rows.filter({ hasText: '医院生成' }).first().innerText();
    expect(staffMade).toContain('给患者');
    expect(staffMade).not.toContain('患者生成');
    // A patient's own share can be revoked by the hospital too.
    expect(await rows.filter({ hasText: '患者生成' }).first().getByRole('button', { name: '撤销' }).count()).toBe(1);
    await close();
  });

  it('revokes a share after asking, the safe answer first', async () => {
    const share = host.api.addShare('7K3M9QXD');
    host.api.addShare('7K3M9QXD', share.filmId, { state: 'expired', expiresAt: '2026-01-02T03:04:00Z', views: 3 });
    const { page, close } = await openSignedIn();
    await firstFilm(page).click();
    await page.getByRole('button', { name: '撤销' }).click();
    const dialog = page.getByRole('dialog', { name: '撤销这个分享？' });
    await host.screenshot(page, 'console-revoke-1440');
    expect(
      await dialog.getByRole('button', { name: '保留分享' }).evaluate((button) => button === document.activeElement),
    ).toBe(true);
    await page.keyboard.press('Enter');
    expect(share.state).toBe('active');
    await page.getByRole('button', { name: '撤销' }).click();
    await dialog.getByRole('button', { name: '撤销分享' }).click();
    await page.getByText('分享已撤销').waitFor();
    expect(share.state).toBe('revoked');
    expect(await page.getByRole('button', { name: '撤销', exact: true }).count()).toBe(0);
    await close();
  });

  it('offers no share of a film that is not published', async () => {
    const { page, close } = await openSignedIn();
    await page.getByRole('main').getByRole('listitem').nth(1).getByRole('button').click();
    await page.getByText('胶片发布后才能分享').waitFor();
    await close();
  });

  it.each([
    ['390', phone],
    ['1440', desk],
  ])('opens a film with its report at %s, and comes back to the list', async (name, options) => {
    const { page, faults, close } = await openSignedIn(options);
    await firstFilm(page).click();
    await page.getByRole('button', { name: '查看影像与报告' }).click();
    await page.getByText('右肺上叶尖段见一磨玻璃结节').waitFor();
    await page.waitForTimeout(1500);
    await host.screenshot(page, `console-reader-${name}`);
    await page.getByRole('button', { name: '关闭' }).click();
    await page.goBack();
    await page.goBack();
    await page.goBack();
    await page.getByText('已显示 30 张').waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it('works by keyboard: choose a film, close it, and be back where one was', async () => {
    const { page, close } = await openSignedIn();
    await firstFilm(page).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '张*华' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.id.startsWith('film-'));
    await close();
  });

  it('stays signed in over a reload, and not after signing out', async () => {
    const { page, close } = await openSignedIn();
    await page.reload();
    await page.getByText('已显示 30 张').waitFor();
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.getByText('已安全退出').waitFor();
    await page.waitForFunction(() => Object.keys(sessionStorage).length === 0);
    expect(host.api.asked.at(-1)).toBe('signOut');
    await page.reload();
    await page.getByRole('heading', { name: '登录胶片管理' }).waitFor();
    await close();
  });

  it('asks to sign in again when the server no longer knows the session', async () => {
    const { page, close } = await openSignedIn();
    host.api.endSessions();
    await firstFilm(page).click();
    await page.getByText('登录已过期，请重新登录').waitFor();
    expect(await page.evaluate(() => Object.keys(sessionStorage).length)).toBe(0);
    expect(await page.content()).not.toContain('张*华');
    await close();
  });

  it('signs out by itself after 15 minutes without a touch, and warns before', async () => {
    const opened = await host.open('/console', desk);
    const { page } = opened;
    await page.clock.install();
    await page.reload();
    await signIn(page);
    await page.getByText('已显示 30 张').waitFor();
    await page.clock.runFor(14 * 60_000 + 10_000);
    await page.getByText('即将因长时间没有操作而自动退出').waitFor();
    await page.mouse.move(300, 300);
    await page.mouse.move(320, 300);
    await page.clock.runFor(10_000);
    expect(await page.getByText('即将因长时间没有操作而自动退出').count()).toBe(0);
    await page.clock.runFor(15 * 60_000);
    await page.getByText('15 分钟没有操作，已自动退出').waitFor();
    expect(await page.content()).not.toContain('张*华');
    await opened.close();
  });
});
