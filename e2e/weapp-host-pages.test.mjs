// The weapp test host shows, moves and asks as WeChat does: pages, fingers, components, lifecycle, questions to the user.
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shots, weappFixture } from './support/weapp-fixture.mjs';

describe('the weapp host', () => {
  const host = weappFixture();
  const life = () => host.app.pageField('life');

  describe('shows a page', () => {
    it('from WXML, WXS and WXSS: rpx, @import, isolated component styles', async () => {
      await host.open();
      expect(await host.app.text()).toContain('你好！');
      const box = (id) => host.app.find(id).boundingBox();
      expect((await box('#half')).width).toBeCloseTo(195, 1); // 375 of 750 rpx on a 390 point screen
      expect((await box('#half')).height).toBeCloseTo(52, 1);
      expect((await box('#inline')).width).toBeCloseTo(39, 1);
      const color = (selector) => host.app.find(selector).evaluate((element) => getComputedStyle(element).color);
      expect(await color('#name')).toBe('rgb(1, 2, 3)');
      expect(await color('#label')).toBe('rgb(200, 0, 0)');
      await host.app.screenshot(path.join(shots, 'weapp-host-fixture.png'));
    });

    it('with bars as WeChat draws them, and counts distances from under them', async () => {
      await host.open();
      expect(await host.app.text()).toContain('测试小程序');
      expect((await host.app.find('#name').boundingBox()).y).toBe(91); // 47 status bar + 44 navigation bar
    });

    it('with WebGL on a canvas that only a selector query gives', async () => {
      await host.open();
      await delay(300);
      const look = await host.app.look('#film');
      expect(look.brightShare).toBeCloseTo(0.5, 1); // the left half was cleared to black, the right to white
    });
  });

  describe('hears fingers', () => {
    it('and lets a tap bubble, unless it is caught', async () => {
      await host.open();
      await host.app.tap('#bubble');
      await host.app.waitForText('outer bubble outer');
      await host.app.tap('#inner');
      await host.app.waitForText('outer bubble outer; inner inner');
      expect(await host.app.text()).not.toContain('outer inner');
    });

    it("and gives touches and changedTouches in WeChat's shape", async () => {
      await host.open();
      await host.app.touch('#pad', [
        [10, 10],
        [60, 40],
      ]);
      const { touches } = await host.app.pageData();
      expect(touches.map(({ type }) => type)).toEqual(expect.arrayContaining(['touchstart', 'touchmove', 'touchend']));
      const box = await host.app.find('#pad').boundingBox();
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
      await host.open();
      await host.app.longPress('#pad');
      expect((await host.app.pageData()).touches.map(({ type }) => type)).toEqual([
        'touchstart',
        'longpress',
        'touchend',
      ]);
    });

    it('and gives a canvas x and y of its own', async () => {
      await host.open();
      await host.app.touch('#film', [
        [5, 6],
        [50, 60],
      ]);
      const { canvasTouch } = await host.app.pageData();
      expect(canvasTouch.touches[0]).toEqual({ identifier: 0, x: expect.closeTo(50, 0), y: expect.closeTo(60, 0) });
    });

    it('and types with a number keyboard, which has no letters', async () => {
      await host.open();
      await host.app.type('手机号', '138a0013b8000');
      await host.app.waitForText('输入 13800138000');
    });

    it('and ticks a box through its label', async () => {
      await host.open();
      await host.app.tap('同意');
      await host.app.waitForText('勾选 yes');
    });
  });

  describe("has WeChat's components", () => {
    beforeEach(() => host.open({ launch: { path: 'pages/parts/parts' } }));
    afterEach(() => host.app.screenshot(path.join(shots, 'weapp-host-parts.png')));

    it('a form of switch, picker, input and textarea', async () => {
      await host.app.tap('#large');
      await host.app.tap('有效期 0');
      await host.app.tap('七天');
      await host.app.screenshot(path.join(shots, 'weapp-host-picker.png'));
      await host.app.tap('确定');
      await host.app.waitForText('有效期 1');
      await host.app.type('姓名', '张三丰丰');
      await host.app.type('备注', '无');
      await host.app.tap('提交');
      await host.app.waitForText('提交 {"large":true,"days":1,"name":"张三丰","note":"无"}'); // maxlength 3
    });

    it('a picker of dates, and radios of which one is chosen', async () => {
      await host.app.tap(/^日期/);
      await host.app.browserPage.locator('.wxh-wheel').nth(2).getByText('05', { exact: true }).tap();
      await host.app.tap('确定');
      await host.app.waitForText('日期 2026-11-05');
      await host.app.tap('甲');
      await host.app.tap('乙');
      await host.app.waitForText('选 b');
      expect(await host.app.find('wx-radio[data-checked]').count()).toBe(1);
    });

    it('a slider, a scroll-view and a swiper under a finger', async () => {
      const { width } = await host.app.find('#slider').boundingBox();
      await host.app.touch('#slider', [
        [width / 2, 14],
        [width - 5, 14],
      ]);
      expect((await host.app.pageData()).slid).toBe(9);
      await host.app.touch('#box', [
        [50, 55],
        [50, -300],
      ]);
      await delay(500);
      const { scrolled, lower } = await host.app.pageData();
      expect(scrolled).toMatchObject({ scrollLeft: 0, scrollHeight: 300 });
      expect(scrolled.scrollTop).toBeGreaterThan(100);
      expect(lower).toBe(true);
      await host.app.touch('#swiper', [
        [300, 30],
        [40, 30],
      ]);
      expect((await host.app.pageData()).swiped).toMatchObject({ current: 1, source: 'touch' });
    });

    it('rich text without scripts, and images that tell their size', async () => {
      expect(await host.app.find('#rich').innerHTML()).toBe('<p class="p">粗<b>体</b></p>');
      expect((await host.app.pageData()).picture).toEqual({ width: 40, height: 20 });
      expect((await host.app.find('#picture').boundingBox()).height).toBeCloseTo(40, 0); // widthFix: 80 wide, as 40 × 20
    });

    it('a caught capture, and a button that shares with its own data', async () => {
      await host.app.tap('里面');
      await host.app.waitForText('捕获');
      expect(await host.app.text()).not.toContain('冒泡到外面');
      await host.app.tap('转发');
      expect((await host.app.pageData()).shared).toEqual({ from: 'button', what: 'film' });
    });

    it('a card to a friend only where it leads to a page', async () => {
      expect((await host.app.shareMessage()).path).toBe('/pages/home/home');
      await host.app.callWx('redirectTo', { url: '/pages/second/second' });
      await host.app.shareMessage();
      expect(await host.app.takeFaults()).toEqual([
        'onShareAppMessage: "pages/nowhere/nowhere" is not a page of this mini-program',
      ]);
    });

    it('a page of its own bars, and packages fetched ahead by preloadRule', async () => {
      expect((await host.app.find('#large').boundingBox()).y).toBeLessThan(47);
      expect(host.app.packages()).toEqual(['(main)', 'more/']);
    });
  });

  it('goes to the background and back, and warns of memory', async () => {
    await host.open();
    await host.app.toBackground();
    await host.app.toForeground();
    expect(await life()).toEqual(['load {}', 'show', 'ready', 'hide', 'show']);
    const heard = host.app.browserPage.evaluate(
      () => new Promise((resolve) => window.__wxHost.onWx('onMemoryWarning', ({ level }) => resolve(level))),
    );
    await host.app.warnOfMemory(15);
    expect(await heard).toBe(15);
  });

  describe('moves between pages', () => {
    it("with WeChat's lifecycle", async () => {
      await host.open({ launch: { path: 'pages/home/home', query: { a: '1' }, scene: 1047 } });
      await host.app.callWx('navigateTo', { url: '/pages/second/second?id=7' });
      await host.app.waitForText('第二页 7');
      expect(await host.app.pageStack()).toEqual([
        { path: 'pages/home/home', query: { a: '1' } },
        { path: 'pages/second/second', query: { id: '7' } },
      ]);
      await host.app.back();
      await host.app.waitForPage('pages/home/home');
      await host.app.pullDown();
      expect(await life()).toEqual(['load {"a":"1"}', 'show', 'ready', 'hide', 'show', 'pull']);
    });

    it('and tells a page that its end has been reached', async () => {
      await host.open();
      await host.app.browserPage.evaluate(() => document.querySelector('.wxh-top .wxh-scroller').scrollTo(0, 9999));
      await delay(200);
      expect(await life()).toContain('bottom');
    });

    it('between tabs, which stay alive', async () => {
      await host.open();
      await host.app.browserPage.locator('.wxh-top .wxh-tab').nth(1).tap();
      await host.app.waitForText('我的页面');
      expect(await host.app.pageStack()).toEqual([{ path: 'pages/tab/tab', query: {} }]);
      await host.app.browserPage.locator('.wxh-top .wxh-tab').first().tap();
      await host.app.waitForText('你好！');
      expect(await life()).toEqual(['load {}', 'show', 'ready', 'hide', 'show']);
    });

    it('and fetches a sub-package only when one of its pages is opened', async () => {
      await host.open({ launch: { path: 'pages/second/second', query: { probe: 'subPackage' } } });
      await host.app.waitForText('子包页 子包');
      expect(host.app.packages()).toEqual(['(main)', 'more/']);
      await host.app.close();
      await host.open();
      expect(host.app.packages()).toEqual(['(main)']);
    });

    it('but not deeper than ten, not to a tab by navigateTo, not to a page that is not there', async () => {
      await host.open({ launch: { path: 'pages/second/second', query: { probe: 'goDeep' } } });
      await host.app.waitForText('第二页 8');
      await delay(300);
      expect(await host.app.pageStack()).toHaveLength(10);
      await host.app.close();
      expect(await host.probe('tabByNavigate')).toEqual({ error: 'navigateTo:fail can not navigateTo a tabbar page' });
      await host.app.close();
      expect(await host.probe('nowhere')).toEqual({
        error: 'navigateTo:fail page "pages/nowhere/nowhere" is not found',
      });
    });

    it('and a file of another package cannot be required', async () => {
      expect((await host.probe('requireSubPackage')).error).toContain('another sub-package');
    });
  });

  describe('asks the user', () => {
    it('in a modal, an action sheet, and for the album', async () => {
      await host.open({ launch: { path: 'pages/second/second', query: { probe: 'modal' } } });
      await host.app.waitForText('确定要撤销吗');
      await host.app.screenshot(path.join(shots, 'weapp-host-modal.png'));
      await host.app.tap('确定');
      expect(await host.answer()).toBe(true);
      await host.app.close();
      await host.open({ launch: { path: 'pages/second/second', query: { probe: 'sheet' } } });
      await host.app.tap('七天');
      expect(await host.answer()).toBe(1);
      await host.app.close();
      await host.open({ launch: { path: 'pages/second/second', query: { probe: 'album' } } });
      await host.app.tap('拒绝');
      expect(await host.answer()).toEqual({ error: 'saveImageToPhotosAlbum:fail auth deny' });
    });

    it('nothing when something is copied, but says so', async () => {
      await host.probe('clipboard');
      expect(await host.app.clipboard()).toBe('口令');
      expect((await host.app.sheet()).toast).toBe('内容已复制');
    });
  });
});
