import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import type { RandomSource } from '../../ports/clock-and-random';
import type { DurableFiles } from '../../ports/durable-files';

const rootFile = 'root.key';
const rootLength = 32;
const format = 'yingyun-root-1';

/**
 * The soft provider's root: 32 random bytes in `root.key`, readable by our account only. Made once, durable before this resolves.
 * Throws ProblemError `key-unavailable` where the file is damaged, or missing beside key journals: a new root would
 * make every key of this data folder useless while looking like a healthy start.
 */
export async function readOrMakeRootKey(options: {
  readonly files: DurableFiles;
  readonly folder: string;
  readonly random: RandomSource;
}): Promise<Uint8Array> {
  const { files, folder, random } = options;
  await files.makeFolder(folder);
  const file = path.join(folder, rootFile);
  const names = await files.list(folder);
  if (!names.includes(rootFile)) {
    if (names.some((name) => name.startsWith('keys-'))) {
      throw new ProblemError(
        problem('key-unavailable', `${rootFile} is missing beside its key journal: restore it from the backup`),
      );
    }
    await writeDurably(files, file, encode(random.bytes(rootLength)));
  }
  // Also where it was there: the process that made it may have ended before it had synced the name.
  await files.syncFolder(folder);
  return decode(await files.read(file));
}

async function writeDurably(files: DurableFiles, file: string, bytes: Uint8Array): Promise<void> {
  const draft = `${file}.new`;
  await files.remove(draft);
  const handle = await files.create(draft);
  await handle.write(bytes);
  await handle.sync();
  await handle.close();
  await files.rename(draft, file);
}

function encode(root: Uint8Array): Uint8Array {
  const hex = Buffer.from(root).toString('hex');
  return Buffer.from(`${format} ${hex} ${checksumOf(hex)}\n`, 'latin1');
}

function decode(bytes: Uint8Array): Uint8Array {
  const match = /^yingyun-root-1 ([0-9a-f]{64}) ([0-9a-f]{16})\n$/.exec(Buffer.from(bytes).toString('latin1'));
  if (match?.[1] === undefined || checksumOf(match[1]) !== match[2]) {
    throw new ProblemError(problem('key-unavailable', `${rootFile} is damaged: restore it from the backup`));
  }
  return new Uint8Array(Buffer.from(match[1], 'hex'));
}

function checksumOf(hex: string): string {
  return createHash('sm3').update(`${format} ${hex}`).digest('hex').slice(0, 16);
}
