// The phone: its screen and what wx tells about it. 390 × 844 points, an iPhone's bars; one figure for CSS and for wx.
export function createSystem(host) {
  const { device } = host.settings;
  const hasTabBar = host.program.app.tabBar !== undefined;
  const system = {
    ...device,
    statusBarHeight: 47,
    navigationBarHeight: 44,
    tabBarHeight: hasTabBar ? 56 : 0,
    /** Points of one rpx. */
    rpx: device.width / 750,
    /** Replaces rpx in an inline style; WeChat does so at run time. */
    inlineStyle: (style) =>
      style
        .replace(/(?<![\w#-])(-?\d*\.?\d+)rpx\b/gi, 'calc($1 * var(--rpx))')
        .replace(/(?<![\w#-])(-?\d*\.?\d+)vh\b/gi, 'calc($1 * var(--vh))'),
  };
  document.documentElement.style.setProperty('--rpx', `${system.rpx}px`);
  return system;
}
