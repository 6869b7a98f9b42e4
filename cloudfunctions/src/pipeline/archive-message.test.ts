import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openReportTexts } from '../adapters/database/report-versions';
import { createNodeFiles } from '../adapters/files/node-files';
import { openKeyRing } from '../adapters/keys/journalled-key-ring';
import { createFolderObjectStore } from '../adapters/objects/folder-object-store';
import { openJournal } from '../gateway/journal/journal';
import { openSpool } from '../gateway/spool/spool';
import type { JournalEntry, JournalRecord, MessageAcknowledged } from '../ports/journal';
import { outbox, patientRecord, reportVersion, storedObject } from '../ports/schema';
import { createFakeKeyProvider } from '../testing/fakes';
import { describeEachDatabase } from '../testing/for-each-database';
import { messageEntry, oruMessage } from '../testing/report-fixtures';
import { createReportWorld } from '../testing/report-world';
import { archiveMessage } from './archive-message';
import { startMessageCatchUp } from './catch-up-messages';
import { projectRecords } from './index/project-records';

describeEachDatabase('storing the original of a message', (open) => {
  let folder: string;
  const closing: (() => Promise<void>)[] = [];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'yingyun-message-'));
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The real journal, keys, spool and object store in `folder`, beside a new database: what a start finds after the database was lost. */
  async function start() {
    const world = await createReportWorld((await open()).database);
    const { clock, random } = world.ports;
    const files = createNodeFiles();
    const place = (name: string) => path.join(folder, name);
    for (const name of ['keys', 'journal', 'spool', 'objects']) await files.makeFolder(place(name));
    const keys = await openKeyRing({ files, folder: place('keys'), provider: createFakeKeyProvider(), random, clock });
    const journal = await openJournal({ files, folder: place('journal') });
    closing.push(keys.close, journal.close);
    const { sealer } = world.ports;
    const parts = { files, folder: place('spool'), sealer, keys, journal, clock, random, highWaterFreeBytes: 1 };
    const spool = await openSpool(parts);
    const recovery = await spool.recover();
    const objects = createFolderObjectStore({ files, folder: place('objects') });
    const ports = { ...world.ports, keys, journal, spool, objects };
    const records = async () => {
      const all: JournalRecord[] = [];
      for await (const record of journal.read(0)) all.push(record);
      return all;
    };
    let position = 0;
    const project = async () => {
      const fresh = (await records()).slice(position);
      position += fresh.length;
      await world.database.transaction((transaction) => projectRecords(ports, transaction, fresh));
    };
    await project();
    const kinds = async () => (await records()).map(({ entry }) => entry.kind);
    const acknowledge = async (controlId: string, message: Uint8Array) => {
      const writer = await spool.open('h1');
      await writer.write(message);
      const record = await writer.commit<MessageAcknowledged>(messageEntry('h1'));
      await project();
      return record;
    };
    const versions = async () => {
      const rows = await world.database.select().from(reportVersion);
      const opened = await Promise.all(rows.map((row) => openReportTexts(world.ports.fields, row)));
      return opened.map((texts) => texts.messageControlId);
    };
    return { world, ports, recovery, kinds, acknowledge, project, versions };
  }
  const message = (controlId: string, at: string) =>
    oruMessage({ controlId, accession: 'A1', status: 'C', at, findings: `所见 ${controlId}` });
  const filesBelow = (name: string) =>
    readdirSync(path.join(folder, name), { recursive: true, withFileTypes: true }).filter((one) => one.isFile());

  it('seals it under a key that names nobody, journals it, and then lets the spool file go', async () => {
    const { world, ports, kinds, acknowledge, project } = await start();
    const record = await acknowledge('M1', message('M1', '20260301120000'));
    expect(await archiveMessage(ports, record)).toEqual({ outcome: 'done' });
    expect(await kinds()).toEqual(['message-acknowledged', 'message-stored', 'spool-released']);
    expect(filesBelow('spool')).toEqual([]);
    await project();
    const [row] = await world.database.select().from(storedObject);
    expect(row).toMatchObject({ objectClass: 'hl7', journalSequence: 1, instanceId: null, generation: 1 });
    expect(row?.objectKey).toMatch(/^h1\/[0-9a-f-]{36}\/[0-9a-f-]{36}\.hl7\.cfe1$/);
    const lying = readFileSync(path.join(folder, 'objects', row?.objectKey ?? ''));
    expect(lying.toString('latin1')).not.toMatch(/MSH|P001/);
  });

  it('reads it from there ever after, and files it once', async () => {
    const { world, ports, kinds, acknowledge, project, versions } = await start();
    const record = await acknowledge('M1', message('M1', '20260301120000'));
    for (let i = 0; i < 3; i++) {
      expect(await archiveMessage(ports, record)).toEqual({ outcome: 'done' });
      await project();
    }
    expect(await versions()).toEqual(['M1']);
    expect(await kinds()).toEqual(['message-acknowledged', 'message-stored', 'spool-released']);
    expect(await world.database.select().from(storedObject)).toHaveLength(1);
  });

  it('fills a lost database from the originals: reports and records of patients, in the order of the journal', async () => {
    const before = await start();
    const texts = ['20260301120000', '20260301130000', '20260301110000'].map((at, i) => message(`M${i}`, at));
    for (const [i, text] of texts.entries()) {
      expect(await archiveMessage(before.ports, await before.acknowledge(`M${i}`, text))).toEqual({ outcome: 'done' });
    }
    const reports = await before.world.reports();
    const after = await start();
    expect(after.recovery).toMatchObject({ waiting: 0, waitingMessages: [], missing: [] });
    await startMessageCatchUp(after.ports, [], () => {}).stop(); // stopped at once: nothing is lost by it
    await new Promise<void>((resolve) => startMessageCatchUp(after.ports, after.recovery.waitingMessages, resolve));
    expect(await after.world.reports()).toEqual(reports);
    expect(await after.world.database.select().from(patientRecord)).toHaveLength(1);
    const waiting = (await after.world.database.select().from(outbox)).map((row) => row.kind);
    expect(waiting).not.toContain('message-acknowledged');
    expect(await after.kinds()).toEqual(await before.kinds());
  });

  it('drains the spool of a folder in which messages stayed for good, and holds publication meanwhile', async () => {
    const before = await start();
    await before.acknowledge('M1', message('M1', '20260301120000'));
    await before.acknowledge('M2', message('M2', '20260301130000'));
    const after = await start();
    await after.world.database.delete(outbox); // they were filed long ago
    expect(after.recovery.waitingMessages).toEqual([1, 2]);
    await new Promise<void>((resolve) => {
      const catchUp = startMessageCatchUp(after.ports, after.recovery.waitingMessages, () => {
        expect(catchUp.heldKinds()).toEqual([]);
        resolve();
      });
      expect(catchUp.heldKinds()).toContain('study-changed');
    });
    expect(filesBelow('spool')).toEqual([]);
    expect(filesBelow('objects')).toHaveLength(2);
    expect(await after.versions()).toEqual(['M1', 'M2']);
  });

  it.each([
    ['while the object is put', 'put'],
    ['before the object is read back', 'get'],
    ['before the journal says that it is stored', 'message-stored'],
    ['before the spool file is released', 'spool-released'],
  ])('neither loses nor doubles a version where the process ends %s', async (_when, where) => {
    const first = await start();
    const record = await first.acknowledge('M1', message('M1', '20260301120000'));
    const end = () => Promise.reject(new Error('the process ended'));
    const { ports } = first;
    const cut = {
      ...ports,
      objects: { ...ports.objects, ...(where === 'put' || where === 'get' ? { [where]: end } : {}) },
      journal: {
        ...ports.journal,
        append: (entry: JournalEntry) => (entry.kind === where ? end() : ports.journal.append(entry)),
      },
      spool: where === 'spool-released' ? { ...ports.spool, release: end } : ports.spool,
    };
    await expect(archiveMessage(cut, record)).rejects.toThrow('the process ended');
    // the same database, and one that was lost at that moment
    await first.project();
    expect(await archiveMessage(ports, record)).toEqual({ outcome: 'done' });
    expect(await first.versions()).toEqual(['M1']);
    const again = await start();
    await new Promise<void>((resolve) => startMessageCatchUp(again.ports, again.recovery.waitingMessages, resolve));
    expect(await again.versions()).toEqual(['M1']);
    expect(filesBelow('spool')).toEqual([]);
    expect((await again.kinds()).filter((kind) => kind === 'message-stored')).toHaveLength(1);
  });

  it('keeps in the spool what the object store gives back changed', async () => {
    const { ports, kinds, acknowledge } = await start();
    const record = await acknowledge('M1', message('M1', '20260301120000'));
    const objects = {
      ...ports.objects,
      get: async (key: string) => {
        const sealed = (await ports.objects.get(key)).slice();
        sealed[100] = (sealed[100] ?? 0) ^ 1;
        return sealed;
      },
    };
    const retry = { outcome: 'retry', reason: 'sealed-object-invalid' };
    expect(await archiveMessage({ ...ports, objects }, record)).toEqual(retry);
    expect(await kinds()).toEqual(['message-acknowledged']);
    expect(filesBelow('spool')).toHaveLength(1);
  });
});
