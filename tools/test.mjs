// `npm test`: installs what it needs, builds, checks, runs every test; last line "N passed, N failed, N skipped".
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildAll } from './build.mjs';
import { ensureDebianPackages, ensureLidc, ensureNpmPackages, requireNode20, root } from './ensure-installed.mjs';

requireNode20();
ensureNpmPackages();
ensureDebianPackages();
ensureLidc();
buildAll();

const cache = path.join(root, '.cache');
mkdirSync(cache, { recursive: true });
const env = { ...process.env, TCP_NODELAY: '1', YINGYUN_LONG: process.argv.includes('--long') ? '1' : '' };
const check = spawnSync(process.execPath, [path.join(root, 'tools/check.mjs')], { cwd: root, stdio: 'inherit', env });
const report = path.join(cache, 'vitest.json');
spawnSync(
  process.execPath,
  [
    path.join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ],
  { cwd: root, stdio: 'inherit', env },
);
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
  readFileSync(report, 'utf8'),
);
const brokenFiles = testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.every((one) => one.status !== 'failed'),
).length;
const skipped = numPendingTests + numTodoTests;
let failed = numFailedTests + brokenFiles + (check.status === 0 ? 0 : 1);
if (skipped > 0 && process.env.YINGYUN_TESTDATA !== undefined) {
  process.stdout.write(`With YINGYUN_TESTDATA set nothing may skip, but ${skipped} tests did.\n`);
  failed += 1;
}
process.stdout.write(`${numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = failed === 0 && numPassedTests > 0 ? 0 : 1;
