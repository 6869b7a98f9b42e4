// A loopback server that is to Chromium what WeChat's package store is to a phone: code and files, package by package, and nothing else.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { compileStyles } from './compile-styles.mjs';
import { compileTemplates } from './compile-templates.mjs';
import { documentedCalls } from './documented-calls.mjs';
import { readJson } from './read-program.mjs';
import { relayRequest } from './relay-request.mjs';
import { wrapScripts } from './wrap-scripts.mjs';

const require = createRequire(import.meta.url);
const browserFolder = path.join(import.meta.dirname, 'browser');
const frameworks = {
  'glass-easel.mjs': path.join(path.dirname(require.resolve('glass-easel')), 'glass_easel.all.es.js'),
  'adapter.mjs': path.join(
    path.dirname(require.resolve('glass-easel-miniprogram-adapter')),
    'glass_easel_miniprogram_adapter.es.js',
  ),
};
const types = { '.mjs': 'text/javascript', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.html': 'text/html', '.png': 'image/png', '.jpg': 'image/jpeg', '.svg': 'image/svg+xml', '.gif': 'image/gif', '.wasm': 'application/wasm' }; // biome-ignore format: one table

/** No eval and no `new Function`, as in WeChat; enforced by the browser, not by a look at names. */
const policy = (relays) =>
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' ${relays.join(' ')}; worker-src 'none'`;

/**
 * @param {ReturnType<import('./read-program.mjs').readProgram>} program
 * @param {object} settings what the page is told: device, storage, launch options …
 * @param {{domains: Record<string, string>, userAgent: string}} network legal request domains → where they really are
 */
export async function serveProgram(program, settings, network) {
  const downloads = [];
  let browserNames = [];
  const answers = {
    '/': () => ['text/html', readFileSync(path.join(browserFolder, 'index.html'))],
    '/favicon.ico': () => ['image/png', ''],
    '/blank': () => ['text/html', '<!doctype html>'],
    '/host/program.json': () => ['application/json', JSON.stringify({ ...describe(program), settings })],
  };
  // Chromium opens six connections to an address; WeChat's ten requests at a time need two.
  const relays = await Promise.all(
    [1, 2].map(() =>
      listen(createServer((request, response) => relayRequest(request, response, network, program.appId))),
    ),
  );
  settings.relays = relays.map(({ origin }) => origin);
  const server = createServer((request, response) => {
    const pathname = decodeURIComponent(new URL(request.url, 'http://host').pathname);
    try {
      const [type, body] = answers[pathname]?.() ?? answerFile(pathname);
      response.writeHead(200, {
        'content-type': `${type}; charset=utf-8`,
        'content-security-policy': policy(settings.relays),
        'cache-control': 'no-store',
      });
      response.end(body);
    } catch (error) {
      response.writeHead(error.code === 'ENOENT' ? 404 : 500, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(error.message);
    }
  });

  const answerFile = (pathname) => {
    const [, area, ...rest] = pathname.split('/');
    const name = rest.join('/');
    if (area === 'host') {
      const file = frameworks[name] ?? path.join(browserFolder, safe(name));
      const text = readFileSync(file, 'utf8').replace(/from\s*["']glass-easel["']/g, 'from"/host/glass-easel.mjs"');
      return [typeOf(file), text];
    }
    if (area === 'package') return answerPackage(Number(rest[0]), rest[1]);
    if (area === 'app') return answerAppFile(safe(name));
    throw Object.assign(new Error(`nothing at ${pathname}`), { code: 'ENOENT' });
  };
  const answerPackage = (index, part) => {
    const one = program.packages[index];
    if (part === 'scripts.js') {
      downloads.push(one.root || '(main)');
      return ['text/javascript', wrapScripts(program, one, browserNames)];
    }
    const files = index === 0 ? one.files : [...program.packages[0].files, ...one.files];
    if (part === 'templates.js')
      return [
        'text/javascript',
        `__wxHost.defineTemplates(${JSON.stringify(one.root)}, ${compileTemplates(program, files)});`,
      ];
    return ['application/json', JSON.stringify(stylesOf(program, one))];
  };
  const answerAppFile = (name) => {
    const bytes = readFileSync(path.join(program.dist, name));
    return name.endsWith('.wasm.br') ? ['application/wasm', brotliDecompressSync(bytes)] : [typeOf(name), bytes];
  };

  const main = await listen(server);
  return {
    origin: main.origin,
    /** Names of the packages whose code was fetched, in order. */
    downloads,
    hideNames: (names) => (browserNames = names),
    close: () => Promise.all([main, ...relays].map((one) => one.close())),
  };
}

async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}

/** What the page needs to know before any package is loaded. */
function describe(program) {
  const configs = {};
  for (const { files } of program.packages)
    for (const file of files)
      if (file.endsWith('.json') && files.includes(file.replace(/json$/, 'wxml')))
        configs[file.slice(0, -5)] = readJson(path.join(program.dist, file));
  return {
    app: program.app,
    appId: program.appId,
    configs,
    packages: program.packages.map(({ root, pages }) => ({ root, pages })),
    files: program.packages.flatMap(({ files }) => files),
    documented: documentedCalls(),
  };
}

function stylesOf(program, one) {
  return Object.fromEntries(
    one.files
      .filter((file) => file.endsWith('.wxss'))
      .map((file) => {
        const name = file.slice(0, -5);
        const config = one.files.includes(`${name}.json`) ? readJson(path.join(program.dist, `${name}.json`)) : {};
        const scope = config.component === true && config.styleIsolation !== 'shared' ? scopeOf(name) : '';
        return [name, { scope, css: compileStyles(program, file, scope) }];
      }),
  );
}

const scopeOf = (name) => name.replace(/[^A-Za-z0-9]/g, '-');
const typeOf = (file) => types[path.extname(file)] ?? 'application/octet-stream';

function safe(name) {
  const clean = path.posix.normalize(`/${name}`).slice(1);
  return clean;
}
