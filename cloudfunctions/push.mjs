// `npm run push -- DIR [--host H] [--port P] [--called AE] [--calling AE]`: sends every DICOM file below DIR by C-STORE.
import { createRequire } from 'node:module';

const { push } = createRequire(import.meta.url)('./dist/push.js');

// The environment gives the defaults that a running server was started with; an option given later on the line wins.
const defaults = [
  ...option('--port', process.env.YINGYUN_DICOM),
  ...option('--host', process.env.YINGYUN_HOST),
  ...option('--called', process.env.YINGYUN_AE_TITLE),
];

function option(name, value) {
  return value === undefined ? [] : [name, value];
}

export const pushFolder = (argv, cwd) =>
  push({ argv: [...defaults, ...argv], cwd, print: (line) => process.stdout.write(`${line}\n`) });
