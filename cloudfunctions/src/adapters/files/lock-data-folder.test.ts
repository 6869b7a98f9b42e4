import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataFolder } from './lock-data-folder';

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'yingyun-lock-'));
});
afterEach(() => fs.rm(folder, { recursive: true }));

describe('the lock of a data folder', () => {
  it('refuses a second holder in Chinese, and is free again after its release', async () => {
    const lock = await lockDataFolder(folder);
    await expect(lockDataFolder(folder, 0)).rejects.toThrow(
      `数据目录 ${folder} 正被另一个影云进程（进程号 ${process.pid}）使用`,
    );
    await lock.release();
    await (await lockDataFolder(folder)).release();
    expect(await fs.readdir(folder)).toEqual([]);
  });

  it('is taken over from a process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.once('exit', resolve));
    await fs.writeFile(path.join(folder, 'lock'), JSON.stringify({ pid: child.pid, startedAt: 'long ago' }));
    await (await lockDataFolder(folder)).release();
  });

  it('is taken over from a killed process that nobody has waited for', async () => {
    // bash replaces itself by `sleep`, which never waits for the child it thereby has
    const parent = spawn('bash', ['-c', 'sleep 0.1 & echo $!; exec sleep 20'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const pid = Number(String((await once(parent.stdout, 'data'))[0]));
      const stat = () => fs.readFile(`/proc/${pid}/stat`, 'utf8');
      const bootId = (await fs.readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
      const startedAt = `${bootId}/${(await stat()).split(') ')[1]?.split(' ')[19]}`;
      await expect.poll(async () => (await stat()).split(') ')[1]?.[0]).toBe('Z');
      await fs.writeFile(path.join(folder, 'lock'), JSON.stringify({ pid, startedAt }));
      await (await lockDataFolder(folder, 0)).release();
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('is waited for while its process is ending', async () => {
    const child = spawn('sleep', ['20']);
    const stat = (await fs.readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ');
    const bootId = (await fs.readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    await fs.writeFile(
      path.join(folder, 'lock'),
      JSON.stringify({ pid: child.pid, startedAt: `${bootId}/${stat?.[19]}` }),
    );
    await expect(lockDataFolder(folder, 0)).rejects.toThrow(String(child.pid));
    setTimeout(() => child.kill('SIGKILL'), 300);
    await (await lockDataFolder(folder, 20_000)).release();
  });

  it('is taken over where the process id now belongs to another process', async () => {
    await fs.writeFile(
      path.join(folder, 'lock'),
      JSON.stringify({ pid: process.pid, startedAt: 'before the restart' }),
    );
    await (await lockDataFolder(folder)).release();
  });

  it('is taken over where a power loss left it empty', async () => {
    await fs.writeFile(path.join(folder, 'lock'), '');
    await (await lockDataFolder(folder)).release();
  });

  it('goes to exactly one of many who find it stale at the same time', async () => {
    await fs.writeFile(
      path.join(folder, 'lock'),
      JSON.stringify({ pid: process.pid, startedAt: 'before the restart' }),
    );
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataFolder(folder, 0)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });
});
