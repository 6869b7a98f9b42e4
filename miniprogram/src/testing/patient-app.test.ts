import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mockFilmList } from './mock-list';
import { codes } from './mock-patient-api';
import { type PatientPageHost, startPatientPageHost } from './page-host';

describe('the patient app in a phone’s browser', () => {
  let host: PatientPageHost;
  beforeAll(async () => {
    host = await startPatientPageHost();
  });
  afterAll(() => host.stop());
  beforeEach(() => {
    host.api.reset();
    host.api.films = mockFilmList(40);
  });

  const press = (page: Page, words: string) =>
    page.getByText(words, { exact: true }).filter({ visible: true }).last().click();
  const field = (page: Page, name: string) =>
    page.locator('.field', { hasText: name }).locator('input').filter({ visible: true });

  async function signedIn(isBound = true) {
    if (isBound) host.api.bind();
    const opened = await host.open();
    const { page } = opened;
    await field(page, '手机号码').fill('138 0013 8000');
    await press(page, '获取验证码');
    await page.getByText('秒后重发').waitFor();
    await field(page, '短信验证码').fill(codes.signIn);
    await press(page, '登录');
    return opened;
  }
  const inOrder = (page: Page, faults: string[]) => {
    expect(faults).toEqual([]);
    expect(host.api.violations).toEqual([]);
    return page.context().close();
  };

  it('signs in by phone and code, with every fault in its place', async () => {
    const { page, faults } = await host.open();
    await page.getByText('影像随身看').waitFor();
    await press(page, '获取验证码');
    await page.getByText('请输入正确的 11 位手机号码').waitFor();
    await field(page, '手机号码').fill('13800138000');
    await press(page, '获取验证码');
    await page.getByText('验证码已发出').waitFor();
    expect(await page.getByText(/\d+ 秒后重发/).innerText()).toMatch(/^(60|5\d) 秒后重发$/);
    await field(page, '短信验证码').fill('000000');
    await press(page, '登录');
    await page.getByText('验证码不正确或已失效').waitFor();
    await host.screenshot(page, 'patient-sign-in-390');
    await field(page, '短信验证码').fill(codes.signIn);
    await press(page, '登录');
    await page.getByText('先绑定就诊档案').waitFor();
    await host.screenshot(page, 'patient-unbound-390');
    await inOrder(page, faults);
  });

  it('binds to a hospital’s record by name, ID number and the code sent to the record’s phone', async () => {
    const { page, faults } = await signedIn(false);
    await press(page, '去绑定');
    await page.getByText('为什么要核验？').waitFor();
    await field(page, '姓名').fill('张建华');
    await field(page, '身份证号').fill('110105194912310021');
    await press(page, '下一步');
    await page.getByText('身份证号不正确').waitFor();
    expect(host.api.asked).not.toContain('startLink');
    await host.screenshot(page, 'patient-link-390');
    await field(page, '身份证号').fill('11010519491231002x');
    await press(page, '下一步');
    await page.getByText('输入验证码').waitFor();
    await field(page, '短信验证码').fill('111111');
    await press(page, '完成绑定');
    await page.getByText('验证码不正确或已失效').waitFor();
    await host.screenshot(page, 'patient-link-code-390');
    await field(page, '短信验证码').fill(codes.link);
    await press(page, '完成绑定');
    await page.getByText('绑定成功').waitFor();
    await press(page, '查看影像');
    await page.getByText('2026 年').waitFor();
    await inOrder(page, faults);
  });

  it('lists films by year, newest first, and fetches older ones when asked', async () => {
    const { page, faults } = await signedIn();
    await page.getByText('2026 年').waitFor();
    await host.screenshot(page, 'patient-films-390');
    const years = () => page.locator('.year').allInnerTexts();
    expect((await years()).slice(0, 2)).toEqual(['2026 年', '2025 年']);
    expect(await page.locator('.film-card').count()).toBe(30);
    await page.getByText('查看更早的检查').scrollIntoViewIfNeeded();
    await expect.poll(() => page.locator('.film-card').count()).toBe(40);
    await inOrder(page, faults);
  });

  it('is still signed in after a reload, and shows the last list without a line', async () => {
    const { page, faults } = await signedIn();
    await page.getByText('2026 年').waitFor();
    await page.waitForTimeout(300); // the list is being sealed
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    for (const secret of ['张', 'CT', '云溪']) expect(kept).not.toContain(secret);
    await page.reload();
    await page.getByText('2026 年').waitFor();
    host.api.isDown = true;
    await page.reload();
    await page.getByText('显示的是上次的列表').waitFor();
    expect(await page.locator('.film-card').count()).toBe(30);
    await host.screenshot(page, 'patient-offline-390');
    expect([...host.api.refreshTokens.values()].filter((wasUsed) => !wasUsed).length).toBe(1);
    await inOrder(page, faults);
  });

  it('shows report and images on one screen, and another exam by one tap', async () => {
    const { page, faults } = await signedIn();
    await page.getByText('胸部 CT 平扫').first().click();
    await page.getByText('诊断意见').waitFor();
    await page.getByText('13 / 24').waitFor();
    await expect.poll(() => lit(page)).toBeGreaterThan(0.1);
    await page.waitForTimeout(400);
    await host.screenshot(page, 'patient-film-390');
    const sheet = await page.locator('.film-sheet').boundingBox();
    expect(sheet?.y).toBeLessThan(520);
    for (const words of ['张*华', '57 岁', '2026年3月1日 08:30', '24 / 24 幅，原始无损', '第', '李明'].filter(
      (w) => w !== '第',
    ))
      expect(await page.locator('.film-sheet').innerText()).toContain(words);
    await page.locator('.extras-row').first().click();
    await page.locator('.report-title', { hasText: '颅脑 MR' }).filter({ visible: true }).waitFor();
    await inOrder(page, faults);
  });

  it('answers fingers: one scrolls, two zoom 1 : 1, a double tap fits, a length is measured', async () => {
    const { page, faults } = await signedIn();
    await page.getByText('胸部 CT 平扫').first().click();
    await page.getByText('13 / 24').waitFor();
    await expect.poll(() => lit(page)).toBeGreaterThan(0.1);
    await page.waitForTimeout(500);
    const touch = await fingers(page);
    await touch.swipe({ x: 195, y: 260 }, { x: 195, y: 160 });
    await page.getByText('13 / 24').waitFor({ state: 'detached' });
    const counter = await page.locator('.slices-counter').innerText();
    expect(Number(/^\d+/.exec(counter)?.[0])).toBeGreaterThan(13);
    const before = await lit(page);
    await touch.pinch({ x: 195, y: 180 }, 60, 120);
    await expect.poll(() => lit(page)).toBeGreaterThan(before * 1.3);
    await host.screenshot(page, 'patient-film-zoomed-390');
    await press(page, '全屏');
    await page.waitForTimeout(500);
    await press(page, '更多');
    await host.screenshot(page, 'patient-tools-390');
    await press(page, '复原');
    await press(page, '测长');
    await press(page, '收起');
    await touch.swipe({ x: 100, y: 300 }, { x: 250, y: 300 });
    await page.waitForTimeout(300);
    await host.screenshot(page, 'patient-length-390');
    await inOrder(page, faults);
  });

  it('says in plain words why there is nothing to see', async () => {
    host.api.manifest = { ...host.api.manifest, series: [], report: null };
    const { page, faults } = await signedIn();
    await page.getByText('胸部 CT 平扫').first().click();
    await page.getByText('影像还在路上').waitFor();
    await page.getByText('报告还没有出来').waitFor();
    await host.screenshot(page, 'patient-film-waiting-390');
    await page.goBack();
    host.api.filmFailure = { status: 404, code: 'not-found', message: '没有找到所请求的内容' };
    await page.getByText('颅脑 MR 平扫 + 弥散').first().click();
    await page.getByText('这张胶片已不可查看').waitFor();
    await inOrder(page, faults);
  });

  it('shares with expiry, passcode and code, lists and revokes', async () => {
    const { page, faults } = await signedIn();
    await page.getByText('胸部 CT 平扫').first().click();
    await page.getByText('分享给医生或家人').click();
    await press(page, '请医生会诊');
    await press(page, '7 天');
    await press(page, '生成分享');
    await page.getByText('7K3M 9QXD').waitFor();
    await page.waitForTimeout(600);
    await host.screenshot(page, 'patient-share-made-390');
    await page.locator('.share-canvas').scrollIntoViewIfNeeded();
    await host.screenshot(page, 'patient-share-code-390');
    expect(host.api.shares[0]).toMatchObject({ purpose: 'consultation', maxViews: 20 });
    await page.goto(`${host.origin}/m/#/subpackages/shares/shares/index`);
    await page.getByText('还没有人看过').waitFor();
    await host.screenshot(page, 'patient-shares-390');
    await press(page, '撤销分享');
    await press(page, '撤销');
    await page.locator('.chip-revoked').waitFor();
    expect(host.api.shares[0]?.state).toBe('revoked');
    await inOrder(page, faults);
  });

  it('unbinds after a question, switches to large type, signs out and wipes', async () => {
    const { page, faults } = await signedIn();
    await press(page, '账号与绑定');
    await page.getByText('138****8000').waitFor();
    const small = await page
      .locator('.page')
      .filter({ visible: true })
      .evaluate((each) => getComputedStyle(each).fontSize);
    await press(page, '长辈大字版');
    await page.waitForTimeout(200);
    const large = await page
      .locator('.page')
      .filter({ visible: true })
      .evaluate((each) => getComputedStyle(each).fontSize);
    expect([small, large]).toEqual(['17px', '22px']);
    await host.screenshot(page, 'patient-account-large-390');
    await press(page, '解除绑定');
    await page.getByText('解除绑定？').waitFor();
    await press(page, '解除');
    await page.getByText('绑定就诊档案', { exact: true }).filter({ visible: true }).last().waitFor();
    expect(host.api.links).toEqual([]);
    await press(page, '退出登录');
    await page.getByText('退出登录？').waitFor();
    await press(page, '退出');
    await page.getByText('影像随身看').waitFor();
    const kept = await page.evaluate(() => Object.keys(localStorage).filter((key) => /session|films/.test(key)));
    expect(kept).toEqual([]);
    await inOrder(page, faults);
  });

  it('gives every control at least 44 px', async () => {
    const { page, faults } = await signedIn();
    const small = () =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('.press, .tool, .choice, .film-card, .extras-row, .field-input')]
          .map((each) => ({ words: each.textContent ?? '', box: each.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0 && (box.height < 44 || box.width < 44))
          .map(({ words }) => words),
      );
    await page.getByText('2026 年').waitFor();
    expect(await small()).toEqual([]);
    await page.getByText('胸部 CT 平扫').first().click();
    await page.getByText('13 / 24').waitFor();
    await press(page, '更多');
    expect(await small()).toEqual([]);
    await inOrder(page, faults);
  });
});

/** The share of the picture that isn't black. */
async function lit(page: Page): Promise<number> {
  const shot = await page.locator('.stage').filter({ visible: true }).screenshot({ type: 'png' });
  return page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0);
    const data = context?.getImageData(0, 0, image.width, image.height).data ?? [];
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if ((data[i] ?? 0) > 60) count++;
    return count / (data.length / 4);
  }, shot.toString('base64'));
}

interface Xy {
  readonly x: number;
  readonly y: number;
}

/** Real touches, by the browser's own protocol. */
async function fingers(page: Page) {
  const protocol = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Xy[]) =>
    protocol.send('Input.dispatchTouchEvent', { type, touchPoints: points.map((point, id) => ({ ...point, id })) });
  const steps = 8;
  return {
    async swipe(from: Xy, to: Xy) {
      await send('touchStart', [from]);
      for (let i = 1; i <= steps; i++)
        await send('touchMove', [
          { x: from.x + ((to.x - from.x) * i) / steps, y: from.y + ((to.y - from.y) * i) / steps },
        ]);
      await send('touchEnd', []);
    },
    async pinch(middle: Xy, from: number, to: number) {
      const at = (spread: number) => [
        { x: middle.x - spread, y: middle.y },
        { x: middle.x + spread, y: middle.y },
      ];
      await send('touchStart', at(from));
      for (let i = 1; i <= steps; i++) await send('touchMove', at(from + ((to - from) * i) / steps));
      await send('touchEnd', []);
    },
  };
}
