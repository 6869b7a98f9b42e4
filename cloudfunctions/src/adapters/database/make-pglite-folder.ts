import { execFile } from 'node:child_process';
import { chmod, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { PgliteOpenFault } from './pglite-thread';

const makeText = `
const { PGlite } = require(process.argv[1]);
PGlite.create({ dataDir: process.argv[2] }).then((db) => db.close()).then(
  () => process.exit(0),
  (error) => { console.error(String(error)); process.exit(1); },
);`;

/** initdb takes seconds; far longer means that it stands still. */
const makeTimeoutMs = 120_000;

/**
 * Makes a new, empty PGlite database in a folder that isn't there; whole or not at all. In a process of its own, because initdb takes
 * 600 MB that a thread would not give back, and with V8's quick compiler only: its code runs once. Throws PgliteOpenFault.
 */
export async function makePgliteFolder(folder: string): Promise<void> {
  await removeLeftovers(folder);
  const making = `${folder}.making-${process.pid}`;
  const modulePath = createRequire(__filename).resolve('@electric-sql/pglite');
  try {
    await runNode(['--liftoff-only', '-e', makeText, modulePath, making]);
    await chmod(making, 0o700); // PGlite makes its files readable and writable for everybody
    await rename(making, folder);
  } catch (error) {
    await rm(making, { recursive: true, force: true }).catch(() => {}); // the fault that counts is the first
    throw error instanceof PgliteOpenFault
      ? error
      : new PgliteOpenFault('no new database could be made', { cause: error });
  }
}

/** A process that was killed while it made one can't clean up. */
async function removeLeftovers(folder: string): Promise<void> {
  const [parent, prefix] = [path.dirname(folder), `${path.basename(folder)}.making-`];
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix)) await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

function runNode(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { timeout: makeTimeoutMs, env: {} }, (error, _output, errors) => {
      if (error === null) resolve();
      else reject(new PgliteOpenFault(`no new database could be made: ${errors.slice(0, 200)}`, { cause: error }));
    });
  });
}
