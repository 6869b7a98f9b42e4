import * as path from 'node:path';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import type { DurableFile, DurableFiles } from '../../ports/durable-files';
import type { ObjectStore } from '../../ports/object-store';
import { draftPath, objectPath } from './object-path';

/**
 * Objects as files below one folder: draft, sync, rename, folder sync. A reader sees an object whole or not at all.
 * Putting other bytes under a key that is in use replaces the object atomically, as COS and S3 do; who must not replace takes a
 * new key (docs/object-layout.md). Missing or short objects are ProblemError `image-damaged`.
 */
export function createFolderObjectStore(options: {
  readonly files: DurableFiles;
  readonly folder: string;
}): ObjectStore {
  const { files, folder } = options;
  const turns = new Map<string, Promise<unknown>>();

  /** One writer a key at a time: two would share the draft. */
  function inTurn<T>(file: string, act: () => Promise<T>): Promise<T> {
    const before = turns.get(file) ?? Promise.resolve();
    const mine = before.then(act, act);
    const settled = mine.then(
      () => undefined,
      () => undefined, // `mine` carries the failure to its caller; the next in turn only waits
    );
    turns.set(file, settled);
    settled.then(() => turns.get(file) === settled && turns.delete(file));
    return mine;
  }

  async function put(file: string, sealed: Uint8Array): Promise<void> {
    const parent = path.dirname(file);
    await files.makeFolder(parent);
    const draft = draftPath(file);
    const handle = await createDraft(draft);
    try {
      await handle.write(sealed);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await files.rename(draft, file);
    await files.syncFolder(parent);
  }

  /** A writer that failed, or was killed, may have left its draft: rare enough to be asked only when ours can't be made. */
  async function createDraft(draft: string): Promise<DurableFile> {
    try {
      return await files.create(draft);
    } catch {
      await files.remove(draft);
      return files.create(draft); // throws what was wrong where it wasn't that
    }
  }

  /** Synced also where the file was gone: the process that removed it may have ended before it had synced the name. */
  async function remove(file: string): Promise<void> {
    await files.remove(file);
    try {
      await files.syncFolder(path.dirname(file));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  async function get(objectKey: string, read: (file: string) => Promise<Uint8Array>): Promise<Uint8Array> {
    try {
      return await read(objectPath(folder, objectKey));
    } catch (error) {
      if (isNotFound(error)) {
        throw new ProblemError(problem('image-damaged', `object ${objectKey} is gone`), { cause: error });
      }
      throw error;
    }
  }

  return {
    put: async (objectKey, sealed) => {
      const file = objectPath(folder, objectKey);
      await inTurn(file, () => put(file, sealed));
    },
    get: (objectKey) => get(objectKey, files.read),
    getRange: async (objectKey, offset, length) => {
      const bytes = await get(objectKey, (file) => files.readRange(file, offset, length));
      if (bytes.length < length)
        throw new ProblemError(problem('image-damaged', `object ${objectKey} ends before ${offset + length}`));
      return bytes;
    },
    size: async (objectKey) => files.size(objectPath(folder, objectKey)),
    remove: async (objectKey) => {
      const file = objectPath(folder, objectKey);
      await inTurn(file, () => remove(file));
    },
  };
}

function isNotFound(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.problem === 'not-found';
}
