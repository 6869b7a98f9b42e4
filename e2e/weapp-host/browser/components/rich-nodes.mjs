// <rich-text>: HTML text or nodes, of which only the listed tags and attributes are drawn.
// https://developers.weixin.qq.com/miniprogram/dev/component/rich-text.html
const tags = new Set('a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del div dl dt em fieldset font footer h1 h2 h3 h4 h5 h6 header hr i img ins label legend li mark nav ol p pre q rt ruby s section small span strong sub sup table tbody td tfoot th thead tr tt u ul'.split(' ')); // biome-ignore format: one list
const attributes = new Set([
  'class',
  'style',
  'src',
  'alt',
  'width',
  'height',
  'colspan',
  'rowspan',
  'start',
  'type',
  'dir',
  'span',
]);

/** @returns {Node[]} */
export function safeNodes(nodes) {
  if (Array.isArray(nodes)) return nodes.map(nodeOf).filter((node) => node !== undefined);
  const parsed = new DOMParser().parseFromString(String(nodes ?? ''), 'text/html');
  return [...parsed.body.childNodes].map(copyOf).filter((node) => node !== undefined);
}

function nodeOf(node) {
  if (node.type === 'text') return document.createTextNode(node.text ?? '');
  return build(node.name, Object.entries(node.attrs ?? {}), (node.children ?? []).map(nodeOf));
}

function copyOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE) return undefined;
  const pairs = [...node.attributes].map(({ name, value }) => [name, value]);
  return build(node.localName, pairs, [...node.childNodes].map(copyOf));
}

function build(name, pairs, children) {
  if (!tags.has(name)) return undefined;
  const element = document.createElement(name);
  for (const [key, value] of pairs) if (attributes.has(key)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}
