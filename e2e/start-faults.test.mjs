// What a person sees when the server can't start: one clear sentence and no stack trace.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startHospital } from './support/hospital.mjs';
import { startOurs } from './support/server-process.mjs';

const root = path.resolve(import.meta.dirname, '..');
const serve = path.join(root, 'cloudfunctions/serve.mjs');

describe('npm start', () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'yingyun-start-'));
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  const run = (env) =>
    spawnSync(process.execPath, [serve, '--empty'], {
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        ...process.env,
        YINGYUN_DATA: path.join(work, 'data'),
        YINGYUN_HTTP: '0',
        YINGYUN_DICOM: '0',
        YINGYUN_MLLP: '0',
        ...env,
      },
    });

  it('says which port is taken and how to choose another', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const port = String(taken.address().port);
    for (const variable of ['YINGYUN_HTTP', 'YINGYUN_DICOM', 'YINGYUN_MLLP']) {
      const { stderr, status } = run({ [variable]: port });
      expect(status).toBe(1);
      expect(stderr).toContain(`端口 ${port} 已被占用`);
      expect(stderr).toContain(variable);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
    taken.close();
  });

  it('refuses a data folder that another server is using', async () => {
    const first = await startOurs({ dataFolder: path.join(work, 'used') });
    const { stderr, status } = run({ YINGYUN_DATA: path.join(work, 'used') });
    await first.stop();
    expect(status).toBe(1);
    expect(stderr).toContain('正被另一个影云进程');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('says that the database cannot be reached, without its password and without a stack trace', () => {
    const { stderr, status } = run({ YINGYUN_DATABASE_URL: 'postgres://yingyun:geheim@127.0.0.1:1/yingyun' });
    expect(status).toBe(1);
    expect(stderr).toContain('无法连接数据库，请检查 YINGYUN_DATABASE_URL');
    expect(stderr).not.toMatch(/geheim|\n\s+at /);
  });

  it('starts again after kill -9, with its credentials or with new ones where the file is lost', async () => {
    const folder = path.join(work, 'killed');
    const first = await startHospital({ dataFolder: folder });
    await first.kill();
    rmSync(path.join(folder, 'demo-credentials.json'));
    const second = await startHospital({ dataFolder: folder });
    expect(second.credentials.account).toMatch(/^demo-[0-9a-f]{6}$/); // nobody knows the password of `demo`
    await second.stop();
  }, 60_000);

  it('lets no other account of the machine read a data folder that was made for everybody', async () => {
    const folder = path.join(work, 'open');
    mkdirSync(folder, { mode: 0o755 });
    const server = await startOurs({ dataFolder: folder });
    const readable = readdirSync(folder).filter((name) => (statSync(path.join(folder, name)).mode & 0o077) !== 0);
    await server.stop();
    expect(readable).toEqual([]);
  });

  it('names every wrong setting at once', () => {
    const { stderr, status } = run({ YINGYUN_HTTP: 'abc', YINGYUN_PROFILE: 'clinic' });
    expect(run({ YINGYUN_PROFIL: 'hospital' }).stderr).toContain('YINGYUN_PROFIL：没有这个设置');
    expect(status).toBe(1);
    expect(stderr).toContain('YINGYUN_HTTP');
    expect(stderr).toContain('YINGYUN_PROFILE');
  });

  it('refuses each demo shortcut by name under the hospital profile', () => {
    const { stderr, status } = run({ YINGYUN_PROFILE: 'hospital' });
    expect(status).toBe(1);
    for (const word of ['PGlite', '自签名', 'YINGYUN_PEERS', '软件密钥']) expect(stderr).toContain(word);
  });

  it('refuses another Node version with the version it wants', async () => {
    const child = spawn(process.execPath, [
      '-e',
      `Object.defineProperty(process.versions, 'node', { value: '18.20.0' }); import(${JSON.stringify(path.join(root, 'tools/ensure-installed.mjs'))}).then((m) => m.requireNode20())`,
    ]);
    let text = '';
    child.stderr.on('data', (chunk) => (text += chunk));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(1);
    expect(text).toContain('20.19');
    // What is read before the version is looked at must be readable to an old Node: 18 has neither of these.
    for (const file of ['start', 'push', 'test', 'build', 'ensure-installed'])
      expect(readFileSync(path.join(root, `tools/${file}.mjs`), 'utf8')).not.toMatch(
        /import\.meta\.(dirname|filename)\b/,
      );
  });

  it('refuses a disk that is nearly full', () => {
    const folder = path.join(work, 'small');
    spawnSync('mkdir', ['-p', folder]);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder]);
    if (mounted.status !== 0) return expect(process.getuid()).not.toBe(0); // only root can make a small disk
    const { stderr, status } = run({ YINGYUN_DATA: folder });
    spawnSync('umount', [folder]);
    expect(status).toBe(1);
    expect(stderr).toContain('磁盘空间不足');
  });
});
