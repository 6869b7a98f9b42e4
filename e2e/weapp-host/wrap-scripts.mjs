// JavaScript of one package as one script: every file a CommonJS module, in a scope where the browser does not exist.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { languageNames } from './browser/language-names.mjs';

/** What a mini-program's JavaScript may name besides the language: given by the host. */
const given = [
  'wx', 'App', 'Page', 'Component', 'Behavior', 'getApp', 'getCurrentPages', 'requirePlugin', 'console', 'globalThis', 'Function',
  'WXWebAssembly', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval',
]; // biome-ignore format: one list

/**
 * @param {string[]} browserNames every global name of the browser that runs the test
 * @returns {string} a script that hands the package's modules to the host; strict, as WeChat's build makes it, so that `this` leaks nothing
 */
export function wrapScripts(program, onePackage, browserNames) {
  const kept = new Set([...given, ...languageNames, 'eval', 'arguments']);
  const hidden = browserNames.filter(
    (name) => !kept.has(name) && /^[A-Za-z_$][\w$]*$/.test(name) && !reserved.has(name),
  );
  const modules = onePackage.files
    .filter((file) => file.endsWith('.js'))
    .map((file) => {
      const source = readFileSync(path.join(program.dist, file), 'utf8');
      return `__define(${JSON.stringify(file)}, function (require, module, exports) {\n${source}\n});\n`;
    });
  return `'use strict';\n__wxHost.definePackage(${JSON.stringify(onePackage.root)}, ${JSON.stringify(given)}, function (__define, ${given.join(', ')}, ${hidden.join(', ')}) {\n${modules.join('')}});\n`;
}

const reserved = new Set([
  'let',
  'static',
  'yield',
  'implements',
  'interface',
  'package',
  'private',
  'protected',
  'public',
]);
