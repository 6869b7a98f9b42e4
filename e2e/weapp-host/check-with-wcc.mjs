// WeChat's own compilers, wcc (WXML) and wcsc (WXSS), over every template and style of a mini-program. The npm package miniprogram-compiler
// carries them for Linux x64, macOS and Windows; they are of 2020, so they know nothing newer than that, and what they refuse is refused.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { readProgram } from './read-program.mjs';

/** @returns {string[]} what the compilers said; empty when both accept everything */
export function checkWithWcc(dist) {
  const { packages } = readProgram(dist);
  const files = packages.flatMap((one) => one.files);
  const ending = (extension) => files.filter((file) => file.endsWith(extension));
  const components = ending('.json').filter((file) => {
    const config = JSON.parse(readFileSync(path.join(dist, file), 'utf8'));
    return config.usingComponents !== undefined && files.includes(file.replace(/json$/, 'wxml'));
  });
  const used = components.flatMap((file) => {
    const tags = Object.keys(JSON.parse(readFileSync(path.join(dist, file), 'utf8')).usingComponents);
    return [file.replace(/json$/, 'wxml'), String(tags.length), ...tags];
  });
  const wcc = [
    '-d',
    '-cc',
    [components.length, ...used].join(' '),
    ...ending('.wxml'),
    ...ending('.wxs'),
    '-gn',
    '$gwx',
  ];
  return [run('wcc', dist, wcc), run('wcsc', dist, ['-db', '-pc', '0', ...ending('.wxss')])].filter(
    (said) => said !== '',
  );
}

function run(name, cwd, args) {
  const main = createRequire(import.meta.url).resolve('miniprogram-compiler');
  const system = { linux: 'linux', darwin: 'mac' }[process.platform];
  const file = path.join(path.dirname(main), 'bin', system ?? '', name);
  if (system === undefined || !existsSync(file))
    throw new Error(`miniprogram-compiler has no ${name} for ${process.platform}`);
  chmodSync(file, 0o755); // installed without scripts, it is not executable
  const { status, stderr, error } = spawnSync(file, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 60_000,
  });
  if (error !== undefined) throw error;
  return status === 0 ? '' : `${name}: ${stderr.trim() || `ended with ${status}`}`;
}
