import type { ObjectWithoutImage } from '@yingyun/shared/contract/film-manifest';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findings, manifest } from './mock-films';
import { desk, type PageHost, phone, startPageHost, tablet } from './page-host';

const unavailable = '此链接不可用。可能已过期、被撤销或口令不正确，请联系提供者。';
const lung = '右肺上叶尖段见一磨玻璃结节';

describe('the share page', () => {
  let host: PageHost;
  beforeAll(async () => {
    host = await startPageHost();
  });
  afterAll(() => host.stop());
  afterEach(() => {
    host.api.filmFailure = undefined;
    host.api.sharedFilm = manifest;
    expect(host.api.violations).toEqual([]);
  });

  const openAt = async (options = phone, passcode = '7K3M9QXD') => {
    const share = host.api.addShare(passcode);
    const opened = await host.open(`/s/${share.token}`, options);
    return { ...opened, share };
  };
  const enter = async (opened: Awaited<ReturnType<typeof openAt>>, passcode = '7K3M9QXD') => {
    await opened.page.getByLabel('8 位口令').fill(passcode);
    await opened.page.getByRole('button', { name: '打开胶片' }).click();
  };

  it('asks for the passcode, and asks the server nothing before it', async () => {
    const before = host.api.asked.length;
    const { page, faults, close } = await openAt();
    await page.getByRole('heading', { name: '查看云胶片' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.getByLabel('8 位口令').evaluate((input) => input === document.activeElement)).toBe(true);
    expect(host.api.asked.length).toBe(before);
    expect(await page.content()).not.toContain(manifest.hospitalName);
    await host.screenshot(page, 'share-gate-390');
    expect(faults).toEqual([]);
    await close();
  });

  it('groups what is typed, and reads a code out of a pasted message', async () => {
    const { page, close } = await openAt();
    const input = page.getByLabel('8 位口令');
    await input.pressSequentially('7k3m9');
    expect(await input.inputValue()).toBe('7K3M 9');
    await input.press('Backspace');
    expect(await input.inputValue()).toBe('7K3M');
    await input.fill('云胶片口令：7K3M-9QXD，请勿转发');
    expect(await input.inputValue()).toBe('7K3M 9QXD');
    await close();
  });

  it('says the same for an unknown link, a revoked one and a wrong passcode', async () => {
    const revoked = host.api.addShare('7K3M9QXD', undefined, { state: 'revoked' });
    const live = host.api.addShare('7K3M9QXD');
    const pages: string[] = [];
    for (const [token, passcode] of [
      ['AAAAAAAAAAAAAAAAAAAAAA', '7K3M9QXD'],
      [revoked.token, '7K3M9QXD'],
      [live.token, '00000000'],
      ['not-a-token', '7K3M9QXD'],
    ] as const) {
      const { page, close } = await host.open(`/s/${token}`, phone);
      await page.getByLabel('8 位口令').fill(passcode);
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: unavailable }).waitFor();
      pages.push(await page.locator('body').innerHTML());
      if (pages.length === 1) await host.screenshot(page, 'share-refused-390');
      await close();
    }
    expect(new Set(pages).size).toBe(1);
  });

  it('asks to complete a short passcode without troubling the server', async () => {
    const before = host.api.asked.length;
    const opened = await openAt();
    await enter(opened, '7K3');
    await opened.page.getByRole('alert').filter({ hasText: '口令为 8 位' }).waitFor();
    expect(host.api.asked.length).toBe(before);
    await opened.close();
  });

  it('lists a document that waits for the report by its kind, and offers no button for it', async () => {
    const waiting: ObjectWithoutImage = {
      sopInstanceUid: '1.2.3.9',
      kind: 'pdf',
      title: '',
      reason: '报告尚未审核发布，医院审核后即可在此查看',
      hasDocument: false,
      standing: 'waiting',
    };
    const [series] = manifest.series;
    if (series === undefined) throw new Error('no series');
    host.api.sharedFilm = { ...manifest, series: [{ ...series, withoutImage: [waiting] }] };
    const opened = await openAt();
    await enter(opened);
    const { page } = opened;
    await page.getByRole('button', { name: '资料 1' }).click();
    const list = page.getByRole('region', { name: '其他资料' });
    await list.getByText('医院审核后即可在此查看').waitFor();
    await host.screenshot(page, 'share-document-waiting-390');
    expect(await list.getByRole('button').allInnerTexts()).toEqual(['关闭']);
    expect(await list.getByText('未审核', { exact: true }).count()).toBe(0);
    expect(opened.faults).toEqual([]);
    await opened.close();
  });

  it('says how long a lock lasts', async () => {
    const opened = await openAt();
    opened.share.state = 'locked';
    await enter(opened);
    await opened.page.getByRole('alert').filter({ hasText: '请 29 分钟后再试' }).waitFor();
    await opened.close();
  });

  it.each([
    ['390', phone],
    ['820', tablet],
    ['1440', desk],
    ['390-dark', { ...phone, colorScheme: 'dark' as const }],
  ])('shows report and images on one screen at %s', async (name, options) => {
    const opened = await openAt(options);
    await enter(opened);
    const { page } = opened;
    await page.getByText(lung).waitFor();
    await page.waitForTimeout(1500);
    await host.screenshot(page, `share-film-${name}`);
    const viewer = await page.locator('#viewer').boundingBox();
    const sheet = await page.getByRole('region', { name: '检查报告' }).boundingBox();
    const area = (viewer?.width ?? 0) * (viewer?.height ?? 0);
    const size = options.viewport ?? { width: 1, height: 1 };
    expect(area / (size.width * size.height)).toBeGreaterThan(0.55);
    expect(sheet?.height).toBeGreaterThan(300);
    const report = await page.getByRole('region', { name: '报告正文' }).innerText();
    for (const words of [
      '张*华',
      '男',
      '57 岁',
      '胸部 CT 平扫',
      '2026-03-01 08:30',
      '2026-03-01 10:05',
      '李明',
      '王建国',
      '第 1 版',
      '24 / 24 幅，原始无损',
      '北京时间',
    ]) {
      expect(report).toContain(words);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(opened.faults).toEqual([]);
    await opened.close();
  });

  it.each([
    ['320', { ...phone, viewport: { width: 320, height: 568 } }],
    ['667', { ...phone, viewport: { width: 667, height: 375 } }],
  ])('leaves nothing out of reach at %s', async (name, options) => {
    const opened = await openAt(options);
    const { page } = opened;
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await enter(opened);
    await page.getByText(lung).waitFor();
    await page.getByRole('button', { name: '特大字号' }).click();
    for (const button of await page.locator('.sheet-bar button').filter({ visible: true }).all()) {
      const box = await button.boundingBox();
      expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 999) <= options.viewport.width).toBe(true);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await host.screenshot(page, `share-film-${name}`);
    await opened.close();
  });

  it('gives the report the screen, and the images the screen, and remembers the text size', async () => {
    const opened = await openAt();
    await enter(opened);
    const { page } = opened;
    await page.getByText(lung).waitFor();
    await page.getByRole('button', { name: '特大字号' }).click();
    expect(await page.locator('.report').evaluate((report) => getComputedStyle(report).fontSize)).toBe('24px');
    await page.getByRole('button', { name: '看报告' }).click();
    await page.waitForTimeout(400);
    expect((await page.locator('.sheet').boundingBox())?.height).toBeGreaterThan(700);
    await host.screenshot(page, 'share-report-390');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '全屏看图' }).click();
    await page.waitForTimeout(400);
    expect((await page.locator('#viewer').boundingBox())?.height).toBeGreaterThan(740);
    await host.screenshot(page, 'share-images-390');
    await page.getByRole('button', { name: '退出全屏' }).click();
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset['textSize'])).toBe('huge');
    await opened.close();
  });

  it('asks again after a reload, and keeps no secret in the browser', async () => {
    const opened = await openAt();
    await enter(opened);
    await opened.page.getByText(lung).waitFor();
    const kept = await opened.page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(kept).toBe('[{"yingyun.text-size":"normal"},{},""]');
    expect(opened.page.url()).toBe(`${host.origin}/s/${opened.share.token}`);
    await opened.page.reload();
    await opened.page.getByRole('heading', { name: '查看云胶片' }).waitFor();
    expect(await opened.page.content()).not.toContain(lung);
    await opened.close();
  });

  it('wipes report and images from the page when the share is revoked', async () => {
    const opened = await openAt();
    await enter(opened);
    const { page } = opened;
    await page.getByText(lung).waitFor();
    opened.share.state = 'revoked';
    await page.waitForTimeout(3_000); // someone coming back to the page after this is asked about at once
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.locator('#lost').waitFor();
    const left = await page.content();
    for (const secret of [lung, findings.slice(0, 12), '张*华', '李明', manifest.hospitalName, manifest.examItem]) {
      expect(left).not.toContain(secret);
    }
    expect(await page.locator('canvas').count()).toBe(0);
    expect(await page.title()).toBe('云胶片');
    await host.screenshot(page, 'share-lost-390');
    await page.getByRole('button', { name: '重新输入口令' }).click();
    await page.getByLabel('8 位口令').waitFor();
    await opened.close();
  });

  it('wipes the page as soon as the images are refused', async () => {
    host.api.nextFramesFailure = 'unauthenticated';
    const opened = await openAt();
    await enter(opened);
    await opened.page.locator('#lost').waitFor();
    expect(await opened.page.content()).not.toContain('张*华');
    expect(await opened.page.locator('canvas').count()).toBe(0);
    await opened.close();
  });

  it('reads the film again when its images have changed since', async () => {
    host.api.nextFramesFailure = 'film-changed';
    const before = host.api.asked.filter((route) => route === 'sharedFilm').length;
    const opened = await openAt();
    await enter(opened);
    await opened.page.getByText('13 / 24', { exact: true }).first().waitFor();
    await opened.page.getByText(lung).waitFor();
    await expect.poll(() => host.api.asked.filter((route) => route === 'sharedFilm').length - before).toBe(1);
    expect(await opened.page.locator('.yv-root').count()).toBe(1);
    expect(opened.share.views).toBe(1);
    await opened.close();
  });

  it('shows images without WebGL', async () => {
    const share = host.api.addShare('7K3M9QXD');
    const { page, faults, close } = await host.open('about:blank', phone);
    await page.addInitScript(() => {
      const getContext = HTMLCanvasElement.prototype.getContext as (kind: string, ...more: unknown[]) => unknown; // one of many overloads
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...more: unknown[]) {
        return kind.startsWith('webgl') ? null : getContext.call(this, kind, ...more);
      } as typeof HTMLCanvasElement.prototype.getContext; // as above
    });
    await page.goto(`${host.origin}/s/${share.token}`);
    await page.getByLabel('8 位口令').fill('7K3M9QXD');
    await page.keyboard.press('Enter');
    await page.locator('.yv-canvas').waitFor();
    await page.waitForFunction(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.yv-canvas');
      const middle = canvas?.getContext('2d')?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
      return (middle?.[0] ?? 0) > 60;
    });
    expect(faults).toEqual([]);
    await close();
  });

  it('offers to try again where the film fails to load, without asking for the passcode anew', async () => {
    host.api.filmFailure = 'storage-unavailable';
    const opened = await openAt();
    await enter(opened);
    const { page } = opened;
    await page.getByText('存储服务暂时不可用').waitFor();
    await host.screenshot(page, 'share-failed-390');
    host.api.filmFailure = undefined;
    await page.getByRole('button', { name: '重新加载' }).first().click();
    await page.getByText(lung).waitFor();
    expect(opened.share.views).toBe(1);
    await opened.close();
  });

  it('keeps the report readable when the line is cut, and says so', async () => {
    const opened = await openAt();
    await enter(opened);
    const { page } = opened;
    await page.getByText(lung).waitFor();
    await page.context().setOffline(true);
    await page.getByText('网络已断开').waitFor();
    expect(await page.getByText(lung).isVisible()).toBe(true);
    await opened.close();
  });

  it('says that the line is down when it is, and opens once it is back', async () => {
    const opened = await openAt();
    await opened.page.waitForLoadState('networkidle');
    await opened.page.context().setOffline(true);
    await enter(opened);
    await opened.page.getByRole('alert').filter({ hasText: '网络不通' }).waitFor();
    await opened.page.context().setOffline(false);
    await opened.page.getByRole('button', { name: '打开胶片' }).click();
    await opened.page.getByText(lung).waitFor();
    await opened.close();
  });

  it('opens by keyboard alone, and every control can be reached', async () => {
    const opened = await openAt(desk);
    const { page } = opened;
    await page.waitForFunction(() => document.activeElement?.id === 'passcode');
    await page.keyboard.type('7k3m9qxd');
    await page.keyboard.press('Enter');
    await page.getByText(lung).waitFor();
    const reached: string[] = [];
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate(
          () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
        ),
      );
    }
    for (const name of ['标准字号', '大字号', '特大字号', '全屏看图', '报告正文']) expect(reached).toContain(name);
    await opened.close();
  });

  it('opens although the code was typed and Enter pressed before the script had started', async () => {
    const share = host.api.addShare('7K3M9QXD');
    const { page, close } = await host.open('about:blank', phone);
    await page.route('**/*.js', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      await route.continue();
    });
    await page.goto(`${host.origin}/s/${share.token}`, { waitUntil: 'commit' });
    await page.getByLabel('8 位口令').fill('7k3m9qxd');
    await page.keyboard.press('Enter');
    await page.getByText(lung).waitFor();
    expect(page.url()).not.toContain('passcode');
    expect(share.views).toBe(1);
    await close();
  });

  it('prints the report in the order of a paper report, without controls', async () => {
    const opened = await openAt(desk);
    await enter(opened);
    const { page } = opened;
    await page.getByText(lung).waitFor();
    await page.emulateMedia({ media: 'print' });
    await host.screenshot(page, 'share-print');
    const findingsTop = (await page.locator('.report-findings').boundingBox())?.y ?? 0;
    const impressionTop = (await page.locator('.report-impression').boundingBox())?.y ?? 0;
    expect(findingsTop).toBeLessThan(impressionTop);
    expect(await page.locator('#viewer').isVisible()).toBe(false);
    expect(await page.getByRole('button').filter({ visible: true }).count()).toBe(0);
    await opened.close();
  });
});
