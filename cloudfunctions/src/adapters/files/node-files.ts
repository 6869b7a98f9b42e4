import * as fs from 'node:fs/promises';
import type { DurableFile, DurableFiles } from '../../ports/durable-files';
import { codeOf, fileProblem } from './file-problem';
import { makeFolderDurably } from './make-folder';
import { createOpenFolders } from './open-folders';

/** Only the account that runs the server reads our files; that is what "0600" asks of the key file, and nothing needs more. */
const fileMode = 0o600;
const folderMode = 0o700;

/** The real file system. Throws ProblemError `out-of-space`, `not-found` or `storage-unavailable`, each with its cause. */
export function createNodeFiles(): DurableFiles {
  const durableFolders = new Set<string>();
  const openFolders = createOpenFolders();
  const syncs = new Map<string, { readonly underWay: Promise<void>; next: Promise<void> | undefined }>();

  /** Names that change while a sync of their folder is under way share the next one. */
  async function syncFolder(folder: string): Promise<void> {
    const current = syncs.get(folder);
    if (current !== undefined) {
      current.next ??= current.underWay.catch(() => undefined).then(() => startSync(folder));
      return current.next;
    }
    return startSync(folder);
  }

  function startSync(folder: string): Promise<void> {
    const entry = { underWay: syncNow(folder), next: undefined };
    syncs.set(folder, entry);
    const forget = () => {
      if (syncs.get(folder) === entry && entry.next === undefined) syncs.delete(folder);
    };
    entry.underWay.then(forget, forget);
    return entry.underWay;
  }

  async function syncNow(folder: string): Promise<void> {
    await named('sync folder', folder, () => openFolders.sync(folder));
  }

  async function mkdir(folder: string): Promise<boolean> {
    const isNew = await makeOne(folder);
    if (isNew) openFolders.forget(folder);
    return isNew;
  }

  return {
    create: (file) => named('create', file, async () => durableFile(file, await fs.open(file, 'wx', fileMode))),
    append: (file) => named('append', file, async () => durableFile(file, await fs.open(file, 'a', fileMode))),
    read: (file) => named('read', file, () => readWhole(file)),
    readRange: (file, offset, length) => named('read', file, () => readRange(file, offset, length)),
    size: (file) => unlessMissing(undefined, () => named('size', file, async () => (await fs.stat(file)).size)),
    rename: (from, to) => named('rename', from, () => fs.rename(from, to)),
    truncate: (file, length) => named('truncate', file, () => truncate(file, length)),
    remove: (file) => unlessMissing(undefined, () => named('remove', file, () => fs.unlink(file))),
    list: (folder) => unlessMissing([], () => named('list', folder, async () => (await fs.readdir(folder)).sort())),
    makeFolder: (folder) => makeFolderDurably(folder, durableFolders, { mkdir, syncFolder }),
    syncFolder,
    freeBytes: (folder) =>
      named('free space', folder, async () => {
        const volume = await fs.statfs(folder);
        return volume.bavail * volume.bsize;
      }),
  };
}

function durableFile(file: string, handle: fs.FileHandle): DurableFile {
  return {
    write: (bytes) =>
      named('write', file, async () => {
        for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
      }),
    // fdatasync: the length that is needed to read the data back is flushed with it, times are not.
    sync: () => named('sync', file, () => handle.datasync()),
    close: () => named('close', file, () => handle.close()),
  };
}

/** Into one buffer of its own, which can be transferred: fs.readFile gathers pieces and copies them. */
async function readWhole(file: string): Promise<Uint8Array> {
  const handle = await fs.open(file, 'r');
  try {
    return await fill(handle, Buffer.allocUnsafeSlow((await handle.stat()).size), 0);
  } finally {
    await handle.close();
  }
}

async function readRange(file: string, offset: number, length: number): Promise<Uint8Array> {
  const handle = await fs.open(file, 'r');
  try {
    return await fill(handle, Buffer.allocUnsafe(length), offset);
  } finally {
    await handle.close();
  }
}

/** As much as there is from `offset`, up to the buffer's length. */
async function fill(handle: fs.FileHandle, bytes: Buffer, offset: number): Promise<Uint8Array> {
  let at = 0;
  while (at < bytes.length) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, offset + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}

async function truncate(file: string, length: number): Promise<void> {
  const handle = await fs.open(file, 'r+');
  try {
    await handle.truncate(length);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function makeOne(folder: string): Promise<boolean> {
  return named('make folder', folder, async () => {
    try {
      await fs.mkdir(folder, folderMode);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
  });
}

async function named<T>(operation: string, file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw fileProblem(operation, file, error);
  }
}

async function unlessMissing<T>(missing: T, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Error && codeOf(error.cause) === 'ENOENT') return missing;
    throw error;
  }
}
