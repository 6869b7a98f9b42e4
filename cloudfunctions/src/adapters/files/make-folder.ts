import * as path from 'node:path';

export interface FolderOperations {
  /** False where the folder was there already. */
  mkdir(folder: string): Promise<boolean>;
  syncFolder(folder: string): Promise<void>;
}

/** Forgetting costs a sync, remembering every folder of an archive costs memory. */
const maxKnown = 4096;

/**
 * Makes a folder and its parents so that the names survive a power loss. A folder that is already there proves nothing: the
 * process that made it may have ended before its sync. So every name is synced once a process, and `known` remembers which were.
 */
export async function makeFolderDurably(
  folder: string,
  known: Set<string>,
  operations: FolderOperations,
): Promise<void> {
  const parent = path.dirname(folder);
  if (known.has(folder) || parent === folder) return;
  await makeFolderDurably(parent, known, operations);
  const isNew = await operations.mkdir(folder);
  try {
    await operations.syncFolder(parent);
  } catch (error) {
    // A parent that we may not open (another user's) can't be synced by us; what we made ourselves must be.
    if (isNew) throw error;
  }
  if (known.size >= maxKnown) known.clear();
  known.add(folder);
}
