// Where glass-easel draws: Chromium's document, under WeChat's element names (wx-view …), with rpx in inline styles.
import * as glassEasel from '/host/glass-easel.mjs';
import { builtInTags } from './built-in-tags.mjs';

export function createBackend(host) {
  const backend = new glassEasel.CurrentWindowBackendContext();
  const customTags = new Set();
  backend.allowTag = (tag) => customTags.add(tag);
  backend.document = {
    createElement(tag) {
      const isBuiltIn = builtInTags.includes(tag);
      if (!isBuiltIn && !customTags.has(tag) && !isPrivate(tag))
        host.faults.add(`<${tag}> is not a component of this host`);
      const element = document.createElement(isBuiltIn ? `wx-${tag}` : tag);
      const setAttribute = element.setAttribute.bind(element);
      element.setAttribute = (name, value) =>
        setAttribute(name, name === 'style' ? host.system.inlineStyle(String(value)) : value);
      return element;
    },
    createTextNode: (text) => document.createTextNode(text),
    createDocumentFragment: () => document.createDocumentFragment(),
  };
  // Events come from touch.mjs and from the components, in WeChat's shape; none is taken from the DOM here.
  backend.setListenerStats = () => undefined;
  backend.onEvent(() => undefined);
  const getBoundingClientRect = Element.prototype.getBoundingClientRect;
  backend.rectOf = (element) => {
    const rect = getBoundingClientRect.call(element);
    const origin = host.pages.originOf(element);
    return { left: rect.left - origin.left, top: rect.top - origin.top, width: rect.width, height: rect.height };
  };
  glassEasel.globalOptions.writeIdToDOM = true;
  return backend;
}

/** Elements of the framework itself. */
const isPrivate = (tag) => tag === 'wx-page' || tag === 'wx-x' || tag === 'virtual';
