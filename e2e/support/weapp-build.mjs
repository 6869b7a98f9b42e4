// The compiled mini-program that the stories run, and the address of the API that it was compiled for.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../tools/ensure-installed.mjs';

/** What miniprogram/config compiles in where YINGYUN_API doesn't say otherwise. */
export const weappApi = process.env.YINGYUN_API ?? 'https://127.0.0.1:7001';

/** Builds the mini-program where there is none yet, and copies it to `folder`: a build may run beside a test. @returns {string} folder */
export function compiledWeapp(folder) {
  const dist = path.join(root, 'miniprogram/dist/weapp');
  if (!existsSync(path.join(dist, 'app.json')))
    execFileSync('npm', ['run', 'build:weapp', '--workspace', 'miniprogram', '--silent'], {
      cwd: root,
      stdio: 'ignore',
    });
  cpSync(dist, folder, { recursive: true });
  return folder;
}
