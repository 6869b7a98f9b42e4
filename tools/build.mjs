// `npm run build`: compiles shared and cloudfunctions (tsc), the chunk cryptography (AssemblyScript) and the web surfaces (Vite). Skips what has not changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNpmPackages, refuse, requireNode20, root } from './ensure-installed.mjs';

function fingerprint(folders) {
  const hash = createHash('sha256');
  const visit = (entry) => {
    if (/(^|\/)(dist|dist-types|node_modules)(\/|$)|\.tsbuildinfo$/.test(entry) || !existsSync(entry)) return;
    const info = statSync(entry);
    if (info.isDirectory()) for (const name of readdirSync(entry).sort()) visit(path.join(entry, name));
    else hash.update(entry.slice(root.length)).update(readFileSync(entry));
  };
  for (const folder of folders) visit(path.join(root, folder));
  return hash.digest('hex');
}

/** `setting`: what else the product depends on. */
function buildStep(name, folders, product, run, setting = '') {
  const stamp = path.join(root, '.cache', `build-${name}`);
  const now = fingerprint([...folders, 'package-lock.json', 'tsconfig.base.json']) + setting;
  if (existsSync(path.join(root, product)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  process.stdout.write(`正在构建 ${name}…\n`);
  run();
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}

function run(command, args) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (result.status !== 0) process.stderr.write(`${result.stdout}${result.stderr}`);
  if (result.status !== 0) refuse(`构建失败：${command} ${args.join(' ')}`);
}

export function buildAll() {
  buildStep('cloudfunctions', ['shared', 'cloudfunctions'], 'cloudfunctions/dist', () =>
    run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'shared', 'cloudfunctions', '--pretty']),
  );
  buildStep('wasm', ['cloudfunctions/wasm'], 'cloudfunctions/dist/wasm/chunk-crypto.wasm', () =>
    run(process.execPath, [
      'node_modules/assemblyscript/bin/asc.js',
      'cloudfunctions/wasm/chunk-crypto.ts',
      ...['--outFile', 'cloudfunctions/dist/wasm/chunk-crypto.wasm'],
      ...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--initialMemory', '6'],
      ...['--disableWarning', '112'], // vectors cross our own files only, never into JavaScript
    ]),
  );
  buildStep('h5', ['shared', 'h5'], 'h5/dist', () => run('npm', ['run', 'build', '--workspace', 'h5', '--silent']));
  // The mini-program's API address is built in.
  for (const target of ['weapp', 'h5'])
    buildStep(
      `miniprogram-${target}`,
      ['shared', 'miniprogram'],
      `miniprogram/dist/${target}`,
      () => run('npm', ['run', `build:${target}`, '--workspace', 'miniprogram', '--silent']),
      target === 'weapp' ? (process.env.YINGYUN_API ?? '') : '',
    );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  requireNode20();
  ensureNpmPackages();
  buildAll();
}
