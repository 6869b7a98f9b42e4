import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodeFiles } from '../files/node-files';
import { createPowerLossDisk } from '../files/power-loss-files';
import { createFolderObjectStore } from './folder-object-store';

const problemOf = (name: string) => expect.objectContaining({ problem: expect.objectContaining({ problem: name }) });
const key = 't1/2026/0f8fad5b-d9cb-469f-a165-70867728950e/o.dcm.cfe1';

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'yingyun-objects-'));
});
afterEach(() => fs.rm(folder, { recursive: true }));

describe('the folder object store', () => {
  it('gives back what was put, whole and by range, until it is removed', async () => {
    const store = createFolderObjectStore({ files: createNodeFiles(), folder });
    const bytes = randomBytes(100_000);
    await store.put(key, bytes);
    expect(Buffer.from(await store.get(key)).equals(bytes)).toBe(true);
    expect(Buffer.from(await store.getRange(key, 70_000, 30_000)).equals(bytes.subarray(70_000))).toBe(true);
    expect(await store.size(key)).toBe(100_000);
    await store.remove(key);
    await store.remove(key);
    expect(await store.size(key)).toBeUndefined();
    await expect(store.get(key)).rejects.toEqual(problemOf('image-damaged'));
  });

  it('says image-damaged where an object ends before the range', async () => {
    const store = createFolderObjectStore({ files: createNodeFiles(), folder });
    await store.put(key, randomBytes(100));
    await expect(store.getRange(key, 90, 11)).rejects.toEqual(problemOf('image-damaged'));
  });

  it('takes the same bytes twice, many at once, and leaves no draft', async () => {
    const store = createFolderObjectStore({ files: createNodeFiles(), folder });
    const bytes = randomBytes(5000);
    await Promise.all(Array.from({ length: 10 }, () => store.put(key, bytes)));
    await store.put(key, bytes);
    expect(await fs.readdir(path.dirname(path.join(folder, key)))).toEqual(['o.dcm.cfe1']);
  });

  it('shows a reader the old object or the new one, never a mixture', async () => {
    const store = createFolderObjectStore({ files: createNodeFiles(), folder });
    const versions = [Buffer.alloc(200_000, 1), Buffer.alloc(200_000, 2)];
    await store.put(key, versions[0] ?? Buffer.alloc(0));
    const writing = (async () => {
      for (let i = 0; i < 20; i++) await store.put(key, versions[i % 2] ?? Buffer.alloc(0));
    })();
    for (let i = 0; i < 40; i++) {
      const bytes = Buffer.from(await store.get(key));
      expect(versions.some((version) => version.equals(bytes))).toBe(true);
    }
    await writing;
  });

  it.each([
    '',
    '/etc/passwd',
    '../x',
    'a/../b',
    'a//b',
    'a/.hidden',
    'a/b\0',
    'a\\b',
    'a/b c',
    'a/影',
    'a/b/',
    '.',
    'a/'.repeat(9),
  ])('refuses the key %j', async (bad) => {
    const store = createFolderObjectStore({ files: createNodeFiles(), folder });
    await expect(store.put(bad, Buffer.of(1))).rejects.toEqual(problemOf('invalid-request'));
    await expect(store.get(bad)).rejects.toEqual(problemOf('invalid-request'));
    await expect(store.size(bad)).rejects.toEqual(problemOf('invalid-request'));
  });

  it('says out-of-space, keeps the old object, and works again when there is space', async () => {
    const disk = createPowerLossDisk(() => 0);
    const store = createFolderObjectStore({ files: disk.mount(), folder: '/objects' });
    await store.put(key, Buffer.from('old'));
    disk.failNth('write', 1, 'ENOSPC');
    await expect(store.put(key, Buffer.from('newer'))).rejects.toEqual(problemOf('out-of-space'));
    expect(Buffer.from(await store.get(key)).toString()).toBe('old');
    await store.put(key, Buffer.from('newer'));
    expect(Buffer.from(await store.get(key)).toString()).toBe('newer');
  });
});
