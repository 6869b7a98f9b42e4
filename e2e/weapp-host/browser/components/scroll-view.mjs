// <scroll-view>: a box that scrolls by itself.

export const scrollParts = (host) => ({
  'scroll-view': {
    properties: {
      scrollX: Boolean,
      scrollY: Boolean,
      upperThreshold: { type: Number, value: 50 },
      lowerThreshold: { type: Number, value: 50 },
      scrollTop: { type: null, value: '' },
      scrollLeft: { type: null, value: '' },
      scrollIntoView: String,
      scrollWithAnimation: Boolean,
      enhanced: Boolean,
      bounces: Boolean,
      showScrollbar: Boolean,
      refresherEnabled: Boolean,
      refresherTriggered: Boolean,
      enableFlex: Boolean,
      scrollAnchoring: Boolean,
      type: String,
    },
    attached(node, element) {
      let last = { top: 0, left: 0 };
      element.addEventListener('scroll', () => {
        const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight, clientWidth } = element;
        const { upperThreshold, lowerThreshold } = node.data;
        const delta = { deltaX: last.left - scrollLeft, deltaY: last.top - scrollTop };
        last = { top: scrollTop, left: scrollLeft };
        node.triggerEvent('scroll', { scrollTop, scrollLeft, scrollHeight, scrollWidth, ...delta });
        const [at, size, full] = node.data.scrollY
          ? [scrollTop, clientHeight, scrollHeight]
          : [scrollLeft, clientWidth, scrollWidth];
        const direction = node.data.scrollY ? ['top', 'bottom'] : ['left', 'right'];
        if (at <= upperThreshold && delta.deltaX + delta.deltaY > 0)
          node.triggerEvent('scrolltoupper', { direction: direction[0] });
        if (at + size >= full - lowerThreshold && delta.deltaX + delta.deltaY < 0)
          node.triggerEvent('scrolltolower', { direction: direction[1] });
      });
    },
    update(node, element, data) {
      element.style.overflowX = data.scrollX ? 'auto' : 'hidden';
      element.style.overflowY = data.scrollY ? 'auto' : 'hidden';
      if (data.enableFlex) element.style.display = 'flex';
      if (data.scrollTop !== '' && node.wxhTop !== data.scrollTop) element.scrollTop = Number(data.scrollTop);
      if (data.scrollLeft !== '' && node.wxhLeft !== data.scrollLeft) element.scrollLeft = Number(data.scrollLeft);
      if (data.scrollIntoView && node.wxhInto !== data.scrollIntoView) {
        if (/^\d/.test(data.scrollIntoView))
          host.faults.add(`scroll-into-view="${data.scrollIntoView}": an id cannot begin with a digit`);
        else requestAnimationFrame(() => inside(element, data.scrollIntoView)?.scrollIntoView({ block: 'start' }));
      }
      Object.assign(node, { wxhTop: data.scrollTop, wxhLeft: data.scrollLeft, wxhInto: data.scrollIntoView });
    },
  },
});

const inside = (element, id) =>
  [...element.querySelectorAll('[id]')].find((one) => one.id === id || one.id.endsWith(`--${id}`));
