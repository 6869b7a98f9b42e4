import { randomBytes, randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodeFiles } from '../../adapters/files/node-files';
import { createPowerLossDisk } from '../../adapters/files/power-loss-files';
import { openKeyRing } from '../../adapters/keys/journalled-key-ring';
import { openSoftKeyProvider } from '../../adapters/keys/soft-key-provider';
import { createCfe1Sealer } from '../../adapters/sealing/cfe1-sealer';
import type { DurableFiles } from '../../ports/durable-files';
import type { JournalEntry, MessageAcknowledged } from '../../ports/journal';
import { openJournal } from '../journal/journal';
import { openSpool } from './spool';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)), uuid: randomUUID };
const clock = { now: () => new Date(Date.UTC(2026, 2, 1, 8)) };
const problemOf = (name: string) => expect.objectContaining({ problem: expect.objectContaining({ problem: name }) });
const message: Omit<MessageAcknowledged, 'spool'> = {
  kind: 'message-acknowledged',
  tenantId: 't1',
  sender: 'RIS|HOSPITAL',
  messageType: 'ORU^R01',
  receivedAt: clock.now().toISOString(),
};

const opened: { close(): Promise<void> }[] = [];

async function openIn(files: DurableFiles, root: string, highWaterFreeBytes = 1) {
  const provider = await openSoftKeyProvider({ files, folder: path.join(root, 'keys'), random });
  const keys = await openKeyRing({ files, folder: path.join(root, 'keys'), provider, random, clock });
  const journal = await openJournal({ files, folder: path.join(root, 'journal') });
  const sealer = createCfe1Sealer({ random });
  const folder = path.join(root, 'spool');
  const spool = await openSpool({ files, folder, sealer, keys, journal, clock, random, highWaterFreeBytes });
  const entries = async () => {
    const found: JournalEntry[] = [];
    for await (const record of journal.read(0)) found.push(record.entry);
    return found;
  };
  opened.push(keys, journal);
  return { keys, journal, spool, entries, folder };
}

async function commitMessage(spool: Awaited<ReturnType<typeof openIn>>['spool'], plain: Uint8Array) {
  const writer = await spool.open('t1');
  await writer.write(plain);
  return writer.commit<MessageAcknowledged>(message);
}

let root: string;
beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'yingyun-spool-'));
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close().catch(() => undefined); // some are closed already
  await fs.rm(root, { recursive: true });
});

describe('the spool on real files', () => {
  it('gives back what came in, however it was cut into writes, and keeps no byte of it in clear', async () => {
    const { spool, folder } = await openIn(createNodeFiles(), root);
    const length = fc.oneof(fc.nat(3000), fc.nat(300_000), fc.constantFrom(65_536, 262_144, 524_288, 600_000));
    await fc.assert(
      fc.asyncProperty(fc.array(length, { maxLength: 6 }), async (lengths) => {
        const pieces = [Buffer.from('CANARY-IN-CLEAR'), ...lengths.map((n) => randomBytes(n))];
        const writer = await spool.open('t1');
        for (const piece of pieces) {
          const lent = Buffer.from(piece);
          await writer.write(lent);
          lent.fill(0); // the caller's again: the writer may keep no view of it
        }
        const { entry } = await writer.commit<MessageAcknowledged>(message);
        const plain = Buffer.concat(pieces);
        expect(entry.spool.plainLength).toBe(plain.length);
        expect(Buffer.from(await spool.read(entry)).equals(plain)).toBe(true);
        const sealed = await fs.readFile(path.join(folder, entry.spool.spoolFile));
        expect(sealed.length).toBe(entry.spool.cipherLength);
        expect(sealed.includes('CANARY')).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it('writes tenant, day and a random name, and journals what it says', async () => {
    const { spool, entries } = await openIn(createNodeFiles(), root);
    const { sequence, entry } = await commitMessage(spool, Buffer.from('MSH|'));
    expect(sequence).toBe(1);
    expect(entry.spool.spoolFile).toMatch(/^t1\/20260301\/[0-9a-f-]{36}\.cfe1$/);
    expect(await entries()).toEqual([entry]);
  });

  it('turns socket fragments into few large file writes', async () => {
    const writes: number[] = [];
    const node = createNodeFiles();
    const files: DurableFiles = {
      ...node,
      create: async (file) => {
        const handle = await node.create(file);
        return { ...handle, write: (bytes) => (writes.push(bytes.length), handle.write(bytes)) };
      },
    };
    const { spool } = await openIn(files, root);
    writes.length = 0;
    const writer = await spool.open('t1');
    for (let i = 0; i < 800; i++) await writer.write(randomBytes(1460));
    await writer.commit<MessageAcknowledged>(message);
    expect(writes.length).toBeLessThanOrEqual(5);
    expect(Math.min(...writes.slice(0, -1))).toBeGreaterThanOrEqual(256 * 1024);
  });

  it('leaves nothing behind after an abort', async () => {
    const { spool, folder, entries } = await openIn(createNodeFiles(), root);
    const writer = await spool.open('t1');
    await writer.write(randomBytes(700_000));
    await writer.abort();
    await writer.abort();
    expect(await fs.readdir(path.join(folder, 't1', '20260301'))).toEqual([]);
    expect(await entries()).toEqual([]);
    await expect(writer.write(Buffer.of(1))).rejects.toThrow('has ended');
    await expect(writer.commit(message)).rejects.toThrow('has ended');
  });

  it('releases once, however often and at once it is asked', async () => {
    const { spool, entries, folder } = await openIn(createNodeFiles(), root);
    const record = await commitMessage(spool, Buffer.from('MSH|'));
    await Promise.all([spool.release(record), spool.release(record)]);
    await spool.release(record);
    expect((await entries()).slice(1)).toEqual([{ kind: 'spool-released', acknowledgedSequence: record.sequence }]);
    expect(await fs.readdir(path.join(folder, 't1', '20260301'))).toEqual([]);
    await expect(spool.read(record.entry)).rejects.toEqual(problemOf('image-damaged'));
  });

  it('refuses a spool file whose bytes were changed or that was put in the place of another', async () => {
    const { spool, folder } = await openIn(createNodeFiles(), root);
    const a = await commitMessage(spool, Buffer.from('first'));
    const b = await commitMessage(spool, Buffer.from('other'));
    const place = (record: typeof a) => path.join(folder, record.entry.spool.spoolFile);
    await fs.copyFile(place(b), place(a));
    await expect(spool.read(a.entry)).rejects.toEqual(problemOf('sealed-object-invalid'));
  });

  it('takes no tenant and no journalled path that would lead out of its folder', async () => {
    const { spool } = await openIn(createNodeFiles(), root);
    await expect(spool.open('../t1')).rejects.toEqual(problemOf('invalid-request'));
    const { entry } = await commitMessage(spool, Buffer.from('x'));
    const moved = { ...entry, spool: { ...entry.spool, spoolFile: '../keys/root.key' } };
    await expect(spool.read(moved)).rejects.toEqual(problemOf('storage-unavailable'));
  });

  it('removes at recovery what was already released, moves aside what was never acknowledged, and keeps what waits', async () => {
    const files = createNodeFiles();
    const first = await openIn(files, root);
    const waiting = await commitMessage(first.spool, Buffer.from('waits'));
    const released = await commitMessage(
      first.spool,
      Buffer.from('released, but the process ended before the file was gone'),
    );
    await first.journal.append({ kind: 'spool-released', acknowledgedSequence: released.sequence });
    const unfinished = await first.spool.open('t1');
    await unfinished.write(randomBytes(300_000));
    await expect(first.spool.recover()).rejects.toThrow('before the first writer');
    await first.journal.close();

    const again = await openIn(files, root);
    const recovery = await again.spool.recover();
    expect(recovery).toMatchObject({ waiting: 1, missing: [] });
    expect(recovery.removed).toEqual([released.entry.spool.spoolFile]);
    expect(recovery.movedAside).toHaveLength(1);
    expect(Buffer.from(await again.spool.read(waiting.entry)).toString()).toBe('waits');
    await unfinished.abort();
  });

  it('destroys nothing beside a journal that was restored from an older copy: moved back, with its journal, it waits again', async () => {
    const files = createNodeFiles();
    const first = await openIn(files, root);
    await commitMessage(first.spool, Buffer.from('before the copy'));
    const journalFolder = path.join(root, 'journal');
    const copy = path.join(root, 'journal-copy');
    await fs.cp(journalFolder, copy, { recursive: true });
    const later = await commitMessage(first.spool, Buffer.from('acknowledged after the copy'));
    await first.journal.close();
    await fs.rename(journalFolder, path.join(root, 'journal-newest'));
    await fs.rename(copy, journalFolder);

    const { spoolFile } = later.entry.spool;
    const restored = await openIn(files, root);
    expect(await restored.spool.recover()).toMatchObject({ waiting: 1, removed: [], movedAside: [spoolFile] });
    expect(await restored.spool.recover()).toMatchObject({ waiting: 1, removed: [], movedAside: [] });
    await restored.journal.close();

    await fs.rm(journalFolder, { recursive: true });
    await fs.rename(path.join(root, 'journal-newest'), journalFolder);
    const file = path.join(restored.folder, spoolFile);
    await fs.rename(file.replace('.cfe1', '.unknown'), file);
    const whole = await openIn(files, root);
    expect(await whole.spool.recover()).toMatchObject({ waiting: 2, missing: [], movedAside: [] });
    expect(Buffer.from(await whole.spool.read(later.entry)).toString()).toBe('acknowledged after the copy');
  });

  it('reports at recovery what was acknowledged and is gone or cut', async () => {
    const files = createNodeFiles();
    const first = await openIn(files, root);
    const gone = await commitMessage(first.spool, Buffer.from('gone'));
    const cut = await commitMessage(first.spool, Buffer.from('cut'));
    await fs.rm(path.join(first.folder, gone.entry.spool.spoolFile));
    await fs.truncate(path.join(first.folder, cut.entry.spool.spoolFile), 90);
    expect((await first.spool.recover()).missing).toEqual([
      { sequence: gone.sequence, spoolFile: gone.entry.spool.spoolFile, reason: 'gone' },
      { sequence: cut.sequence, spoolFile: cut.entry.spool.spoolFile, reason: 'wrong-length' },
    ]);
  });

  it('refuses to clean up a full spool beside a journal that never held a record', async () => {
    const { spool, folder } = await openIn(createNodeFiles(), root);
    const day = path.join(folder, 't1', '20260301');
    await fs.mkdir(day, { recursive: true });
    for (let i = 0; i < 101; i++) await fs.writeFile(path.join(day, `${randomUUID()}.cfe1`), 'x');
    await expect(spool.recover()).rejects.toEqual(problemOf('storage-unavailable'));
    expect(await fs.readdir(day)).toHaveLength(101);
  });
});

describe('the spool on a disk that runs full or fails', () => {
  it('takes nothing new below the high-water mark, and says when to try again', async () => {
    const disk = createPowerLossDisk(() => 0);
    const { spool } = await openIn(disk.mount(), '/data', 1000);
    disk.setFreeBytes(999);
    const full = { problem: 'out-of-space', retryAfterSeconds: 60 };
    await expect(spool.open('t1')).rejects.toEqual(expect.objectContaining({ problem: expect.objectContaining(full) }));
    disk.setFreeBytes(1000);
    await commitMessage(spool, Buffer.from('x'));
  });

  it('says out-of-space where the disk fills while it writes, leaves no file and no entry, and then goes on', async () => {
    const disk = createPowerLossDisk(() => 0);
    const files = disk.mount();
    const { spool, entries } = await openIn(files, '/data');
    await commitMessage(spool, Buffer.from('before'));
    disk.failNth('write', 1, 'ENOSPC');
    await expect(commitMessage(spool, randomBytes(1000))).rejects.toEqual(problemOf('out-of-space'));
    disk.failNth('write', 2, 'ENOSPC');
    await expect(commitMessage(spool, randomBytes(1_000_000))).rejects.toEqual(problemOf('out-of-space'));
    expect(await files.list('/data/spool/t1/20260301')).toHaveLength(1);
    const { entry } = await commitMessage(spool, Buffer.from('after'));
    expect(Buffer.from(await spool.read(entry)).toString()).toBe('after');
    expect(await entries()).toHaveLength(2);
  });

  it('acknowledges nothing whose sync failed', async () => {
    const disk = createPowerLossDisk(() => 0);
    const { spool, entries } = await openIn(disk.mount(), '/data');
    await commitMessage(spool, Buffer.from('before'));
    disk.failNth('sync', 1, 'EIO');
    await expect(commitMessage(spool, Buffer.from('x'))).rejects.toEqual(problemOf('storage-unavailable'));
    disk.failNth('syncFolder', 1, 'EIO');
    await expect(commitMessage(spool, Buffer.from('x'))).rejects.toEqual(problemOf('storage-unavailable'));
    expect(await entries()).toHaveLength(1);
  });
});
