// The address of a page: `pages/film/index?id=1`, relative to the current page or from the root.

/** Values stay percent-encoded, as WeChat hands them to onLoad. */
export function parseUrl(url, currentPath) {
  const [address, search = ''] = String(url).split('?');
  const base = address.startsWith('/') || currentPath === '' ? [] : currentPath.split('/').slice(0, -1);
  const isFromRoot = address.startsWith('/') || !address.startsWith('.');
  const parts = [];
  for (const part of [...(isFromRoot && currentPath === '' ? [] : base), ...address.split('/')]) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const query = {};
  for (const pair of search.split('&')) {
    if (pair === '') continue;
    const [name, ...rest] = pair.split('=');
    query[name] = rest.join('=');
  }
  return { path: parts.join('/').replace(/\.html$/, ''), query };
}
