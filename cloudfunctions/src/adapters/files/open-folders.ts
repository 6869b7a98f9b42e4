import * as fs from 'node:fs';
import { promisify } from 'node:util';

/** The spool's day, and the studies that are coming in. */
const maxOpen = 16;

const open = promisify(fs.open);
const fsync = promisify(fs.fsync);
const close = promisify(fs.close);

export interface OpenFolders {
  /** Makes the names in the folder durable. */
  sync(folder: string): Promise<void>;
  /** The name stands for a new folder: what is open under it is another one. */
  forget(folder: string): void;
}

interface OpenFolder {
  readonly fd: Promise<number>;
  uses: number;
  isForgotten: boolean;
}

/**
 * Keeps the folders open whose names are synced again and again: a sync is then one call to the disk's threads instead of three. Descriptors,
 * not FileHandles: nobody closes the last few, and the collector would complain. Folders of ours are never removed while we run.
 */
export function createOpenFolders(): OpenFolders {
  const folders = new Map<string, OpenFolder>();

  function take(folder: string): OpenFolder {
    const found = folders.get(folder) ?? { fd: open(folder, 'r'), uses: 0, isForgotten: false };
    folders.delete(folder); // the last used stands last
    folders.set(folder, found);
    found.uses++;
    return found;
  }

  function forget(folder: string): void {
    const found = folders.get(folder);
    if (found === undefined) return;
    folders.delete(folder);
    found.isForgotten = true;
    closeUnused(found);
  }

  function closeUnused(one: OpenFolder): void {
    // one that could not be opened, or is not closed cleanly, has nothing to lose: its syncs have been answered
    if (one.isForgotten && one.uses === 0) one.fd.then(close).catch(() => undefined);
  }

  return {
    async sync(folder) {
      const one = take(folder);
      try {
        await fsync(await one.fd);
      } catch (error) {
        if (folders.get(folder) === one) forget(folder);
        throw error;
      } finally {
        one.uses--;
        closeUnused(one);
        for (const oldest of folders.keys()) {
          if (folders.size <= maxOpen) break;
          forget(oldest);
        }
      }
    },
    forget,
  };
}
