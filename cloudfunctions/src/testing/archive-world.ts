import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseDicomUid } from '@yingyun/shared/domain/dicom-uid';
import { eq } from 'drizzle-orm';
import { createFieldCipher } from '../adapters/fields/field-cipher';
import { createNodeFiles } from '../adapters/files/node-files';
import { openKeyRing } from '../adapters/keys/journalled-key-ring';
import { openSoftKeyProvider } from '../adapters/keys/soft-key-provider';
import { createFolderObjectStore } from '../adapters/objects/folder-object-store';
import { createOutbox } from '../adapters/outbox/outbox';
import { createCfe1Sealer } from '../adapters/sealing/cfe1-sealer';
import { createTogether } from '../adapters/together/together';
import { openJournal } from '../gateway/journal/journal';
import { openSpool } from '../gateway/spool/spool';
import { archiveInstance } from '../pipeline/archive-instance';
import { projectRecords } from '../pipeline/index/project-records';
import { verifyInstance } from '../pipeline/verify/verify-instance';
import type { Database } from '../ports/database';
import type { InstanceAcknowledged, JournalRecord } from '../ports/journal';
import type { HandlerOutcome, OutboxEvent } from '../ports/outbox';
import { hospital, outbox as outboxTable } from '../ports/schema';
import type { Transcoder } from '../ports/transcoder';
import { createHandClock, createMemoryLog, createSeededRandom } from './fakes';
import { type MadeInstance, madeInstance } from './made-instance';

export type ArchiveWorld = Awaited<ReturnType<typeof createArchiveWorld>>;

/** Hospital "h1" with a real spool, journal, key ring, object store, sealer and field cipher in a folder of its own. */
export async function createArchiveWorld(database: Database, transcoder: Transcoder) {
  const folder = mkdtempSync(path.join(tmpdir(), 'yingyun-archive-'));
  const place = (name: string) => path.join(folder, name);
  const [clock, random, log, files] = [createHandClock(), createSeededRandom(), createMemoryLog(), createNodeFiles()];
  for (const name of ['keys', 'journal', 'spool', 'objects']) await files.makeFolder(place(name));
  const keyProvider = await openSoftKeyProvider({ files, folder: place('keys'), random });
  const keys = await openKeyRing({ files, folder: place('keys'), provider: keyProvider, random, clock });
  const sealer = createCfe1Sealer({ random });
  const journal = await openJournal({ files, folder: place('journal') });
  const spool = await openSpool({
    files,
    folder: place('spool'),
    sealer,
    keys,
    journal,
    clock,
    random,
    highWaterFreeBytes: 1,
  });
  const objects = createFolderObjectStore({ files, folder: place('objects') });
  const outbox = createOutbox({ clock, random });
  const fields = createFieldCipher({ keyProvider, random });
  const ports = {
    clock,
    random,
    log,
    files,
    database,
    outbox,
    objects,
    sealer,
    keys,
    keyProvider,
    fields,
    spool,
    journal,
    transcoder,
    together: createTogether(),
  };
  await addHospital(database, clock.now());

  /** What the gateway does with a C-STORE, without the network. */
  async function acknowledge(bytes: Uint8Array, made: MadeInstance): Promise<JournalRecord<InstanceAcknowledged>> {
    const writer = await spool.open('h1');
    await writer.write(bytes);
    return writer.commit<InstanceAcknowledged>({
      kind: 'instance-acknowledged',
      tenantId: 'h1',
      callingAeTitle: 'PACS',
      sopClassUid: uid('1.2.840.10008.5.1.4.1.1.2'),
      sopInstanceUid: uid(made.sopInstanceUid),
      studyInstanceUid: uid(made.studyInstanceUid ?? '1.2.3'),
      seriesInstanceUid: uid(made.seriesInstanceUid ?? '1.2.3.1'),
      transferSyntaxUid: uid('1.2.840.10008.1.2.1'),
      receivedSm3: createHash('sm3').update(bytes).digest('hex'),
      receivedAt: clock.now().toISOString(),
    });
  }

  const positions = new Map<Database, number>();

  /** Journal records that this database hasn't seen become rows and events. */
  async function project(target: Database): Promise<void> {
    const records: JournalRecord[] = [];
    for await (const record of journal.read(positions.get(target) ?? 0)) records.push(record);
    positions.set(target, records.at(-1)?.sequence ?? positions.get(target) ?? 0);
    await target.transaction((transaction) => projectRecords(ports, transaction, records));
  }

  /** Projects the journal and runs archive and verify events until none waits; the others are taken away and answered. */
  async function settle(world: typeof ports = ports): Promise<{ outcomes: HandlerOutcome[]; others: OutboxEvent[] }> {
    const [outcomes, others]: [HandlerOutcome[], OutboxEvent[]] = [[], []];
    for (;;) {
      await project(world.database);
      const rows = await world.database.delete(outboxTable).returning();
      if (rows.length === 0) return { outcomes, others };
      for (const row of rows.sort((a, b) => (a.dedupeKey < b.dedupeKey ? -1 : 1))) {
        const event = { kind: row.kind, ...JSON.parse(row.payload) } as OutboxEvent; // our own outbox wrote it
        if (event.kind === 'instance-acknowledged') outcomes.push(await archiveInstance(world, event.journalSequence));
        else if (event.kind === 'object-created') outcomes.push(await verifyInstance(world, event.storedObjectId));
        else others.push(event);
      }
    }
  }

  return {
    ports,
    folder,
    acknowledge,
    project,
    settle,
    /** Acknowledged and projected, its event waiting. */
    receive: async (made: MadeInstance, bytes: Uint8Array = madeInstance(made)) => {
      const record = await acknowledge(bytes, made);
      await project(database);
      return record;
    },
    spoolLength: async (record: JournalRecord<InstanceAcknowledged>) =>
      files.size(path.join(place('spool'), record.entry.spool.spoolFile)),
    close: async () => {
      await journal.close();
      await keys.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function addHospital(database: Database, createdAt: Date): Promise<void> {
  const known = await database.select({ id: hospital.id }).from(hospital).where(eq(hospital.id, 'h1'));
  if (known.length === 0) await database.insert(hospital).values({ id: 'h1', code: 'h1', name: '第一医院', createdAt });
}

function uid(text: string) {
  const parsed = parseDicomUid(text);
  if (parsed === undefined) throw new Error(`no UID: ${text}`);
  return parsed;
}
