import * as path from 'node:path';
import { problem, ProblemError } from '@yingyun/shared/domain/problem';
import type { DurableFiles } from '../../ports/durable-files';
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
    if (!(await holds(file, sealed))) await replace(file, sealed);
    // Also where the bytes were there: the process that renamed them may have ended before it had synced the name.
    await files.syncFolder(parent);
  }

  async function holds(file: string, sealed: Uint8Array): Promise<boolean> {
    if ((await files.size(file)) !== sealed.length) return false;
    return Buffer.from(await files.read(file)).equals(sealed);
  }

  async function replace(file: string, sealed: Uint8Array): Promise<void> {
    const draft = draftPath(file);
    await files.remove(draft);
    const handle = await files.create(draft);
    try {
      await handle.write(sealed);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await files.rename(draft, file);
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
