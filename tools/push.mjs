// `npm run push -- DIR`: sends a folder of DICOM files to the gateway by C-STORE.
import path from 'node:path';
import { buildAll } from './build.mjs';
import { ensureNpmPackages, requireNode20, root } from './ensure-installed.mjs';

requireNode20();
ensureNpmPackages();
buildAll();
const { pushFolder } = await import(path.join(root, 'cloudfunctions/push.mjs'));
process.exitCode = await pushFolder(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
