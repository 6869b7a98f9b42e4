// The server process. It stands outside dist because Midway loads every file there (docs/adr/0005-midway.md).
import { createRequire } from 'node:module';

const { serve } = createRequire(import.meta.url)('./dist/serve.js');
await serve({ argv: process.argv.slice(2), env: process.env });
