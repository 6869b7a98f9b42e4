// Moving between pages, and what a page may change about its bars.
import { asyncCall, WxFail } from './calling.mjs';

export function navigationCalls(host) {
  const go = (name, work) =>
    asyncCall(host, name, async (options) => {
      try {
        await work(options);
      } catch (error) {
        throw new WxFail(error.message);
      }
    });
  const frame = () => host.pages.top()?.frame;
  return {
    calls: {
      navigateTo: asyncCall(host, 'navigateTo', async ({ url, events = {} }) => {
        const opener = eventChannel(host);
        const opened = eventChannel(host);
        opener.other = opened;
        opened.other = opener;
        for (const [name, listener] of Object.entries(events)) opener.on(name, listener);
        try {
          const page = await host.pages.navigateTo(url);
          page.caller.getOpenerEventChannel = () => opened;
        } catch (error) {
          throw new WxFail(error.message);
        }
        return { eventChannel: opener };
      }),
      redirectTo: go('redirectTo', ({ url }) => host.pages.redirectTo(url)),
      navigateBack: go('navigateBack', ({ delta = 1 } = {}) => host.pages.navigateBack(delta)),
      switchTab: go('switchTab', ({ url }) => host.pages.switchTab(url)),
      reLaunch: go('reLaunch', ({ url }) => host.pages.reLaunch(url)),
      setNavigationBarTitle: asyncCall(host, 'setNavigationBarTitle', ({ title }) => void frame()?.setTitle(title)),
      setNavigationBarColor: asyncCall(host, 'setNavigationBarColor', ({ frontColor, backgroundColor }) => {
        if (!['#ffffff', '#000000'].includes(frontColor))
          throw new WxFail('invalid frontColor: only #ffffff and #000000');
        frame()?.setColor(frontColor, backgroundColor);
      }),
      showNavigationBarLoading: asyncCall(host, 'showNavigationBarLoading', () => ({})),
      hideNavigationBarLoading: asyncCall(host, 'hideNavigationBarLoading', () => ({})),
      hideHomeButton: asyncCall(host, 'hideHomeButton', () => ({})),
      setBackgroundColor: asyncCall(host, 'setBackgroundColor', () => ({})),
      setBackgroundTextStyle: asyncCall(host, 'setBackgroundTextStyle', () => ({})),
      startPullDownRefresh: asyncCall(host, 'startPullDownRefresh', () => host.pages.pullDown()),
      stopPullDownRefresh: asyncCall(host, 'stopPullDownRefresh', () => void host.pages.stopPullDown()),
      pageScrollTo: asyncCall(host, 'pageScrollTo', ({ scrollTop, selector }) => {
        const area = frame();
        if (selector !== undefined) {
          const node = host.pages.top().root.getComponent().getShadowRoot().querySelector(selector);
          if (node === null) throw new WxFail(`selector ${selector} matches nothing`);
          node.getBackendElement().scrollIntoView();
        } else area.scrollTo(scrollTop ?? 0);
      }),
    },
  };
}

function eventChannel(host) {
  const listeners = new Map();
  const channel = {
    on: (name, listener) => void listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    once: (name, listener) => channel.on(name, listener),
    off: (name) => void listeners.delete(name),
    emit: (name, ...args) => {
      for (const listener of channel.other.heard(name)) host.faults.guard(() => listener(...args));
    },
    heard: (name) => listeners.get(name) ?? [],
  };
  return channel;
}
