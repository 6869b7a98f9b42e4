import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requireCompiled } from '../../testing/compiled';
import { openLogFile } from './log-file';

describe('the log file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'yingyun-log-'));
    file = path.join(folder, 'server.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has every line, in order, a moment later', async () => {
    const log = openLogFile(file);
    for (let i = 0; i < 1000; i++) log.write(`line ${i}`);
    await vi.waitFor(() => expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(1001), { timeout: 5000 });
    log.write('last');
    log.close();
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines[999]).toBe('line 999');
    expect(lines[1000]).toBe('last');
  });

  it('has its last lines when the process exits, or ends with an uncaught error', () => {
    requireCompiled();
    const compiled = path.resolve(__dirname, '../../../dist/adapters/log/log-file.js');
    for (const end of ['process.exit(3)', 'throw new Error("no")']) {
      const script = `require(process.argv[1]).openLogFile(process.argv[2]).write(${JSON.stringify(end)}); ${end}`;
      const ended = spawnSync(process.execPath, ['-e', script, compiled, file]);
      expect(ended.status).not.toBe(0);
      expect(readFileSync(file, 'utf8')).toContain(end);
    }
  });
});
