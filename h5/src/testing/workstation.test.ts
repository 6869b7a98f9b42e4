import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { staff } from './mock-api';
import { desk, type PageHost, phone, startPageHost, tablet } from './page-host';

describe('the workstation', () => {
  let host: PageHost;
  beforeAll(async () => {
    host = await startPageHost();
  });
  afterAll(() => host.stop());
  beforeEach(() => host.api.opened.clear());
  afterEach(() => {
    host.api.listFailure = undefined;
    host.api.filmFailure = undefined;
    expect(host.api.violations).toEqual([]);
  });

  const signIn = async (page: Page) => {
    await page.getByLabel('账号').fill(staff.account);
    await page.getByLabel('密码').fill(staff.password);
    await page.getByLabel('6 位动态码').fill(staff.oneTimeCode);
    await page.keyboard.press('Enter');
  };
  const openList = async (options: BrowserContextOptions = desk) => {
    const opened = await host.open('/workstation', options);
    await signIn(opened.page);
    await opened.page.locator('.exam-row').first().waitFor();
    return opened;
  };
  const openExam = async (options: BrowserContextOptions = desk) => {
    const opened = await openList(options);
    await opened.page.locator('.exam-row').first().click();
    await sharp(opened.page);
    return opened;
  };
  const viewport = (page: Page, index: number) => page.getByRole('region', { name: `影像窗口 ${index}` });
  const sharp = async (page: Page, index = 1) => {
    await viewport(page, index).locator('canvas').waitFor();
    await page.waitForFunction(
      (at) => {
        const box = document.querySelectorAll('.viewport')[at - 1];
        return ['.yv-badge', '.yv-notice'].every((part) => box?.querySelector(part)?.hasAttribute('hidden') === true);
      },
      index,
    );
  };
  const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

  it.each([
    ['390', phone],
    ['820', tablet],
    ['1440', desk],
  ])('lists exams and opens one at %s, nothing cut off', async (name, options) => {
    const { page, faults, close } = await openList(options);
    await host.screenshot(page, `workstation-list-${name}`);
    expect(await fits(page)).toBe(true);
    await page.locator('.exam-row').first().click();
    await sharp(page);
    await page.waitForTimeout(800);
    await host.screenshot(page, `workstation-exam-${name}`);
    expect(await fits(page)).toBe(true);
    await page.getByText('右肺上叶磨玻璃结节').first().waitFor();
    expect(faults).toEqual([]);
    await close();
  });
});
