import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

it('the committed openapi.json is what the contract generates', () => {
  const tool = path.join(import.meta.dirname, 'openapi.mjs');
  const compared = spawnSync(process.execPath, [tool, '--check'], { encoding: 'utf8' });
  expect(compared.stderr).toBe('');
  expect(compared.status).toBe(0);
});
