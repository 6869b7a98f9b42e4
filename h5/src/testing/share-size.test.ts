import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const h5Folder = path.resolve(import.meta.dirname, '../..');
const budgetBytes = 60 * 1024;

describe('the built pages', () => {
  let dist = '';
  beforeAll(async () => {
    dist = await mkdtemp(path.join(tmpdir(), 'yingyun-h5-size-'));
    await build({
      root: h5Folder,
      configFile: path.join(h5Folder, 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir: dist },
    });
  });
  afterAll(() => rm(dist, { recursive: true, force: true }));

  it('need at most 60 KB (gzip) of page, style and script before the first shared image', async () => {
    const sizes = await sharePageSizes(dist);
    const total = sizes.reduce((sum, [, size]) => sum + size, 0);
    for (const [name, size] of sizes) process.stdout.write(`${String(size).padStart(7)} B gz  ${name}\n`);
    process.stdout.write(
      `share page shell: ${(total / 1024).toFixed(1)} KB gz of ${budgetBytes / 1024} (wasm not counted)\n`,
    );
    expect(total).toBeLessThanOrEqual(budgetBytes);
  });

  it('carry no inline script or style, and keep the console and its library out of the share page', async () => {
    for (const page of ['share.html', 'console.html']) {
      const html = await readFile(path.join(dist, page), 'utf8');
      expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
      expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
    }
    const names = (await sharePageSizes(dist)).map(([name]) => name);
    for (const name of names)
      expect(await readFile(path.join(dist, name), 'utf8'), name).not.toMatch(/react|safeParse/);
  });

  it('stand compressed beside themselves', async () => {
    const names = await readdir(path.join(dist, 'assets'));
    for (const name of names.filter((each) => /\.(js|css|wasm)$/.test(each))) {
      expect(names).toContain(`${name}.br`);
      expect(names).toContain(`${name}.gz`);
    }
  });
});

/** Everything share.html leads to, imports and workers followed through file names, except wasm. */
async function sharePageSizes(dist: string): Promise<[string, number][]> {
  const assets = (await readdir(path.join(dist, 'assets'))).filter((name) => /\.(js|css|svg)$/.test(name));
  const seen = new Map<string, number>();
  const queue = ['share.html'];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    const bytes = await readFile(path.join(dist, name));
    seen.set(name, gzipSync(bytes, { level: 9 }).length);
    const text = bytes.toString('utf8');
    queue.push(...assets.filter((asset) => text.includes(asset)).map((asset) => `assets/${asset}`));
  }
  return [...seen];
}
