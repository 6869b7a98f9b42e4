import path from 'node:path';
import { defineConfig } from 'vitest/config';

const sharedSource = path.resolve(import.meta.dirname, 'shared/src');

// Unit tests read the sources of `shared`, so that they need no build. Tests of the Midway application
// (*.app.test.ts) run the compiled output instead (Midway's loader reads dist), see tools/test.mjs.
export default defineConfig({
  resolve: { alias: [{ find: /^@yingyun\/shared\/(.*)$/, replacement: `${sharedSource}/$1.ts` }] },
  test: {
    include: ['shared/src/**/*.test.ts', 'cloudfunctions/src/**/*.test.ts', 'h5/src/**/*.test.ts', 'e2e/**/*.test.mjs', 'tools/**/*.test.ts', 'miniprogram/src/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
