// `npm run check`: types, lint, import rules, dead code, size gates.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './ensure-installed.mjs';

const bin = (file) => path.join(root, 'node_modules', file);
const steps = [
  ['types', bin('typescript/bin/tsc'), ['-b', 'shared', 'cloudfunctions', 'h5', 'h5/tsconfig.testing.json']],
  ['types of shared tests', bin('typescript/bin/tsc'), ['-p', 'shared/tsconfig.testing.json']],
  ['types of server tests', bin('typescript/bin/tsc'), ['-p', 'cloudfunctions/tsconfig.testing.json']],
  ['types of the mini-program', bin('typescript/bin/tsc'), ['-p', 'miniprogram/tsconfig.json']],
  ['types of the patient app', bin('typescript/bin/tsc'), ['-p', 'miniprogram/tsconfig.h5.json']],
  ['format', bin('@biomejs/biome/bin/biome'), ['format', '--reporter=summary', '.']],
  ['lint', bin('eslint/bin/eslint.js'), ['.', '--max-warnings', '0']],
  [
    'import rules',
    bin('dependency-cruiser/bin/dependency-cruise.mjs'),
    [
      '--config',
      'tools/dependency-cruiser.cjs',
      '--output-type',
      'err',
      'shared/src',
      'cloudfunctions/src',
      'h5/src',
      'miniprogram/src',
    ],
  ],
  ['dead code', bin('knip/bin/knip.js'), ['--no-progress', '--no-config-hints']],
];
let failures = 0;
for (const [name, file, args] of steps) {
  const started = Date.now();
  const result = spawnSync(process.execPath, [file, ...args], { cwd: root, encoding: 'utf8' });
  const isFine = result.status === 0;
  if (!isFine) failures += 1;
  process.stdout.write(`${isFine ? '✓' : '✗'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
  if (!isFine) process.stdout.write(`${result.stdout}${result.stderr}\n`);
}

// Size gates: hand-written files stay small enough to read (style.md 6); a longer one says why in `sizeReasons`.
const sizeReasons = JSON.parse(readFileSync(path.join(root, 'tools/size-reasons.json'), 'utf8'));
const tooLong = [];
const visit = (entry) => {
  if (/(^|\/)(dist|dist-types|node_modules|\.cache)(\/|$)/.test(entry)) return;
  if (statSync(entry).isDirectory()) for (const name of readdirSync(entry)) visit(path.join(entry, name));
  else if (/\.tsx?$/.test(entry) && !entry.endsWith('.d.ts')) {
    const lines = readFileSync(entry, 'utf8').split('\n').length - 1;
    const name = path.relative(root, entry);
    if (lines > 350 && sizeReasons[name] === undefined) tooLong.push(`${lines} ${name}`);
  }
};
for (const folder of ['shared/src', 'cloudfunctions/src', 'h5/src', 'miniprogram/src', 'e2e', 'bench', 'tools'])
  if (existsSync(path.join(root, folder))) visit(path.join(root, folder));
if (tooLong.length > 0) failures += 1;
process.stdout.write(
  `${tooLong.length === 0 ? '✓' : '✗'} file sizes\n${tooLong.map((line) => `  ${line}\n`).join('')}`,
);
process.exitCode = failures === 0 ? 0 : 1;
