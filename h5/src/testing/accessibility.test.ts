import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { barriersOn } from './barriers.mjs';
import { staff } from './mock-api';
import { desk, type PageHost, phone, startPageHost } from './page-host';

/** At each step axe-core finds nothing serious or critical; what it can't see (paper, type at 200 %) is looked at besides. */
describe('people with other eyes, hands and ears', () => {
  let host: PageHost;
  beforeAll(async () => {
    host = await startPageHost();
  });
  afterAll(() => host.stop());

  const openShare = async (options: BrowserContextOptions) => {
    const share = host.api.addShare('7K3M9QXD');
    return { ...(await host.open(`/s/${share.token}`, options)), share };
  };
  const enter = async (page: Page) => {
    await page.getByLabel('8 位口令').fill('7K3M9QXD');
    await page.getByRole('button', { name: '打开胶片' }).click();
    await page.locator('.report-impression').waitFor();
    await page.locator('.yv-toolbar').waitFor();
  };
  const signIn = async (page: Page) => {
    await page.getByLabel('账号').fill(staff.account);
    await page.getByLabel('密码').fill(staff.password);
    await page.getByLabel('6 位动态码').fill(staff.oneTimeCode);
    await page.keyboard.press('Enter');
  };

  it.each([
    ['light', 'light'],
    ['dark', 'dark'],
  ] as const)('find no barrier on the share page in its %s colours', async (_name, colorScheme) => {
    const { page, close } = await openShare({ ...phone, colorScheme });
    expect(await barriersOn(page)).toEqual([]);
    await enter(page);
    expect(await barriersOn(page)).toEqual([]);
    await page.locator('[data-tool="presets"]').click();
    expect(await barriersOn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('#layout-report').click();
    expect(await barriersOn(page)).toEqual([]);
    await close();
  });

  it.each([
    ['390', phone],
    ['1440', desk],
  ])('find no barrier at the workstation at %s', async (_name, options) => {
    const { page, close } = await host.open('/workstation', options);
    await page.getByLabel('账号').waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await signIn(page);
    await page.locator('.exam-row').first().waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await page.locator('.exam-row').first().click();
    await page.locator('.report-panel').waitFor();
    await page.locator('.yv-stage').first().waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('tab', { name: '相关检查' }).click();
    expect(await barriersOn(page)).toEqual([]);
    await close();
  });

  it.each([
    ['390', phone],
    ['1440', desk],
  ])('find no barrier in the console at %s', async (_name, options) => {
    const { page, close } = await host.open('/console', options);
    await signIn(page);
    await page.locator('.row').first().waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await page.locator('.row').first().click();
    await page.getByRole('button', { name: '生成链接和口令' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await close();
  });

  it.each([
    ['200 % at a desk', { viewport: { width: 640, height: 400 } }],
    ['400 % at a desk, or the smallest phone', { viewport: { width: 320, height: 568 } }],
  ])('read the share page at %s, nothing lost', async (_name, options) => {
    const { page, close } = await openShare(options);
    const lost = () =>
      page.evaluate(() => {
        const over = document.documentElement.scrollWidth > window.innerWidth ? ['page'] : [];
        const cut = [...document.querySelectorAll<HTMLElement>('button, input, h1, p')].filter((one) => {
          const { left, right } = one.getBoundingClientRect();
          return one.checkVisibility({ visibilityProperty: true }) && (left < -1 || right > window.innerWidth + 1);
        });
        return [...over, ...cut.map((one) => one.id || one.textContent)];
      });
    expect(await lost()).toEqual([]);
    await page.getByLabel('8 位口令').fill('7K3M9QXD');
    await page.getByRole('button', { name: '打开胶片' }).click();
    await page.locator('.report-impression').waitFor();
    await page.locator('.yv-toolbar').waitFor();
    await host.screenshot(page, `share-zoomed-${options.viewport.width}`);
    expect(await lost()).toEqual([]);
    await close();
  });

  it("print the workstation's report: the paper and nothing else", async () => {
    const { page, close } = await host.open('/workstation', desk);
    await signIn(page);
    await page.locator('.exam-row').first().click();
    await page.locator('.report-panel').waitFor();
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    await host.screenshot(page, 'workstation-print');
    const paper = page.locator('.printed-report');
    expect(await paper.locator('.report-person span').first().getAttribute('data-name')).toBe('姓名');
    expect(await paper.locator('.report-findings').isVisible()).toBe(true);
    for (const part of ['.exam-bar', '.viewports', '.panel', '.tool-bar'])
      expect(await page.locator(part).first().isVisible()).toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    expect(await paper.locator('.report').count()).toBe(0);
    await close();
  });
});
