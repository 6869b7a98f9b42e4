import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { DurableFiles } from '../../ports/durable-files';
import { createNodeFiles } from './node-files';
import { createPowerLossDisk } from './power-loss-files';

const folders: string[] = [];
async function realFolder(): Promise<{ files: DurableFiles; root: string }> {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'yingyun-files-'));
  folders.push(root);
  return { files: createNodeFiles(), root };
}
async function simulatedFolder(): Promise<{ files: DurableFiles; root: string }> {
  const files = createPowerLossDisk(() => 0).mount();
  await files.makeFolder('/data');
  return { files, root: '/data' };
}
afterEach(async () => {
  for (const folder of folders.splice(0)) await fs.rm(folder, { recursive: true });
});

const code = (name: string) => expect.objectContaining({ problem: expect.objectContaining({ problem: name }) });
const bytesOf = (text: string) => Buffer.from(text);
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe.each([
  ['the real file system', realFolder],
  ['the power-loss model', simulatedFolder],
])('%s', (_, make) => {
  it('writes, appends, reads and reads ranges', async () => {
    const { files, root } = await make();
    const file = path.join(root, 'a');
    const first = await files.create(file);
    await first.write(bytesOf('film'));
    await first.sync();
    await first.close();
    const second = await files.append(file);
    await second.write(bytesOf(' cloud'));
    await second.close();
    expect(textOf(await files.read(file))).toBe('film cloud');
    expect(textOf(await files.readRange(file, 2, 4))).toBe('lm c');
    expect(textOf(await files.readRange(file, 8, 40))).toBe('ud');
    expect(await files.readRange(file, 40, 4)).toHaveLength(0);
    expect(await files.size(file)).toBe(10);
  });

  it('creates only what is not there, and appends to what is not there', async () => {
    const { files, root } = await make();
    await (await files.append(path.join(root, 'a'))).close();
    await expect(files.create(path.join(root, 'a'))).rejects.toEqual(code('storage-unavailable'));
  });

  it('goes on at the new end after a cut', async () => {
    const { files, root } = await make();
    const file = path.join(root, 'a');
    const handle = await files.append(file);
    await handle.write(bytesOf('whole torn'));
    await files.truncate(file, 6);
    await handle.write(bytesOf('line'));
    await handle.close();
    expect(textOf(await files.read(file))).toBe('whole line');
  });

  it('renames over what is there, removes, and lists sorted', async () => {
    const { files, root } = await make();
    for (const name of ['b', 'a', 'c']) {
      const handle = await files.create(path.join(root, name));
      await handle.write(bytesOf(name));
      await handle.close();
    }
    await files.rename(path.join(root, 'c'), path.join(root, 'a'));
    expect(await files.list(root)).toEqual(['a', 'b']);
    expect(textOf(await files.read(path.join(root, 'a')))).toBe('c');
    await files.remove(path.join(root, 'a'));
    await files.remove(path.join(root, 'a'));
    expect(await files.list(root)).toEqual(['b']);
  });

  it('says not-found where nothing is to be read, and is quiet where the port allows it', async () => {
    const { files, root } = await make();
    const missing = path.join(root, 'missing');
    await expect(files.read(missing)).rejects.toEqual(code('not-found'));
    await expect(files.readRange(missing, 0, 1)).rejects.toEqual(code('not-found'));
    await expect(files.create(path.join(missing, 'a'))).rejects.toEqual(code('not-found'));
    expect(await files.size(missing)).toBeUndefined();
    expect(await files.list(missing)).toEqual([]);
  });

  it('makes a folder with its parents, twice without complaint', async () => {
    const { files, root } = await make();
    const deep = path.join(root, 'x', 'y', 'z');
    await Promise.all([files.makeFolder(deep), files.makeFolder(deep)]);
    await (await files.create(path.join(deep, 'a'))).close();
    await files.syncFolder(deep);
    expect(await files.list(path.join(root, 'x'))).toEqual(['y']);
    expect(await files.freeBytes(deep)).toBeGreaterThan(0);
  });
});

describe('the real file system', () => {
  it('lets nobody else read what it writes', async () => {
    const { files, root } = await realFolder();
    await files.makeFolder(path.join(root, 'x'));
    await (await files.create(path.join(root, 'x', 'a'))).close();
    expect((await fs.stat(path.join(root, 'x'))).mode & 0o777).toBe(0o700);
    expect((await fs.stat(path.join(root, 'x', 'a'))).mode & 0o777).toBe(0o600);
  });
});

describe('the power-loss model', () => {
  it('forgets unsynced bytes and unsynced names, and keeps synced ones', async () => {
    const disk = createPowerLossDisk(() => 0);
    const files = disk.mount();
    await files.makeFolder('/data');
    const a = await files.create('/data/a');
    await a.write(bytesOf('safe'));
    await a.sync();
    await files.syncFolder('/data');
    await a.write(bytesOf(' lost'));
    const b = await files.create('/data/b');
    await b.write(bytesOf('synced bytes, unsynced name'));
    await b.sync();
    disk.losePower();
    const after = disk.mount();
    expect(await after.list('/data')).toEqual(['a']);
    expect(textOf(await after.read('/data/a'))).toBe('safe');
    await expect(files.read('/data/a')).rejects.toThrow('the process has ended');
  });

  it('keeps everything where only the process ended', async () => {
    const disk = createPowerLossDisk(() => 0);
    const files = disk.mount();
    await files.makeFolder('/data');
    await (await files.create('/data/a')).write(bytesOf('in the page cache'));
    disk.endProcess();
    expect(textOf(await disk.mount().read('/data/a'))).toBe('in the page cache');
  });

  it('has the old or the new file after an unsynced rename, never neither', async () => {
    for (const mode of [0, 1]) {
      const disk = createPowerLossDisk((below) => Math.min(mode, below - 1));
      const files = disk.mount();
      await files.makeFolder('/data');
      for (const name of ['a', 'a.draft']) {
        const handle = await files.create(`/data/${name}`);
        await handle.write(bytesOf(name));
        await handle.sync();
      }
      await files.syncFolder('/data');
      await files.rename('/data/a.draft', '/data/a');
      disk.losePower();
      expect(textOf(await disk.mount().read('/data/a'))).toBe(mode === 0 ? 'a' : 'a.draft');
    }
  });

  it('cuts, fails the nth operation, and runs out of space with half a write', async () => {
    const disk = createPowerLossDisk(() => 0);
    const files = disk.mount();
    await files.makeFolder('/data');
    const handle = await files.create('/data/a');
    disk.failNth('write', 2, 'ENOSPC');
    await handle.write(bytesOf('1234'));
    await expect(handle.write(bytesOf('5678'))).rejects.toEqual(code('out-of-space'));
    expect(textOf(await files.read('/data/a'))).toBe('123456');
    disk.failNth('sync', 1, 'EIO');
    await expect(handle.sync()).rejects.toEqual(code('storage-unavailable'));
    disk.cutAfter(1);
    await handle.write(bytesOf('9'));
    expect(disk.isCut).toBe(true);
    await expect(handle.write(bytesOf('0'))).rejects.toThrow('the process has ended');
  });

  it('loses for good what a failed sync did not write, even where a second sync says yes', async () => {
    const disk = createPowerLossDisk((below) => Math.min(1, below - 1));
    const files = disk.mount();
    await files.makeFolder('/data');
    const handle = await files.create('/data/a');
    await handle.write(bytesOf('safe'));
    await handle.sync();
    await handle.write(bytesOf('gone'));
    disk.failNth('sync', 1, 'EIO');
    await expect(handle.sync()).rejects.toEqual(code('storage-unavailable'));
    await handle.sync();
    expect(textOf(await files.read('/data/a'))).toBe('safegone');
    disk.losePower();
    expect(textOf(await disk.mount().read('/data/a'))).toBe('safe\0\0\0\0');
  });
});
