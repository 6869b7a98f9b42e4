// The server process: starts src/serve.ts as compiled. Kept apart from it so that requiring a file of dist never starts anything.
import { createRequire } from 'node:module';

const { serve } = createRequire(import.meta.url)('./dist/serve.js');
await serve({ argv: process.argv.slice(2), env: process.env });
