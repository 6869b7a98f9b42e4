// Pages: at most ten deep, each with its lifecycle, its own scrolling area (WeChat gives each its own web view) and its bars.
import { drawFrame } from './page-frame.mjs';
import { parseUrl } from './page-url.mjs';
import { checkSetData } from './set-data.mjs';

const deepest = 10;

export function createPageStack(host) {
  const { program } = host;
  const tabs = (program.app.tabBar?.list ?? []).map(({ pagePath }) => pagePath);
  const tabPages = new Map();
  let stack = [];
  let serial = 0;
  let loading = Promise.resolve();

  const lifecycle = (page, name, argument) => {
    const handler = page.caller[name];
    return typeof handler === 'function' ? host.faults.guard(() => handler.call(page.caller, argument)) : undefined;
  };
  const hide = (page) => {
    if (page === undefined || !page.isShown) return;
    page.isShown = false;
    lifecycle(page, 'onHide');
    page.root.getComponent().triggerPageLifetime('hide', []);
  };
  const show = (page) => {
    for (const one of new Set([...stack, ...tabPages.values()])) one.frame.setTop(one === page);
    if (page.isShown) return;
    page.isShown = true;
    lifecycle(page, 'onShow');
    page.root.getComponent().triggerPageLifetime('show', []);
  };
  const unload = (page) => {
    if (page.isShown) page.isShown = false;
    lifecycle(page, 'onUnload');
    page.root.release();
    page.frame.remove();
    for (const [path, one] of tabPages) if (one === page) tabPages.delete(path);
  };

  const open = async (path, query) => {
    const root = host.packages.rootOf(path);
    if (!host.packages.isLoaded('')) await host.packages.load('');
    await host.packages.load(root);
    host.packages.define(path);
    const config = { ...program.app.window, ...program.configs[path] };
    const page = { path, query, id: ++serial, isShown: false, scrollTop: 0 };
    page.frame = drawFrame(host, page, config, tabs.includes(path));
    page.root = host.associated.createRoot('wx-page', host.space, path);
    page.caller = page.root.get();
    page.caller.route = path;
    page.caller.__route__ = path;
    page.caller.options = query;
    page.caller.getPageId = () => `pageId:${page.id}`;
    page.caller.createSelectorQuery = () => host.wx.api.createSelectorQuery().in(page.caller);
    page.caller.getTabBar = () => null;
    checkSetData(host, page.caller);
    page.root.attach(page.frame.body, page.frame.placeholder);
    page.frame.onScroll = (scrollTop) => {
      page.scrollTop = scrollTop;
      lifecycle(page, 'onPageScroll', { scrollTop });
    };
    page.frame.onReachBottom = () => lifecycle(page, 'onReachBottom');
    page.frame.onBack = () => api.navigateBack(1);
    page.frame.canGoBack = () => stack.length > 1;
    return page;
  };

  const enter = (page) => {
    page.frame.drawBars(stack.length > 1);
    lifecycle(page, 'onLoad', page.query);
    show(page);
    requestAnimationFrame(() => lifecycle(page, 'onReady'));
    for (const root of program.app.preloadRule?.[page.path]?.packages ?? [])
      host.packages.load(`${root}/`).catch((error) => host.faults.add(`preloadRule: ${error.message}`));
  };

  /** Pages must exist; a tab page can't be pushed, another page can't be switched to. @throws Error with WeChat's words */
  const target = (url, wantsTab) => {
    const { path, query } = parseUrl(url, stack.at(-1)?.path ?? '');
    if (!program.packages.some(({ pages }) => pages.includes(path))) {
      host.given.pageNotFound({ path, query, isEntryPage: stack.length === 0 });
      throw new Error(`page "${path}" is not found`);
    }
    if (wantsTab === false && tabs.includes(path)) throw new Error('can not navigateTo a tabbar page');
    if (wantsTab === true && !tabs.includes(path)) throw new Error('can not switch to no-tabBar page');
    return { path, query };
  };

  /** A card leads to the page itself unless it says where; a card that leads nowhere is found only by who taps it. */
  const cardOf = (card, page) => {
    const { path } = parseUrl(card?.path ?? `/${page.path}`, '');
    const leadsToPage = program.packages.some(({ pages }) => pages.includes(path));
    if (!leadsToPage) host.faults.add(`onShareAppMessage: "${path}" is not a page of this mini-program`);
    return card;
  };

  const inTurn = (work) => {
    const done = loading.then(work);
    loading = done.catch(() => undefined);
    return done;
  };

  const api = {
    top: () => stack.at(-1),
    callers: () => stack.map(({ caller }) => caller),
    describe: () => stack.map(({ path, query }) => ({ path, query })),
    hideTop: () => hide(stack.at(-1)),
    showTop: () => stack.length > 0 && show(stack.at(-1)),
    /** Left and top of the page area that a DOM element lies in: WeChat counts from the web view, under the navigation bar. */
    originOf(element) {
      const area = element.closest?.('.wxh-area');
      return area === null || area === undefined ? { left: 0, top: 0 } : area.getBoundingClientRect();
    },
    pageOf: (element) => [...stack, ...tabPages.values()].find(({ frame }) => frame.contains(element)),
    navigateTo: (url) =>
      inTurn(async () => {
        const { path, query } = target(url, false);
        if (stack.length >= deepest) throw new Error(`webview count limit exceed`);
        const page = await open(path, query);
        hide(stack.at(-1));
        stack.push(page);
        enter(page);
        return page;
      }),
    redirectTo: (url) =>
      inTurn(async () => {
        const { path, query } = target(url, false);
        const page = await open(path, query);
        const old = stack.pop();
        stack.push(page);
        if (old !== undefined) unload(old);
        enter(page);
      }),
    navigateBack: (delta) =>
      inTurn(() => {
        if (stack.length <= 1) throw new Error('cannot navigate back at first page.');
        const leaving = stack.splice(Math.max(1, stack.length - delta));
        for (const page of leaving.reverse()) unload(page);
        show(stack.at(-1));
      }),
    switchTab: (url) =>
      inTurn(async () => {
        const { path } = target(url, true);
        const known = tabPages.get(path);
        const page = known ?? (await open(path, {}));
        for (const old of stack) if (old !== page) tabs.includes(old.path) ? hide(old) : unload(old);
        tabPages.set(path, page);
        stack = [page];
        if (known === undefined) enter(page);
        else show(page);
      }),
    reLaunch: (url, query) =>
      inTurn(async () => {
        const wanted = target(url);
        const page = await open(wanted.path, query ?? wanted.query);
        for (const old of new Set([...stack, ...tabPages.values()])) unload(old);
        stack = [page];
        if (tabs.includes(page.path)) tabPages.set(page.path, page);
        enter(page);
      }),
    async pullDown() {
      const page = stack.at(-1);
      const { enablePullDownRefresh } = { ...program.app.window, ...program.configs[page.path] };
      if (enablePullDownRefresh !== true) throw new Error(`${page.path}: enablePullDownRefresh is not set`);
      page.frame.setRefreshing(true);
      lifecycle(page, 'onPullDownRefresh');
    },
    stopPullDown: () => stack.at(-1)?.frame.setRefreshing(false),
    /** What WeChat's own share button would send, or undefined where the page doesn't offer sharing. */
    shareMessage() {
      const page = stack.at(-1);
      if (typeof page.caller.onShareAppMessage !== 'function') return undefined;
      return cardOf(lifecycle(page, 'onShareAppMessage', { from: 'menu', target: undefined }), page);
    },
    shareFrom: (target) =>
      cardOf(lifecycle(stack.at(-1), 'onShareAppMessage', { from: 'button', target }), stack.at(-1)),
  };
  return api;
}
