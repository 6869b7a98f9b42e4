// <swiper>: one item at a time, moved by a finger.

export const swiperParts = () => ({
  swiper: {
    properties: {
      current: Number,
      vertical: Boolean,
      circular: Boolean,
      autoplay: Boolean,
      interval: { type: Number, value: 5000 },
      duration: { type: Number, value: 500 },
      indicatorDots: Boolean,
      displayMultipleItems: { type: Number, value: 1 },
      previousMargin: String,
      nextMargin: String,
      easingFunction: String,
    },
    attached(node, element) {
      let start;
      const items = () => [...element.querySelectorAll(':scope > wx-swiper-item, :scope > * > wx-swiper-item')];
      const size = () => (node.data.vertical ? element.clientHeight : element.clientWidth);
      const place = (offset = 0) =>
        items().forEach((item, index) => {
          const shift = (index - node.wxhCurrent) * size() + offset;
          item.style.transform = node.data.vertical ? `translateY(${shift}px)` : `translateX(${shift}px)`;
        });
      const at = (event) => (node.data.vertical ? event.touches[0].clientY : event.touches[0].clientX);
      element.addEventListener('touchstart', (event) => (start = { from: at(event), moved: 0 }), { passive: true });
      element.addEventListener(
        'touchmove',
        (event) => {
          if (start === undefined || event.defaultPrevented) return;
          start.moved = at(event) - start.from;
          place(start.moved);
        },
        { passive: true },
      );
      element.addEventListener('touchend', () => {
        const step = Math.abs(start?.moved ?? 0) > size() / 4 ? -Math.sign(start.moved) : 0;
        start = undefined;
        const next = Math.min(items().length - 1, Math.max(0, node.wxhCurrent + step));
        const isChanged = next !== node.wxhCurrent;
        node.wxhCurrent = next;
        place();
        if (!isChanged) return;
        node.triggerEvent('change', { current: next, currentItemId: '', source: 'touch' });
        node.triggerEvent('animationfinish', { current: next, currentItemId: '', source: 'touch' });
      });
      node.wxhPlace = place;
      node.wxhWatch = new MutationObserver(() => place());
      node.wxhWatch.observe(element, { childList: true });
    },
    update(node, _, { current }) {
      if (node.wxhAsked !== current) {
        const isFirst = node.wxhAsked === undefined;
        node.wxhAsked = current;
        node.wxhCurrent = current;
        if (!isFirst) node.triggerEvent('change', { current, currentItemId: '', source: '' });
      }
      requestAnimationFrame(() => node.wxhPlace?.());
    },
    detached: (node) => node.wxhWatch?.disconnect(),
  },
});
