import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { staff } from './mock-api';
import { matchingExams } from './mock-exams';
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
    host.api.arrivedExams = [];
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
    await viewport(page, index).locator('.yv-canvas').waitFor();
    await page.waitForFunction((at) => {
      const box = document.querySelectorAll('.viewport')[at - 1];
      return ['.yv-badge', '.yv-notice'].every((part) => box?.querySelector(part)?.hasAttribute('hidden') === true);
    }, index);
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

  it('finds by Han name, pinyin and initials as one types, asking once a pause, and opens with the keyboard', async () => {
    const { page, close } = await openList();
    const before = host.api.asked.length;
    await page.getByLabel('查找检查').pressSequentially('oyx', { delay: 30 });
    await page.getByText('共 11 项').waitFor();
    expect(host.api.asked.length - before).toBe(1);
    for (const q of ['欧阳', 'ouyang']) {
      await page.getByLabel('查找检查').fill(q);
      await page.getByText('共 11 项').waitFor();
    }
    await page.getByLabel('查找检查').fill('没有这个人');
    await page.getByText('没有符合条件的检查').waitFor();
    await page.getByLabel('查找检查').fill('CT260304100');
    await page.getByText('共 1 项').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await sharp(page);
    await page.keyboard.press('Escape');
    await page.getByText('共 1 项').waitFor();
    expect(await page.locator('.mark').count()).toBe(0);
    expect(page.url()).not.toMatch(/CT2603|%/);
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    expect(await page.getByLabel('查找检查').evaluate((field) => field === document.activeElement)).toBe(true);
    await close();
  });

  it('narrows by day, modality, report and region, and takes it all back', async () => {
    const { page, close } = await openList();
    await page.getByRole('button', { name: 'MR', exact: true }).click();
    await page.getByText('共 24 项').waitFor();
    await page.getByLabel('报告', { exact: true }).selectOption('初步');
    await page.getByText('共 3 项').waitFor();
    await page.getByLabel('部位').selectOption('胸部');
    await page.getByText('没有符合条件的检查').waitFor();
    await page.getByRole('button', { name: '清除筛选' }).click();
    await page.getByText('已显示 40 项').waitFor();
    await page.getByRole('button', { name: '今天' }).click();
    await page.getByText(/^共 \d+ 项$/).waitFor();
    await close();
  });

  it('loads page after page as one scrolls, each exam once', async () => {
    const { page, close } = await openList(phone);
    await page.getByText('已显示 40 项').waitFor();
    for (const count of ['已显示 80 项', '共 120 项']) {
      // the list may grow once more after one scroll: a person scrolls on
      await expect
        .poll(async () => {
          await page.getByRole('main').evaluate((list) => list.scrollTo(0, list.scrollHeight));
          return page.getByText(count).count();
        })
        .toBe(1);
    }
    expect(new Set(await page.locator('.exam-row').evaluateAll((rows) => rows.map((row) => row.id))).size).toBe(120);
    await close();
  });

  it('says what failed, and tries again; says why who is no doctor sees nothing', async () => {
    host.api.listFailure = 'storage-unavailable';
    const { page, close } = await host.open('/workstation', tablet);
    await signIn(page);
    await page.getByRole('alert').filter({ hasText: '存储服务暂时不可用' }).waitFor();
    host.api.listFailure = undefined;
    await page.getByRole('button', { name: '重试' }).click();
    await page.locator('.exam-row').first().waitFor();
    host.api.listFailure = 'forbidden';
    await page.getByLabel('查找检查').fill('zzz');
    await page.getByText('此账号没有医生权限').waitFor();
    await close();
  });

  it('says why an exam does not open, and tries again', async () => {
    const { page, faults, close } = await openList();
    host.api.filmFailure = 'key-unavailable';
    await page.locator('.exam-row').first().click();
    await page.getByRole('alert').filter({ hasText: '密钥服务暂时不可用' }).waitFor();
    expect(await page.locator('.mark').count()).toBe(0);
    host.api.filmFailure = undefined;
    await page.getByRole('button', { name: '重试' }).click();
    await sharp(page);
    expect(faults).toEqual([]);
    await close();
  });

  it('reads with mouse and keyboard: window, slices, zoom, cine, presets, each viewport for itself', async () => {
    const { page, faults, close } = await openExam();
    await page.keyboard.press('2');
    await sharp(page, 2);
    const one = viewport(page, 1);
    const two = viewport(page, 2);
    await two.locator('.yv-stage').click();
    expect(await two.getAttribute('aria-current')).toBe('true');
    const before = await two.screenshot();
    const corner = (index: number, words: string) =>
      viewport(page, index).locator('.yv-corner').getByText(words).waitFor();
    await corner(2, '图像 11 / 20');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('PageUp');
    await corner(2, '图像 2 / 20');
    await sharp(page, 2);
    await page.mouse.wheel(0, 120);
    await page.mouse.wheel(0, 120);
    await corner(2, '图像 4 / 20');
    await sharp(page, 2);
    expect((await two.screenshot()).equals(before)).toBe(false);

    const windowOf = async (index: number) => viewport(page, index).locator('.yv-bottomRight').innerText();
    await corner(2, '窗宽 1500 窗位 -600');
    await drag(page, two, [0, 0], [60, 40], 'right');
    expect(await windowOf(2)).not.toContain('窗宽 1500');
    expect(await windowOf(1)).toContain('窗宽 400 窗位 40');
    await page.getByRole('button', { name: '预设窗' }).click();
    await page.getByRole('menuitem', { name: '骨窗' }).click();
    await corner(2, '窗宽 2000 窗位 400');
    await page.keyboard.press('0');
    await corner(2, '窗宽 1500 窗位 -600');
    const zoomed = await windowOf(2);
    await page.getByRole('button', { name: '缩放' }).click();
    await drag(page, two, [0, 0], [0, -80], 'left');
    expect(await windowOf(2)).not.toBe(zoomed);
    const placed = await two.screenshot();
    await drag(page, two, [0, 0], [50, 30], 'middle');
    expect((await two.screenshot()).equals(placed)).toBe(false);
    await page.getByRole('button', { name: '测量' }).click();
    await page.getByRole('button', { name: '长度', pressed: true }).waitFor();
    await drag(page, two, [-40, 0], [40, 0], 'left');
    await two.locator('.ym-label').filter({ hasText: 'mm' }).waitFor();
    await host.screenshot(page, 'workstation-two-1440');
    await page.keyboard.press('i');
    await page.getByRole('button', { name: '反色', pressed: true }).waitFor();
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: '停止' }).waitFor();
    await page.keyboard.press(' ');
    await one.locator('.yv-stage').click();
    await corner(1, '图像 13 / 24');
    await page.getByRole('button', { name: '反色', pressed: false }).waitFor();
    await page.getByRole('button', { name: '信息' }).click();
    await one.locator('.yv-corner').first().waitFor({ state: 'hidden' });
    expect(faults).toEqual([]);
    await close();
  });

  it('scrolls viewports in step while they are linked, each for itself otherwise', async () => {
    const { page, faults, close } = await openExam();
    await page.getByRole('button', { name: '双窗' }).click();
    await sharp(page, 2);
    const shows = (index: number, at: string) => viewport(page, index).getByText(`图像 ${at}`).waitFor();
    const wheel = async (index: number, notches: number) => {
      await viewport(page, index).locator('.yv-stage').hover();
      for (let i = 0; i < Math.abs(notches); i++) await page.mouse.wheel(0, Math.sign(notches) * 120);
    };
    await shows(1, '13 / 24');
    await shows(2, '11 / 20');
    await page.getByRole('button', { name: '联动' }).click();
    await wheel(1, 1);
    // By place: the 14th of both lies at 65 mm, whatever stood there before.
    await shows(1, '14 / 24');
    await shows(2, '14 / 20');
    await wheel(1, 8);
    await shows(1, '22 / 24');
    await shows(2, '20 / 20');
    await wheel(2, -3);
    await shows(2, '17 / 20');
    await shows(1, '17 / 24');
    await host.screenshot(page, 'workstation-linked-1440');
    await page.getByRole('button', { name: '联动', pressed: true }).click();
    await wheel(1, 1);
    await shows(1, '18 / 24');
    await shows(2, '17 / 20');
    expect(faults).toEqual([]);
    await close();
  });

  it('lays out one, two and four, fills them with the next series, enlarges one on a double click', async () => {
    const { page, faults, close } = await openExam();
    await page.getByRole('button', { name: '四窗' }).click();
    for (const index of [1, 2, 3]) await sharp(page, index);
    await viewport(page, 4).getByText('点按左侧序列').waitFor();
    await page.waitForTimeout(300);
    await host.screenshot(page, 'workstation-four-1440');
    await viewport(page, 2).locator('.yv-stage').dblclick();
    expect(await viewport(page, 1).isVisible()).toBe(false);
    expect((await viewport(page, 2).boundingBox())?.width).toBeGreaterThan(800);
    await page.keyboard.press('Escape');
    expect(await viewport(page, 1).isVisible()).toBe(true);
    await viewport(page, 4).click();
    await page.getByRole('button', { name: '序列 2 胸部 5mm 纵隔，24 幅' }).click();
    await sharp(page, 4);
    await page.getByRole('button', { name: '序列 201 冠状位重建，9 幅' }).dragTo(viewport(page, 1));
    await viewport(page, 1).getByText('图像 5 / 9').waitFor();
    await page.keyboard.press('1');
    await viewport(page, 1).getByText('图像 5 / 9').waitFor();
    expect(await page.locator('.viewport').count()).toBe(1);
    expect(faults).toEqual([]);
    await close();
  });

  it('puts another exam of the same patient beside, and takes it away; opens it alone', async () => {
    const { page, faults, close } = await openExam();
    await page.getByRole('tab', { name: '相关检查' }).click();
    await page.getByRole('button', { name: '并排对照' }).first().click();
    await sharp(page, 1);
    await sharp(page, 2);
    await page.getByRole('navigation', { name: '序列' }).getByText('对照：').waitFor();
    await page.waitForTimeout(600);
    await host.screenshot(page, 'workstation-beside-1440');
    await viewport(page, 2).locator('.yv-stage').click();
    await page.getByRole('tab', { name: '报告' }).click();
    await page.getByText('对照：').nth(1).waitFor();
    await page.goBack();
    await page.getByText('对照：').first().waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: '相关检查' }).click();
    await page.getByRole('button', { name: '打开' }).first().click();
    await sharp(page);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('张建华');
    expect(host.api.opened.size).toBe(2);
    expect(faults).toEqual([]);
    await close();
  });

  it('opens a structured report over the page, and closes it with Escape without leaving the exam', async () => {
    const { page, faults, close } = await openExam();
    await page.getByRole('navigation', { name: '序列' }).getByText('结构化报告，没有图像').waitFor();
    await page.getByRole('navigation', { name: '序列' }).getByText('未审核').waitFor();
    await page.getByRole('button', { name: '阅读' }).click();
    await page.getByText('312.5').waitFor();
    await page.getByRole('dialog').getByText('张建华').waitFor();
    await page.waitForTimeout(300);
    await host.screenshot(page, 'workstation-document-1440');
    await page.keyboard.press('Escape');
    await page.getByText('312.5').waitFor({ state: 'detached' });
    await page.locator('.help summary').click();
    await page.getByText('翻 10 幅').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('翻 10 幅').waitFor({ state: 'hidden' });
    expect(await viewport(page, 1).isVisible()).toBe(true);
    expect(faults).toEqual([]);
    await close();
  });

  it('tells of new exams without moving the list, and puts them on top when asked to', async () => {
    const { page, faults, close } = await host.open('/workstation', desk);
    await page.clock.install();
    await signIn(page);
    const rows = page.locator('.exam-row');
    await rows.nth(10).waitFor();
    await rows.nth(8).focus();
    await page.waitForTimeout(400); // the page's own type comes
    const [place, focused] = [await rows.nth(8).boundingBox(), await rows.nth(8).innerText()];
    const [first] = matchingExams({ q: '', modalities: [] });
    if (first === undefined) throw new Error('no exams');
    host.api.arrivedExams = [{ ...first, filmId: '7f6d0c1e-0000-4000-8000-0000000000aa', patientName: '新来的' }];
    await page.clock.fastForward(20_000);
    const pill = page.getByRole('button', { name: '有 1 个新检查' });
    await pill.waitFor();
    await host.screenshot(page, 'workstation-news-1440');
    expect(await page.getByText('新来的').count()).toBe(0);
    expect(await rows.nth(8).boundingBox()).toEqual(place);
    expect(await page.evaluate(() => (document.activeElement as HTMLElement | null)?.innerText)).toBe(focused);
    await pill.click();
    expect(await rows.first().innerText()).toContain('新来的');
    await pill.waitFor({ state: 'detached' });
    const asked = host.api.asked.length;
    await page.clock.fastForward(20_000);
    await page.waitForTimeout(200);
    expect(host.api.asked.slice(asked)).toEqual(['searchExams']);
    expect(await pill.count()).toBe(0);
    host.api.listFailure = 'unexpected';
    await page.clock.fastForward(20_000);
    await page.waitForTimeout(200);
    expect(await rows.first().innerText()).toContain('新来的');
    expect(faults).toEqual([]);
    await close();
  });

  it('marks a preliminary report, and shows the other versions, also where every report is at its first', async () => {
    const { page, close } = await openList(tablet);
    await page.getByText('欧阳雪').first().click();
    await page.getByText('尚未审核，仅供院内医生参考').waitFor();
    await page.getByRole('button', { name: '返回检查列表' }).click();
    await page.getByText('赵志强').first().click();
    await page.getByRole('button', { name: '历史版本' }).click();
    await page.locator('.older').getByText('第 1 版').waitFor();
    await page.getByRole('button', { name: '收起历史版本' }).click();
    await page.locator('.older').waitFor({ state: 'detached' });
    await close();
  });

  it('is read with fingers on a phone: one viewport, series and report in the sheet', async () => {
    const { page, faults, close } = await openExam(phone);
    expect(await page.getByRole('button', { name: '双窗' }).count()).toBe(0);
    await page.getByRole('tab', { name: '序列' }).tap();
    await page.waitForTimeout(900);
    await host.screenshot(page, 'workstation-series-390');
    await page.getByRole('button', { name: '序列 3 胸部 1mm 肺 HRCT，20 幅' }).tap();
    await viewport(page, 1).getByText('图像 11 / 20').waitFor();
    await sharp(page);
    const before = await viewport(page, 1).screenshot();
    const touch = await page.context().newCDPSession(page);
    const finger = (type: string, ...points: { x: number; y: number }[]) =>
      touch.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: points }); // one of the three
    await finger('touchStart', { x: 190, y: 260 });
    for (let y = 250; y >= 180; y -= 10) await finger('touchMove', { x: 190, y });
    await finger('touchEnd');
    await page.waitForFunction(() => !/图像 11 /.test(document.querySelector('.yv-bottomLeft')?.textContent ?? ''));
    await sharp(page);
    expect((await viewport(page, 1).screenshot()).equals(before)).toBe(false);
    await page.getByRole('button', { name: '收起报告' }).tap();
    expect((await viewport(page, 1).boundingBox())?.height).toBeGreaterThan(600);
    await host.screenshot(page, 'workstation-full-390');
    expect(faults).toEqual([]);
    await close();
  });

  it('wipes everything at sign-out, and when the server has ended the session', async () => {
    const { page, close } = await openExam();
    host.api.endSessions();
    // Whatever asks next hears it: images still on their way, or the next exam.
    await page.evaluate(() => location.assign('#/exams/7f6d0c1e-0000-4000-9000-000000000012'));
    await page.getByText('登录已过期').waitFor();
    expect(await page.locator('canvas').count()).toBe(0);
    expect(await page.content()).not.toContain('张建华');
    await signIn(page);
    await page.locator('.exam-row').first().waitFor();
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.getByText('已安全退出').waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    expect(await page.content()).not.toContain('张建华');
    await close();
  });

  async function drag(
    page: Page,
    place: ReturnType<typeof viewport>,
    from: [number, number],
    to: [number, number],
    button: 'left' | 'middle' | 'right',
  ): Promise<void> {
    const box = await place.boundingBox();
    if (box === null) throw new Error('the viewport is not on screen');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x + from[0], y + from[1]);
    await page.mouse.down({ button });
    await page.mouse.move(x + to[0], y + to[1], { steps: 8 });
    await page.mouse.up({ button });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
});
