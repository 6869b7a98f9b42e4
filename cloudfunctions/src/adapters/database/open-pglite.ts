import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import * as path from 'node:path';
import type { Log } from '../../ports/log';
import { lockFolder } from './folder-lock';
import { makePgliteFolder } from './make-pglite-folder';
import { PgliteOpenFault, type PgliteThread, startPgliteThread } from './pglite-thread';

/**
 * Opens the embedded database in a folder. PGlite never syncs, so a power cut can leave the folder damaged: it is then moved aside
 * as `<folder>.damaged-<time>` and an empty database starts, which the journal fills again (pipeline/index/read-journal.ts).
 * What the journal doesn't know (staff, shares, audit) is only in the folder moved aside; the `hospital` profile refuses PGlite.
 * Throws ProblemError `storage-unavailable` where another live process holds the folder, PgliteOpenFault where there is no space or memory.
 */
export async function openPgliteFolder(folder: string, log: Log | undefined): Promise<PgliteThread> {
  await mkdir(path.dirname(folder), { recursive: true });
  const releaseLock = await lockFolder(`${folder}.lock`);
  try {
    const thread = await openOrStartAfresh(folder, log);
    await chmod(folder, 0o700); // PGlite makes its files readable and writable for everybody
    return {
      ...thread,
      async close() {
        await thread.close();
        await releaseLock();
      },
    };
  } catch (error) {
    await releaseLock();
    throw error;
  }
}

async function openOrStartAfresh(folder: string, log: Log | undefined): Promise<PgliteThread> {
  if (!existsSync(folder)) await makePgliteFolder(folder);
  try {
    return await startPgliteThread(folder);
  } catch (error) {
    if (!(error instanceof PgliteOpenFault)) throw error;
    return replaceDamaged(folder, error, log);
  }
}

/**
 * Whether the folder is damaged, or there is no space or memory to open any, is not asked of the fault's text: where a new database can
 * be made beside it and the old one still doesn't open, it is damaged. Throws PgliteOpenFault where none can be made; the folder stays.
 */
async function replaceDamaged(folder: string, fault: PgliteOpenFault, log: Log | undefined): Promise<PgliteThread> {
  const fresh = `${folder}.fresh`;
  try {
    await rm(fresh, { recursive: true, force: true });
    await makePgliteFolder(fresh);
  } catch (cause) {
    throw new PgliteOpenFault(fault.message, { cause });
  }
  const again = await startPgliteThread(folder).catch((error: unknown) => {
    if (error instanceof PgliteOpenFault) return undefined;
    throw error;
  });
  if (again !== undefined) {
    await rm(fresh, { recursive: true, force: true });
    return again;
  }
  const aside = `${folder}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  await rename(folder, aside);
  await rename(fresh, folder);
  log?.warn('database-damaged', { movedTo: path.basename(aside), reason: fault.message.slice(0, 200) });
  return startPgliteThread(folder);
}
