import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const here = path.dirname(new URL(import.meta.url).pathname);
const cloudfunctions = path.resolve(here, '../..');
const root = path.resolve(cloudfunctions, '..');

/**
 * The compiled application's modules, as production loads them: Midway's decorators need the metadata that only the TypeScript
 * compiler emits. Compiles first where a source is newer than its output (`npm test` has built already).
 */
export function requireCompiled(): (module: string) => never {
  buildWhereStale();
  const load = createRequire(path.join(cloudfunctions, 'package.json'));
  return (module) => load(path.join(cloudfunctions, 'dist', module)) as never; // callers name the module's type beside its path
}

function buildWhereStale(): void {
  const lock = path.join(tmpdir(), `yingyun-build-${process.getuid?.() ?? 0}.lock`);
  for (let waited = 0; waited < 120 && !takeLock(lock); waited++)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  try {
    const stamp = path.join(root, '.cache', 'compiled-for-tests');
    const started = new Date();
    if (existsSync(stamp) && !isNewer(path.join(root, 'shared'), stamp) && !isNewer(cloudfunctions, stamp)) return;
    // Does nothing where the output is up to date. Type errors are for `npm run check`; the output is what counts here.
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    spawnSync(process.execPath, [compiler, '-b', 'shared', 'cloudfunctions'], { cwd: root });
    mkdirSync(path.dirname(stamp), { recursive: true });
    writeFileSync(stamp, '');
    utimesSync(stamp, started, started);
  } finally {
    if (existsSync(lock)) rmdirSync(lock);
  }
}

function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 300_000) rmdirSync(lock);
    return false;
  }
}

/** Whether a source of the workspace has changed since the stamp was set. */
function isNewer(workspace: string, stamp: string): boolean {
  const { mtimeMs } = statSync(stamp);
  const source = path.join(workspace, 'src');
  return readdirSync(source, { recursive: true }).some((entry) => {
    const name = String(entry);
    if (!/\.ts$/.test(name) || /\.test\.ts$|(^|\/)testing\//.test(name)) return false;
    return statSync(path.join(source, name)).mtimeMs > mtimeMs;
  });
}
