// Reads a compiled mini-program folder as WeChat's upload does: app.json, pages, packages, and the limits that an upload is refused for.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** https://developers.weixin.qq.com/miniprogram/dev/framework/subpackages.html: 2 MB a package, 20 MB in all (service providers; others 30). */
const packageLimit = 2 * 1024 * 1024;
const totalLimit = 20 * 1024 * 1024;

/**
 * @param {string} dist folder with app.json
 * @returns {{dist: string, app: object, appId: string, packages: {root: string, pages: string[], files: string[], bytes: number}[]}}
 *   The first package is the main one (root ""); file names are relative to `dist`, with slashes.
 * @throws Error naming every fault that WeChat would refuse the upload for.
 */
export function readProgram(dist) {
  if (!existsSync(path.join(dist, 'app.json'))) throw new Error(`no app.json in ${dist}`);
  const app = readJson(path.join(dist, 'app.json'));
  const subPackages = app.subPackages ?? app.subpackages ?? [];
  const roots = subPackages.map((one) => `${one.root.replace(/^\/|\/$/g, '')}/`);
  const packages = ['', ...roots].map((root, index) => ({
    root,
    pages: index === 0 ? app.pages : subPackages[index - 1].pages.map((page) => root + page),
    files: [],
    bytes: 0,
  }));
  for (const file of listFiles(dist)) {
    const owner = packages.find(({ root }) => root !== '' && file.startsWith(root)) ?? packages[0];
    owner.files.push(file);
    owner.bytes += statSync(path.join(dist, file)).size;
  }
  const faults = [...missingFiles(packages), ...tooLarge(packages), ...tabBarFaults(app), ...nestedRoots(roots)];
  if (faults.length > 0) throw new Error(`WeChat would refuse this mini-program:\n  ${faults.join('\n  ')}`);
  return { dist, app, appId: readAppId(dist), packages };
}

export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} is not JSON`, { cause });
  }
}

function readAppId(dist) {
  const project = path.join(dist, 'project.config.json');
  return (existsSync(project) && readJson(project).appid) || 'touristappid';
}

function listFiles(dist) {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dist, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

function* missingFiles(packages) {
  for (const { pages, files } of packages)
    for (const page of pages)
      for (const extension of ['.js', '.wxml'])
        if (!files.includes(page + extension)) yield `app.json names ${page}, but ${page}${extension} is missing`;
}

function* tooLarge(packages) {
  for (const { root, bytes } of packages)
    if (bytes > packageLimit) yield `package ${root || '(main)'} has ${bytes} bytes, more than ${packageLimit}`;
  const total = packages.reduce((sum, one) => sum + one.bytes, 0);
  if (total > totalLimit) yield `all packages together have ${total} bytes, more than ${totalLimit}`;
}

function* tabBarFaults(app) {
  const list = app.tabBar?.list;
  if (list === undefined) return;
  if (list.length < 2 || list.length > 5) yield `tabBar has ${list.length} entries; 2 to 5 are allowed`;
  for (const { pagePath } of list)
    if (!app.pages.includes(pagePath)) yield `tabBar page ${pagePath} is not a page of the main package`;
}

function* nestedRoots(roots) {
  for (const root of roots)
    if (roots.some((other) => other !== root && root.startsWith(other)))
      yield `sub-package ${root} lies inside another`;
}
