import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PageHost, phone, startPageHost } from './page-host';

const budgetBytes = 60 * 1024;

describe('the built pages', () => {
  let host: PageHost;
  beforeAll(async () => {
    host = await startPageHost();
  });
  afterAll(() => host.stop());

  /** Name and gzip size of every file a phone loads from opening the link until images stand on the screen. */
  const loadedByPhone = async (): Promise<[string, number][]> => {
    const share = host.api.addShare('7K3M9QXD');
    const { page, close } = await host.open('about:blank', phone);
    const loaded = new Map<string, number>();
    page.context().on('response', (response) => {
      const name = new URL(response.url()).pathname;
      if (!name.startsWith('/api/')) loaded.set(name, Number(response.headers()['content-length']));
    });
    await page.goto(`${host.origin}/s/${share.token}`);
    await page.getByLabel('8 位口令').fill('7K3M9QXD');
    await page.keyboard.press('Enter');
    await page.locator('#viewer canvas').first().waitFor();
    await page.waitForLoadState('networkidle');
    await close();
    return [...loaded].map(([name, size]) => [name.startsWith('/s/') ? '/share.html' : name, size]);
  };

  it('cost a phone at most 60 KB (gzip) of page, style and script before the first shared image', async () => {
    const loaded = await loadedByPhone();
    const shell = loaded.filter(([name]) => !name.endsWith('.wasm'));
    const total = shell.reduce((sum, [, size]) => sum + size, 0);
    for (const [name, size] of loaded) process.stdout.write(`${String(size).padStart(7)} B gz  ${name}\n`);
    process.stdout.write(`share page shell: ${(total / 1024).toFixed(1)} KB gz of ${budgetBytes / 1024}, wasm apart\n`);
    for (const part of [/share\.html$/, /mount-viewer.*\.js$/, /mount-viewer.*\.css$/, /worker.*\.js$/, /\.wasm$/]) {
      expect(
        loaded.some(([name]) => part.test(name)),
        String(part),
      ).toBe(true);
    }
    expect(total).toBeLessThanOrEqual(budgetBytes);
  });

  it('keep the console, its library and the schema library out of the share page', async () => {
    for (const [name] of await loadedByPhone()) {
      if (!name.endsWith('.js')) continue;
      expect(await readFile(path.join(host.distFolder, name), 'utf8'), name).not.toMatch(
        /react-dom|createRoot|safeParse/,
      );
    }
  });

  it('carry no inline script or style', async () => {
    for (const page of ['share.html', 'console.html']) {
      const html = await readFile(path.join(host.distFolder, page), 'utf8');
      expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
      expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
    }
  });

  it('stand compressed beside themselves', async () => {
    const names = await readdir(path.join(host.distFolder, 'assets'));
    for (const name of names.filter((each) => /\.(js|css|svg|wasm)$/.test(each))) {
      expect(names).toContain(`${name}.br`);
      expect(names).toContain(`${name}.gz`);
    }
  });
});
