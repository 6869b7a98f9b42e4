// WXSS to CSS: rpx, @import, tag names of the built-in components, and class prefixes of isolated components.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { builtInTags } from './browser/built-in-tags.mjs';

/**
 * @param {string} file a .wxss file relative to the mini-program's folder
 * @param {string} scope class prefix of an isolated component, or ""
 * @returns {string} CSS for the test host: `--rpx` and `--vh` are set by the page it is shown in
 * @throws Error for a missing import, or for a local resource (WeChat: local resources cannot be used from WXSS)
 */
export function compileStyles(program, file, scope = '', importedFrom = []) {
  const absolute = path.join(program.dist, file);
  if (!existsSync(absolute))
    throw new Error(`${importedFrom.at(-1) ?? file}: @import of ${file}, which does not exist`);
  if (importedFrom.includes(file)) return '';
  const source = readFileSync(absolute, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  for (const [, url] of source.matchAll(/url\(\s*['"]?([^'")]*)/g))
    if (!/^(data:|https?:|#)/.test(url)) throw new Error(`${file}: local resource ${url} cannot be used from WXSS`);
  const inlined = source.replace(/@import\s+(?:url\()?['"]([^'"]+)['"]\)?\s*;/g, (_, target) => {
    const wanted = target.startsWith('/') ? target.slice(1) : path.posix.join(path.posix.dirname(file), target);
    return compileStyles(program, wanted, scope, [...importedFrom, file]);
  });
  return withUnits(importedFrom.length === 0 ? withSelectors(inlined, scope) : inlined);
}

/** 750 rpx are the screen's width; 100 vh are the page's own height, without the navigation bar. */
function withUnits(css) {
  return css
    .replace(/(?<![\w#-])(-?\d*\.?\d+)rpx\b/gi, 'calc($1 * var(--rpx))')
    .replace(/(?<![\w#-])(-?\d*\.?\d+)vh\b/gi, 'calc($1 * var(--vh))');
}

function withSelectors(css, scope) {
  return css.replace(/(^|[{};])([^{};@]+)(?=\{)/g, (_, before, selectors) => before + renamed(selectors, scope));
}

function renamed(selectors, scope) {
  const tags = selectors.replace(/(^|[\s,>+~(])([a-z][\w-]*)/g, (whole, before, tag) =>
    builtInTags.includes(tag) || tag === 'page' ? `${before}wx-${tag}` : whole,
  );
  return scope === '' ? tags : tags.replace(/\.(-?[_a-zA-Z][\w-]*)/g, `.${scope}--$1`);
}
