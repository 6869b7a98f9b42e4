// Containers and pictures of nothing: view, text, icon, progress, rich-text, navigator …
import { safeNodes } from './rich-nodes.mjs';

export const plainParts = (host) => ({
  view: {
    properties: {
      hoverClass: String,
      hoverStopPropagation: Boolean,
      hoverStartTime: Number,
      hoverStayTime: Number,
      animation: Object,
    },
  },
  text: {
    properties: { selectable: Boolean, userSelect: Boolean, space: String, decode: Boolean },
    update: (_, element, { selectable, userSelect }) => {
      element.style.userSelect = selectable || userSelect ? 'text' : 'none';
    },
  },
  'cover-view': { properties: { scrollTop: Number } },
  'swiper-item': { properties: { itemId: String, skipHiddenItemLayout: Boolean } },
  'root-portal': { properties: { enable: { type: Boolean, value: true } } },
  'rich-text': {
    properties: { nodes: { type: null, value: [] }, space: String },
    update: (_, element, { nodes }) => element.replaceChildren(...safeNodes(nodes)),
  },
  icon: {
    properties: { type: String, size: { type: Number, value: 23 }, color: String },
    update: (_, element, { type, size, color }) => {
      element.textContent = { success: '✓', warn: '!', info: 'i', cancel: '×', search: '⌕' }[type] ?? '•';
      element.style.cssText += `;display:inline-block;font-size:${size}px;color:${color || '#09BB07'}`;
    },
  },
  progress: {
    properties: {
      percent: Number,
      showInfo: Boolean,
      strokeWidth: { type: Number, value: 6 },
      activeColor: String,
      backgroundColor: String,
      active: Boolean,
    },
    update: (_, element, data) => {
      const bar = document.createElement('div');
      bar.style.cssText = `height:${data.strokeWidth}px;width:${data.percent}%;background:${data.activeColor || '#09BB07'}`;
      element.style.display = 'block';
      element.style.background = data.backgroundColor || '#EBEBEB';
      element.replaceChildren(bar);
    },
  },
  navigator: {
    properties: {
      url: String,
      openType: { type: String, value: 'navigate' },
      delta: { type: Number, value: 1 },
      target: String,
      hoverClass: String,
    },
    attached: (node) =>
      node.addListener('tap', () => {
        const { url, openType, delta } = node.data;
        const calls = { navigate: 'navigateTo', redirect: 'redirectTo', switchTab: 'switchTab', reLaunch: 'reLaunch' };
        if (openType === 'navigateBack') host.wx.api.navigateBack({ delta, fail: () => undefined });
        else host.wx.api[calls[openType]]({ url, fail: (error) => node.triggerEvent('fail', error) });
      }),
  },
});
