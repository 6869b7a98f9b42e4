import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOpenFolders } from './open-folders';

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'yingyun-open-folders-'));
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

/** What this process holds open below the test's folder (proc(5)). */
function openBelow(): string[] {
  return fs.readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = fs.readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(root) ? [path.basename(target)] : [];
    } catch {
      return []; // closed meanwhile
    }
  });
}

describe('open folders', () => {
  it('stay few, the last used ones, however many are synced at once', async () => {
    const folders = createOpenFolders();
    const names = Array.from({ length: 60 }, (_, i) => path.join(root, `f${i}`));
    for (const name of names) fs.mkdirSync(name);
    await Promise.all(names.flatMap((name) => [folders.sync(name), folders.sync(name)]));
    await folders.sync(path.join(root, 'f3'));
    await expect.poll(openBelow).toHaveLength(16);
    expect(openBelow()).toContain('f3');
  });

  it('are opened anew where the name stands for a new folder', async () => {
    const folders = createOpenFolders();
    const name = path.join(root, 'day');
    fs.mkdirSync(name);
    await folders.sync(name);
    fs.rmdirSync(name);
    fs.mkdirSync(name);
    folders.forget(name);
    await folders.sync(name);
    await expect.poll(openBelow).toEqual(['day']);
  });

  it('say so where there is none, and look again the next time', async () => {
    const folders = createOpenFolders();
    const name = path.join(root, 'later');
    await expect(folders.sync(name)).rejects.toMatchObject({ code: 'ENOENT' });
    fs.mkdirSync(name);
    await folders.sync(name);
    expect(openBelow()).toEqual(['later']);
  });
});
