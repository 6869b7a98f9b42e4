import { existsSync } from 'node:fs';
import { chmod, mkdir, rename } from 'node:fs/promises';
import * as path from 'node:path';
import type { Log } from '../../ports/log';
import { lockFolder } from './folder-lock';
import { PgliteOpenFault, type PgliteThread, startPgliteThread } from './pglite-thread';

/**
 * Opens the embedded database in a folder. PGlite never syncs, so a power cut can leave the folder damaged: it is then moved aside
 * as `<folder>.damaged-<time>` and an empty database starts, which the journal fills again (pipeline/index/read-journal.ts).
 * What the journal doesn't know (staff, shares, audit) is only in the folder moved aside; the `hospital` profile refuses PGlite.
 * Throws ProblemError `storage-unavailable` where another live process holds the folder.
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
  const wasThere = existsSync(folder);
  try {
    return await startPgliteThread(folder);
  } catch (error) {
    if (!wasThere || !(error instanceof PgliteOpenFault)) throw error;
    const aside = `${folder}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    await rename(folder, aside);
    log?.warn('database-damaged', { movedTo: path.basename(aside), reason: error.message.slice(0, 200) });
    return startPgliteThread(folder);
  }
}
