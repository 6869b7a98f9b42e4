// `npm start`: from a clone with only Node 20 to a running demo hospital (README).
import { spawn } from 'node:child_process';
import path from 'node:path';
import { buildAll } from './build.mjs';
import { ensureNpmPackages, requireNode20, root } from './ensure-installed.mjs';

requireNode20();
ensureNpmPackages();
buildAll();

const server = spawn(process.execPath, [path.join(root, 'cloudfunctions/serve.mjs'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)));
