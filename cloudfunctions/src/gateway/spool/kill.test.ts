import { spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeFiles } from '../../adapters/files/node-files';
import { openKeyRing } from '../../adapters/keys/journalled-key-ring';
import { openSoftKeyProvider } from '../../adapters/keys/soft-key-provider';
import { createCfe1Sealer } from '../../adapters/sealing/cfe1-sealer';
import type { InstanceAcknowledged } from '../../ports/journal';
import { openJournal } from '../journal/journal';
import { openSpool } from './spool';

const source = path.resolve(__dirname, '../..');
const shared = path.resolve(__dirname, '../../../../shared/src');

/** Lets a plain Node process run our sources: TypeScript is stripped as each file is required. */
const loader = `
const Module = require('node:module');
const { readFileSync } = require('node:fs');
const ts = require(${JSON.stringify(require.resolve('typescript'))});
const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
Module._extensions['.ts'] = (module, file) =>
  module._compile(ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions }).outputText, file);
const resolve = Module._resolveFilename;
Module._resolveFilename = function (name, ...rest) {
  const place = name.startsWith('@yingyun/shared/') ? name.replace('@yingyun/shared', ${JSON.stringify(shared)}) + '.ts' : name;
  return resolve.call(this, place, ...rest);
};
`;

/** The process that is killed: four senders at once, each prints "identity sm3" when its commit has resolved. */
const sender = `
require('./loader.cjs');
const { createHash, randomBytes, randomUUID } = require('node:crypto');
const { writeSync } = require('node:fs');
const source = ${JSON.stringify(source)};
const { createNodeFiles } = require(source + '/adapters/files/node-files');
const { openKeyRing } = require(source + '/adapters/keys/journalled-key-ring');
const { openSoftKeyProvider } = require(source + '/adapters/keys/soft-key-provider');
const { createCfe1Sealer } = require(source + '/adapters/sealing/cfe1-sealer');
const { openJournal } = require(source + '/gateway/journal/journal');
const { openSpool } = require(source + '/gateway/spool/spool');
const [root, round] = process.argv.slice(2);

async function main() {
  const files = createNodeFiles();
  const random = { bytes: (length) => new Uint8Array(randomBytes(length)), uuid: randomUUID };
  const clock = { now: () => new Date() };
  const provider = await openSoftKeyProvider({ files, folder: root + '/keys', random });
  const keys = await openKeyRing({ files, folder: root + '/keys', provider, random, clock });
  const journal = await openJournal({ files, folder: root + '/journal', segmentLength: 40000 });
  const sealer = createCfe1Sealer({ random });
  const spool = await openSpool({ files, folder: root + '/spool', sealer, keys, journal, clock, random, highWaterFreeBytes: 1 });
  await spool.recover();
  let count = 0;
  async function send() {
    for (;;) {
      const identity = '1.2.' + round + '.' + ++count;
      const plain = randomBytes(1 + Math.floor(Math.random() * 200000));
      const writer = await spool.open('t1');
      await writer.write(plain);
      await writer.commit({ kind: 'instance-acknowledged', tenantId: 't1', sopInstanceUid: identity });
      writeSync(1, identity + ' ' + createHash('sm3').update(plain).digest('hex') + '\\n');
    }
  }
  await Promise.all([send(), send(), send(), send()]);
}
main();
`;

async function openHere(root: string) {
  const files = createNodeFiles();
  const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)), uuid: randomUUID };
  const clock = { now: () => new Date() };
  const provider = await openSoftKeyProvider({ files, folder: path.join(root, 'keys'), random });
  const keys = await openKeyRing({ files, folder: path.join(root, 'keys'), provider, random, clock });
  const journal = await openJournal({ files, folder: path.join(root, 'journal'), segmentLength: 40_000 });
  const sealer = createCfe1Sealer({ random });
  const folder = path.join(root, 'spool');
  const spool = await openSpool({ files, folder, sealer, keys, journal, clock, random, highWaterFreeBytes: 1 });
  return { keys, journal, spool };
}

/** Runs the sender and kills it at a random moment after its first acknowledgements. Its acknowledgements: identity → SM3. */
async function sendUntilKilled(program: string, data: string, round: number): Promise<Map<string, string>> {
  const child = spawn(process.execPath, [program, data, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (bytes: Buffer) => {
    if (text === '') setTimeout(() => child.kill('SIGKILL'), 20 + Math.random() * 250);
    text += bytes.toString();
  });
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 40_000);
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(giveUp);
  const lines = text.split('\n').slice(0, -1);
  return new Map(lines.map((line) => line.split(' ') as [string, string])); // the sender prints two words a line
}

describe('a gateway that is killed (kill -9) while four senders commit', () => {
  let root: string;
  let program: string;
  beforeAll(async () => {
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'yingyun-kill-'));
    program = path.join(root, 'sender.cjs');
    await fs.writeFile(path.join(root, 'loader.cjs'), loader);
    await fs.writeFile(program, sender);
  });
  afterAll(() => fs.rm(root, { recursive: true }));

  it('has every acknowledged instance after each of 10 kills, once, readable and unchanged', async () => {
    const data = path.join(root, 'data');
    const acknowledged = new Map<string, string>();
    for (let round = 1; round <= 10; round++) {
      const before = acknowledged.size;
      for (const [identity, sm3] of await sendUntilKilled(program, data, round)) acknowledged.set(identity, sm3);
      expect(acknowledged.size).toBeGreaterThan(before);
    }
    const { journal, spool, keys } = await openHere(data);
    const recovery = await spool.recover();
    expect(recovery.missing).toEqual([]);
    const found = new Map<string, string>();
    let sequence = 0;
    for await (const record of journal.read(0)) {
      expect(record.sequence).toBe(++sequence);
      const entry = record.entry as InstanceAcknowledged; // the sender appends nothing else
      expect(found.has(entry.sopInstanceUid)).toBe(false);
      found.set(
        entry.sopInstanceUid,
        createHash('sm3')
          .update(await spool.read(entry))
          .digest('hex'),
      );
    }
    for (const [identity, sm3] of acknowledged) expect(found.get(identity)).toBe(sm3);
    // Four senders a round may have been between the journal entry and the printed line.
    expect(found.size - acknowledged.size).toBeLessThanOrEqual(4 * 10);
    await Promise.all([journal.close(), keys.close()]);
  }, 300_000);
});
