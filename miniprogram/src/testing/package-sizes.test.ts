import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const dist = path.resolve(import.meta.dirname, '../../dist/weapp');
const kb = 1024;
/** WeChat's limits: 2 MB a package, 20 MB in all; and ours, so that the first screen opens on a slow line. */
const limits = { package: 2048 * kb, all: 20_480 * kb, ourMain: 480 * kb, ourAll: 1400 * kb };

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

it('the mini-program stays within WeChat’s package sizes and our own', () => {
  const { subPackages } = JSON.parse(readFileSync(path.join(dist, 'app.json'), 'utf8')) as {
    subPackages: { root: string }[];
  };
  const packages = new Map<string, string[]>([
    ['main', []],
    ...subPackages.map(({ root }) => [root, []] as [string, string[]]),
  ]);
  for (const file of filesOf(dist)) {
    const name = path.relative(dist, file);
    const home = subPackages.find(({ root }) => name.startsWith(`${root}/`))?.root ?? 'main';
    packages.get(home)?.push(file);
  }
  let total = 0;
  for (const [name, files] of packages) {
    const bytes = files.map((file) => readFileSync(file));
    const size = bytes.reduce((sum, each) => sum + each.length, 0);
    const gz = bytes.reduce((sum, each) => sum + gzipSync(each, { level: 9 }).length, 0);
    total += size;
    process.stdout.write(
      `${name}: ${(size / kb).toFixed(0)} KB, ${(gz / kb).toFixed(0)} KB gz, ${files.length} files\n`,
    );
    expect(size, name).toBeLessThanOrEqual(name === 'main' ? limits.ourMain : limits.package);
  }
  expect(total).toBeLessThanOrEqual(limits.ourAll);
  expect(limits.ourAll).toBeLessThan(limits.all);
});

it('the web page of a film names all its code at the start, and no more than 240 KB (gzip) of it', () => {
  const web = path.resolve(dist, '../h5');
  const page = readFileSync(path.join(web, 'index.html'), 'utf8');
  const named = [...page.matchAll(/<(?:script|link)(?![^>]*prefetch)[^>]*(?:src|href)="\/m\/(assets\/[^"]+)"/g)];
  let total = 0;
  for (const [, name = ''] of named) {
    const size = statSync(path.join(web, `${name}.gz`)).size;
    process.stdout.write(`${String(size).padStart(7)} B gz  ${name}\n`);
    total += size;
  }
  process.stdout.write(`film page on the web: ${(total / kb).toFixed(0)} KB gz\n`);
  for (const part of ['app', 'parts', 'film', 'src_subpackages_film_film'])
    expect(page).toContain(`"/m/assets/${part}`);
  expect(total).toBeLessThanOrEqual(240 * kb);
});

it('the mini-program uses nothing that WeChat’s sandbox forbids', () => {
  for (const file of filesOf(dist).filter((name) => name.endsWith('.js'))) {
    const code = readFileSync(file, 'utf8');
    // webpack's runtime asks `new Function` only where there is no globalThis.
    const own = code.replace(/new Function\("return this"\)/g, '');
    expect(own.match(/\beval\(|new Function\(|new Proxy\(|new Headers\(|new TextDecoder\(\)/g) ?? [], file).toEqual([]);
  }
});

it('the decoder stands in the package that uses it, and no test data in any', () => {
  const names = filesOf(dist).map((file) => path.relative(dist, file));
  expect(names.filter((name) => name.endsWith('.wasm'))).toEqual(['subpackages/film/openjphjs.wasm']);
  expect(names.filter((name) => /\.(dcm|map)$|test/.test(name))).toEqual([]);
});
