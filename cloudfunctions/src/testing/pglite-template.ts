import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { openDatabase } from '../adapters/database/open-database';

/**
 * A new folder with a fresh PGlite in it, copied from one that is made once a version and kept in `.cache`: initdb computes for
 * three seconds, a copy doesn't. Whoever asks removes the folder.
 */
export async function copyPgliteTemplate(): Promise<string> {
  const cache = path.join(__dirname, '../../../.cache');
  const template = path.join(cache, `pglite-${pgliteVersion()}`);
  if (!existsSync(template)) await makeTemplate(cache, template);
  const root = await mkdtemp(path.join(tmpdir(), 'yingyun-pglite-'));
  await cp(template, path.join(root, 'db'), { recursive: true });
  return root;
}

async function makeTemplate(cache: string, template: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const making = await mkdtemp(path.join(cache, 'pglite-making-'));
  const folder = path.join(making, 'db');
  await (await openDatabase({ kind: 'pglite', folder })).close();
  await rename(folder, template).catch(() => {}); // another test process was faster: theirs is as good
  await rm(making, { recursive: true, force: true });
}

function pgliteVersion(): string {
  const main = createRequire(__filename).resolve('@electric-sql/pglite'); // …/dist/index.cjs; package.json isn't exported
  return JSON.parse(readFileSync(path.join(path.dirname(main), '../package.json'), 'utf8')).version;
}
