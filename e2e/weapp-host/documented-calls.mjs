// Which `wx.` names WeChat documents, from its own type declarations (miniprogram-api-typings, which Taro brings).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** @returns {string[]} the names of all functions of `wx` */
export function documentedCalls() {
  const manifest = createRequire(import.meta.url).resolve('miniprogram-api-typings/package.json');
  const text = readFileSync(path.join(path.dirname(manifest), 'types/wx/lib.wx.api.d.ts'), 'utf8');
  const body = text.slice(text.indexOf('interface Wx {'));
  return [...new Set([...body.matchAll(/^ {8}(\w+)[(<:]/gm)].map(([, name]) => name))];
}
