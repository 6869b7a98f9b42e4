import type { DicomUid } from '@yingyun/shared/domain/dicom-uid';
import { afterEach, expect, it, vi } from 'vitest';
import { countInstances } from '../../adapters/database/instance-counts';
import { createOutbox } from '../../adapters/outbox/outbox';
import type { JournalEntry, ObjectStored } from '../../ports/journal';
import { hospital, instance, journalPosition, outbox as outboxTable, storedObject } from '../../ports/schema';
import { createHandClock, createMemoryLog, createSeededRandom } from '../../testing/fakes';
import { describeEachDatabase } from '../../testing/for-each-database';
import { createMemoryJournal } from '../../testing/memory-archive';
import { type JournalReader, startJournalReader } from './read-journal';

const uid = (text: string) => text as DicomUid; // test data that is a UID
const seal = { keyId: 'k', cipherLength: 100, plainLength: 60, commitment: 'c'.repeat(64), plainSm3: 'd'.repeat(64) };

const acknowledged = (n: number, sopInstanceUid = `1.2.3.${n}`): JournalEntry => ({
  kind: 'instance-acknowledged',
  tenantId: 'h1',
  callingAeTitle: 'PACS',
  sopClassUid: uid('1.2.840.10008.5.1.4.1.1.2'),
  sopInstanceUid: uid(sopInstanceUid),
  studyInstanceUid: uid('1.2.3'),
  seriesInstanceUid: uid('1.2.4'),
  transferSyntaxUid: uid('1.2.840.10008.1.2.1'),
  receivedSm3: 'a'.repeat(64),
  receivedAt: '2026-03-01T00:00:00.000Z',
  spool: { ...seal, spoolFile: `h1/${n}` },
});
const message: JournalEntry = {
  kind: 'message-acknowledged',
  tenantId: 'h1',
  sender: 'RIS|H',
  messageType: 'ORU^R01',
  receivedAt: '2026-03-01T00:00:00.000Z',
  spool: { ...seal, spoolFile: 'h1/m' },
};
const stored = (acknowledgedSequence: number, more: Partial<ObjectStored> = {}): ObjectStored => ({
  kind: 'object-stored',
  tenantId: 'h1',
  acknowledgedSequence,
  studyInstanceUid: uid('1.2.3'),
  sopInstanceUid: uid(`1.2.3.${acknowledgedSequence}`),
  objectKey: `object-${acknowledgedSequence}`,
  objectClass: 'dicom',
  generation: 1,
  seal,
  ...more,
});
const released = (acknowledgedSequence: number): JournalEntry => ({ kind: 'spool-released', acknowledgedSequence });

describeEachDatabase('the journal reader', (open) => {
  const readers: JournalReader[] = [];
  afterEach(async () => {
    for (const reader of readers.splice(0)) await reader.stop();
  });

  async function setUp() {
    const { database } = await open();
    const clock = createHandClock();
    const random = createSeededRandom();
    const log = createMemoryLog();
    const outbox = createOutbox({ clock, random });
    const journal = createMemoryJournal();
    await database.insert(hospital).values({ id: 'h1', code: 'demo', name: '示例医院', createdAt: clock.now() });
    const append = async (...entries: JournalEntry[]) => {
      for (const entry of entries) await journal.append(entry);
    };
    const start = () => {
      const reader = startJournalReader({ database, journal, outbox, random, clock, log });
      readers.push(reader);
      return reader;
    };
    const events = async () =>
      (await database.select().from(outboxTable))
        .map((row) => (row.kind === 'object-created' ? row.kind : row.dedupeKey))
        .sort();
    const states = async () =>
      Object.fromEntries((await database.select().from(instance)).map((row) => [row.journalSequence, row.state]));
    /** What the pipeline would have done with an acknowledged instance by the time its object is stored. */
    const pretendIndexed = () => database.update(instance).set({ state: 'stored', viewSealed: new Uint8Array(1) });
    return { database, clock, outbox, journal, append, start, events, states, log, pretendIndexed };
  }

  it('makes an instance row and an event of each acknowledgement', async () => {
    const { database, append, start, events, states } = await setUp();
    await append(acknowledged(1), message, acknowledged(3));
    await start().caughtUp();
    expect(await states()).toEqual({ 1: 'acknowledged', 3: 'acknowledged' });
    expect(await events()).toEqual(['instance-acknowledged:1', 'instance-acknowledged:3', 'message-acknowledged:2']);
    const [row] = await database.select().from(instance);
    expect(row).toMatchObject({
      hospitalId: 'h1',
      studyId: null,
      viewSealed: null,
      receivedAt: new Date('2026-03-01T00:00:00.000Z'),
    });
    expect(await database.select().from(journalPosition)).toEqual([{ id: 'gateway', sequence: 3 }]);
    expect(await countInstances(database)).toMatchObject({ acknowledged: 2, verified: 0, packed: 0 });
  });

  it('reads on where the last process stopped, without doing anything twice', async () => {
    const { append, start, events, database } = await setUp();
    await append(acknowledged(1));
    const first = start();
    await first.caughtUp();
    await first.stop();
    await database.delete(outboxTable);
    await append(acknowledged(2));
    await start().caughtUp();
    expect(await events()).toEqual(['instance-acknowledged:2']);
    expect(await database.select().from(instance)).toHaveLength(2);
  });

  it('wakes on demand and gathers what comes in a burst', async () => {
    const { append, start, states, journal, outbox } = await setUp();
    let woken = 0;
    outbox.onWake(() => woken++);
    const reader = start();
    await reader.caughtUp();
    const before = journal.reads;
    for (let n = 1; n <= 100; n++) {
      await append(acknowledged(n));
      reader.wake();
    }
    await vi.waitFor(async () => expect(Object.keys(await states())).toHaveLength(100));
    expect(journal.reads - before).toBeLessThanOrEqual(3);
    expect(woken).toBeGreaterThan(0);
  });

  it('reads thousands of records in batches', async () => {
    const { append, start, database } = await setUp();
    for (let n = 1; n <= 2000; n++) await append(acknowledged(n));
    const from = performance.now();
    await start().caughtUp();
    expect(2000 / ((performance.now() - from) / 1000)).toBeGreaterThan(500); // five times what the gateway acknowledges
    expect((await countInstances(database)).acknowledged).toBe(2000);
  });

  it('marks what the pipeline stored as verified, and adds no event', async () => {
    const { database, append, start, events, states, pretendIndexed, clock } = await setUp();
    await append(acknowledged(1));
    const reader = start();
    await reader.caughtUp();
    await pretendIndexed();
    const [row] = await database.select().from(instance);
    await database.insert(storedObject).values({
      ...seal,
      id: 'o1',
      hospitalId: 'h1',
      instanceId: row?.id ?? null,
      objectKey: 'object-1',
      objectClass: 'dicom',
      generation: 1,
      createdAt: clock.now(),
    });
    await append(stored(1), released(1));
    await reader.caughtUp();
    expect(await states()).toEqual({ 1: 'verified' });
    expect((await database.select().from(storedObject)).map((one) => [one.id, one.verifiedAt])).toEqual([
      ['o1', clock.now()],
    ]);
    expect(await events()).toEqual(['instance-acknowledged:1']);
  });

  it('never takes an instance back from conflict or quarantine', async () => {
    const { database, append, start, states } = await setUp();
    await append(acknowledged(1));
    const reader = start();
    await reader.caughtUp();
    await database.update(instance).set({ state: 'conflict' });
    await append(stored(1), released(1));
    await reader.caughtUp();
    expect(await states()).toEqual({ 1: 'conflict' });
  });

  it.each([
    ['at once', (entries: JournalEntry[]) => [entries]],
    ['record by record', (entries: JournalEntry[]) => entries.map((entry) => [entry])],
  ])('rebuilds a lost database from the whole journal, read %s', async (_how, split) => {
    const { database, append, start, events, states, log } = await setUp();
    const history = [
      acknowledged(1),
      acknowledged(2),
      stored(1),
      released(1),
      acknowledged(5, '1.2.3.1'), // a true duplicate of 1: released without an object of its own
      released(5),
      acknowledged(7), // released and never stored: must not happen, and must not go unseen
      released(7),
      message,
      { kind: 'message-stored', tenantId: 'h1', acknowledgedSequence: 9, objectKey: 'message-9', seal },
      released(9),
      { kind: 'message-stored', tenantId: 'h1', acknowledgedSequence: 9, objectKey: 'waste-of-a-crash', seal },
    ] satisfies JournalEntry[];
    const reader = start();
    for (const part of split(history)) {
      await append(...part);
      await reader.caughtUp();
    }
    expect(await states()).toEqual({ 1: 'verified', 2: 'acknowledged', 7: 'quarantined' });
    const objects = await database.select().from(storedObject);
    expect(objects.map((one) => [one.objectKey, one.keyId, one.cipherLength, one.instanceId !== null]).sort()).toEqual([
      ['message-9', 'k', 100, false],
      ['object-1', 'k', 100, true],
    ]);
    expect(objects.every((one) => one.verifiedAt !== null)).toBe(true);
    expect(objects.find((one) => one.objectKey === 'message-9')).toMatchObject({
      objectClass: 'hl7',
      journalSequence: 9,
    });
    expect(await events()).toEqual(['instance-acknowledged:2', 'message-acknowledged:9', 'object-created']);
    expect(log.lines.filter((line) => line.level === 'error')).toHaveLength(1);
  });

  it('stops before a record of an unknown hospital, says so, and goes on when it is set up', async () => {
    const { database, clock, append, start, states, log } = await setUp();
    await append({ ...acknowledged(1), tenantId: 'h2' } as JournalEntry); // an acknowledgement with another tenant
    const reader = start();
    const caughtUp = reader.caughtUp();
    await vi.waitFor(() => expect(log.lines.map((line) => line.event)).toContain('journal-projection-failed'));
    expect(await states()).toEqual({});
    await database.insert(hospital).values({ id: 'h2', code: 'two', name: '二院', createdAt: clock.now() });
    await caughtUp;
    expect(await states()).toEqual({ 1: 'acknowledged' });
  });

  it('lets two readers share one journal', async () => {
    const { append, start, database } = await setUp();
    for (let n = 1; n <= 600; n++) await append(acknowledged(n));
    await Promise.all([start().caughtUp(), start().caughtUp()]);
    expect((await countInstances(database)).acknowledged).toBe(600);
  });
});
