// A page on the screen: status bar, navigation bar with the capsule, the scrolling area, the tab bar.

/** @returns the page's area on the screen and what it can be told */
export function drawFrame(host, page, config, hasTabs) {
  const { system } = host;
  const isCustom = config.navigationStyle === 'custom';
  const top = isCustom ? 0 : system.statusBarHeight + system.navigationBarHeight;
  const bottom = hasTabs ? system.tabBarHeight : 0;
  const height = system.height - top - bottom;
  const element = make('div', 'wxh-page');
  const area = make('div', 'wxh-area');
  const scroller = make('div', 'wxh-scroller');
  const placeholder = make('div', '');
  area.style.cssText = `top:${top}px;height:${height}px;--vh:${height / 100}px;background:${config.backgroundColor ?? '#ffffff'}`;
  if (config.disableScroll === true) scroller.style.overflow = 'hidden';
  scroller.append(placeholder);
  area.append(scroller);
  element.append(area);
  host.screen.append(element);

  const bar = drawBar(host, config, isCustom);
  element.append(bar.element);
  if (hasTabs) element.append(drawTabBar(host, page.path));

  let hasReached = false;
  const frame = {
    body: scroller,
    placeholder,
    height,
    contains: (node) => element.contains(node),
    remove: () => element.remove(),
    setTop: (isTop) => element.classList.toggle('wxh-top', isTop),
    setTitle: bar.setTitle,
    setColor: bar.setColor,
    setRefreshing: (isOn) => element.classList.toggle('wxh-refreshing', isOn),
    scrollTo: (scrollTop) => (scroller.scrollTop = scrollTop),
    scrollInfo: () => ({
      scrollTop: scroller.scrollTop,
      scrollLeft: 0,
      scrollHeight: scroller.scrollHeight,
      scrollWidth: scroller.scrollWidth,
    }),
    drawBars: (hasBack) => bar.setBack(hasBack && !hasTabs, () => frame.onBack()),
    onScroll: () => undefined,
    onReachBottom: () => undefined,
  };
  const distance = config.onReachBottomDistance ?? 50;
  scroller.addEventListener('scroll', () => {
    frame.onScroll(scroller.scrollTop);
    const isNear = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - distance;
    if (isNear && !hasReached) frame.onReachBottom();
    hasReached = isNear;
  });
  return frame;
}

function drawBar(host, config, isCustom) {
  const { system } = host;
  const element = make('div', `wxh-bar${isCustom ? ' wxh-bar-custom' : ''}`);
  const status = make('div', 'wxh-status', '9:41');
  const title = make('div', 'wxh-title', isCustom ? '' : (config.navigationBarTitleText ?? ''));
  const back = make('div', 'wxh-back');
  const capsule = make('div', 'wxh-capsule');
  capsule.innerHTML = '<i></i><b></b>';
  status.style.height = `${system.statusBarHeight}px`;
  element.append(status, title, back, capsule);
  const setColor = (front, behind) => {
    element.style.color = front;
    if (!isCustom) element.style.background = behind;
  };
  setColor(
    config.navigationBarTextStyle === 'black' ? '#000000' : '#ffffff',
    config.navigationBarBackgroundColor ?? '#000000',
  );
  return {
    element,
    setColor,
    setTitle: (text) => (title.textContent = text),
    setBack(isShown, onBack) {
      back.classList.toggle('wxh-shown', isShown && !isCustom);
      back.onclick = onBack;
    },
  };
}

function drawTabBar(host, path) {
  const { tabBar } = host.program.app;
  const element = make('div', 'wxh-tabs');
  element.style.background = tabBar.backgroundColor ?? '#ffffff';
  for (const { pagePath, text, iconPath, selectedIconPath } of tabBar.list) {
    const isHere = pagePath === path;
    const tab = make('div', 'wxh-tab', text);
    tab.style.color = (isHere ? tabBar.selectedColor : tabBar.color) ?? '#000000';
    const icon = isHere ? (selectedIconPath ?? iconPath) : iconPath;
    if (icon !== undefined) {
      const image = make('img', '');
      image.src = `/app/${icon}`;
      tab.prepend(image);
    }
    tab.onclick = () => host.pages.switchTab(`/${pagePath}`);
    element.append(tab);
  }
  return element;
}

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}
