// wx.createSelectorQuery, with `node` for canvases. Distances are those of the page, under the navigation bar.
// https://developers.weixin.qq.com/miniprogram/dev/api/wxml/SelectorQuery.html

export function queryCalls(host) {
  const createSelectorQuery = () => {
    const wanted = [];
    // The page that asks, whatever page stands on top when the answer comes.
    let scope = host.pages.top()?.root.getComponent();
    const nodesRef = (find) => {
      const ask = (fields, heard) => {
        wanted.push({ find, fields, heard });
        return query;
      };
      return {
        fields: ask,
        boundingClientRect: (heard) => ask({ id: true, dataset: true, rect: true, size: true }, heard),
        scrollOffset: (heard) => ask({ id: true, dataset: true, scrollOffset: true }, heard),
        node: (heard) => ask({ node: true }, heard),
        context: (heard) => ask({ context: true }, heard),
      };
    };
    const root = () => (scope._$ ?? scope).getShadowRoot();
    const query = {
      in(component) {
        scope = component;
        return query;
      },
      select: (selector) => nodesRef(() => describeOne(root().querySelector(selector))),
      selectAll: (selector) => nodesRef(() => root().querySelectorAll(selector).map(describeOne)),
      selectViewport: () => nodesRef(() => 'viewport'),
      exec(done) {
        // The view lives in another thread in WeChat: answers never come at once.
        setTimeout(() => {
          const answers = wanted.map(({ find, fields, heard }) => {
            const found = find();
            const answer = Array.isArray(found)
              ? found.map((one) => read(host, one, fields))
              : read(host, found, fields);
            if (typeof heard === 'function') host.faults.guard(() => heard(answer));
            return answer;
          });
          if (typeof done === 'function') host.faults.guard(() => done(answers));
        }, 0);
        return query;
      },
    };
    return query;
  };
  return {
    calls: {
      createSelectorQuery,
      createIntersectionObserver: (component, options) => observer(host, component, options),
    },
  };
}

const describeOne = (node) => node;

function read(host, node, fields) {
  if (node === null || node === undefined) return null;
  if (node === 'viewport') return readViewport(host, fields);
  const element = node.getBackendElement();
  const answer = {};
  if (fields.id) answer.id = node.id;
  if (fields.dataset) answer.dataset = { ...node.dataset };
  if (fields.mark) answer.mark = node.collectMarks();
  const rect = host.backend.rectOf(element);
  if (fields.rect)
    Object.assign(answer, {
      left: rect.left,
      top: rect.top,
      right: rect.left + rect.width,
      bottom: rect.top + rect.height,
    });
  if (fields.size) Object.assign(answer, { width: rect.width, height: rect.height });
  if (fields.scrollOffset) {
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight } = element;
    Object.assign(answer, { scrollLeft, scrollTop, scrollWidth, scrollHeight });
  }
  for (const name of fields.properties ?? []) answer[name] = node.data?.[name];
  for (const name of fields.computedStyle ?? []) answer[name] = getComputedStyle(element)[name];
  if (fields.node) {
    answer.node = node.wxhCanvas ?? null;
    if (node.wxhCanvas === undefined)
      host.faults.add(`selectorQuery.node() of <${element.localName.slice(3)}>: only a canvas has one here`);
  }
  if (fields.context) host.faults.add('selectorQuery.context() is not part of this host');
  return answer;
}

function readViewport(host, fields) {
  const { frame } = host.pages.top();
  const answer = {};
  if (fields.id) answer.id = '';
  if (fields.dataset) answer.dataset = {};
  if (fields.rect) Object.assign(answer, { left: 0, top: 0, right: host.system.width, bottom: frame.height });
  if (fields.size) Object.assign(answer, { width: host.system.width, height: frame.height });
  if (fields.scrollOffset) Object.assign(answer, frame.scrollInfo());
  return answer;
}

function observer(host, component, { thresholds = [0] } = {}) {
  let margins = '0px';
  let watching;
  const api = {
    relativeTo: () => api,
    relativeToViewport(box = {}) {
      margins = ['top', 'right', 'bottom', 'left'].map((side) => `${box[side] ?? 0}px`).join(' ');
      return api;
    },
    observe(selector, heard) {
      const node = (component?._$ ?? host.pages.top().root.getComponent()).getShadowRoot().querySelector(selector);
      if (node === null) return;
      watching = new IntersectionObserver(
        (entries) => {
          for (const entry of entries)
            host.faults.guard(() =>
              heard({
                id: node.id,
                dataset: { ...node.dataset },
                time: entry.time,
                intersectionRatio: entry.intersectionRatio,
                boundingClientRect: entry.boundingClientRect,
                intersectionRect: entry.intersectionRect,
                relativeRect: entry.rootBounds,
              }),
            );
        },
        { threshold: thresholds, rootMargin: margins },
      );
      watching.observe(node.getBackendElement());
    },
    disconnect: () => watching?.disconnect(),
  };
  return api;
}
