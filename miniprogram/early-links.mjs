// Names in index.html what a film needs beside the app, so that it downloads while the app starts: its code as preloads, the decoder as
// prefetches, which a worker finds in the cache. Whoever looks at the list opens a film next.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, 'dist/h5');
const page = path.join(folder, 'index.html');
const names = readdirSync(path.join(folder, 'assets'));
const preload = 'rel="preload" as="script" fetchpriority="low"';
const links = [
  [/^parts\.\w+\.js$/, preload],
  [/^film\.\w+\.js$/, preload],
  [/^src_subpackages_film_film_index_tsx[\w-]*\.\w+\.js$/, preload],
  [/^yingyun-decode\.\w+\.js$/, 'rel="prefetch"'],
  [/^openjphjs\.\w+\.wasm$/, 'rel="prefetch"'],
].map(([pattern, relation]) => {
  const found = names.filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`${pattern} names ${found.length} files of dist/h5/assets`);
  return `<link ${relation} href="/m/assets/${found[0]}">`;
});
writeFileSync(page, readFileSync(page, 'utf8').replace('</head>', `${links.join('')}</head>`));
