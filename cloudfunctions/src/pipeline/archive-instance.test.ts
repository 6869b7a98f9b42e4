import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openView } from '../adapters/database/instance-view';
import { openStudyText } from '../adapters/database/study-texts';
import { createInProcessTranscoder } from '../adapters/transcoder/in-process-transcoder';
import type { Database } from '../ports/database';
import { instance, patient, patientNameToken, series, storedObject, study } from '../ports/schema';
import type { Together } from '../ports/together';
import { type ArchiveWorld, addHospital, createArchiveWorld } from '../testing/archive-world';
import { describeEachDatabase } from '../testing/for-each-database';
import { madeInstance } from '../testing/made-instance';
import { archiveInstance } from './archive-instance';
import { readFrameBytes } from './read-stored-object';

describeEachDatabase('archiving and verifying an instance', (open) => {
  let database: Database;
  let world: ArchiveWorld;
  beforeEach(async () => {
    database = (await open()).database;
    world = await createArchiveWorld(database, createInProcessTranscoder());
  });
  afterEach(() => world.close());

  const rows = async () =>
    (await database.select().from(instance)).sort((a, b) => a.journalSequence - b.journalSequence);
  const objectCount = () =>
    readdirSync(path.join(world.folder, 'objects'), { recursive: true }).filter((name) =>
      String(name).endsWith('.cfe1'),
    ).length;
  const a = { sopInstanceUid: '1.2.3.4' };
  const descriptions = async (from: Database) =>
    Promise.all(
      (await from.select().from(study)).map((row) =>
        openStudyText(world.ports.fields, row, 'description', row.descriptionSealed),
      ),
    );
  const accessionNumbers = async (from: Database) =>
    Promise.all(
      (await from.select().from(study)).map((row) =>
        openStudyText(world.ports.fields, row, 'accessionNumber', row.accessionNumberSealed),
      ),
    );
  /** A row without what a rebuild makes anew, its view opened. */
  const comparable = async (row: typeof instance.$inferSelect) => ({
    ...row,
    viewSealed: row.viewSealed === null ? null : await openView(world.ports.fields, row, row.viewSealed),
    id: '',
    studyId: '',
    seriesId: '',
    updatedAt: null,
  });

  it('leads from the spool to a verified object, rows and one event for the study', async () => {
    const record = await world.receive(a);
    const { outcomes, others } = await world.settle();
    expect(outcomes).toEqual([{ outcome: 'done' }]);
    const [row] = await rows();
    expect(row).toMatchObject({ state: 'verified', generation: 1, isCurrent: true, instanceNumber: 7, frameCount: 1 });
    const [studyRow] = await database.select().from(study);
    expect(others).toEqual([{ kind: 'study-changed', studyId: studyRow?.id }]);
    expect(studyRow).toMatchObject({
      studyInstanceUid: '1.2.3',
      accessionNumberIndex: await world.ports.fields.blindIndex('h1', 'accession-number', 'A1'),
      modalities: 'CT',
      instanceCount: 1,
      studyAt: '2026-03-01T08:30:00',
    });
    expect(await accessionNumbers(database)).toEqual(['A1']);
    expect(await descriptions(database)).toEqual(['胸部CT']);
    expect(await database.select().from(series)).toMatchObject([
      { seriesInstanceUid: '1.2.3.1', seriesNumber: 2, modality: 'CT' },
    ]);
    expect((await database.select().from(storedObject))[0]?.verifiedAt).not.toBeNull();
    expect(await world.spoolLength(record)).toBeUndefined();
    const kinds: string[] = [];
    for await (const { entry } of world.ports.journal.read(0)) kinds.push(entry.kind);
    expect(kinds).toEqual(['instance-acknowledged', 'object-stored', 'spool-released']);
  });

  it('seals who the patient is, and finds them by name tokens', async () => {
    await world.receive(a);
    await world.settle();
    const [row] = await database.select().from(patient);
    if (row === undefined) throw new Error('no patient');
    const place = (column: string) => ({ tenantId: 'h1', table: 'patient', column, rowId: row.id });
    expect(await world.ports.fields.open(place('name_sealed'), row.nameSealed)).toBe('Zhang^San=张^三');
    expect(await world.ports.fields.open(place('patient_id_sealed'), row.patientIdSealed)).toBe('P001');
    expect(await world.ports.fields.open(place('birth_date_sealed'), row.birthDateSealed)).toBe('1970-01-31');
    expect(row.patientIdIndex).toBe(await world.ports.fields.blindIndex('h1', 'patient-id', 'P001'));
    const tokens = (await database.select().from(patientNameToken)).map((token) => token.token);
    for (const query of ['张三', 'zhang']) {
      for (const token of await world.ports.fields.nameQueryTokens('h1', query)) expect(tokens).toContain(token);
    }
    // Nothing of it stands in clear anywhere in the data folder.
    for (const name of readdirSync(world.folder, { recursive: true })) {
      const file = path.join(world.folder, String(name));
      if (!statSync(file).isFile()) continue;
      const bytes = readFileSync(file);
      for (const canary of ['Zhang', '张', 'P001']) expect(bytes.includes(canary), `${canary} in ${name}`).toBe(false);
    }
  });

  it('serves the frame it stored, band by band', async () => {
    await world.receive({ ...a, side: 64 });
    await world.settle();
    const [row] = await rows();
    const [object] = await database.select().from(storedObject);
    if (object === undefined) throw new Error('no object');
    if (!row?.viewSealed) throw new Error('not indexed');
    const view = await openView(world.ports.fields, row, row.viewSealed);
    const [frame = { offset: 0, bands: [0] }] = view.frames;
    expect(frame.bands).toHaveLength(4);
    const whole = await readFrameBytes(world.ports, object, frame.offset, frame.bands.at(-1) ?? 0);
    expect([...whole.subarray(0, 4)]).toEqual([0xff, 0x4f, 0xff, 0x51]);
    const coarse = await readFrameBytes(world.ports, object, frame.offset, frame.bands[0] ?? 0);
    expect(Buffer.compare(coarse, whole.subarray(0, frame.bands[0]))).toBe(0);
  });

  it('may run twice, and at the same time', async () => {
    const { sequence } = await world.receive(a);
    const both = await Promise.all([archiveInstance(world.ports, sequence), archiveInstance(world.ports, sequence)]);
    expect(both.filter((outcome) => outcome.outcome === 'done').length).toBeGreaterThan(0);
    expect(await archiveInstance(world.ports, sequence)).toEqual({ outcome: 'done' });
    await world.settle();
    expect(await database.select().from(storedObject)).toHaveLength(1);
    expect(objectCount()).toBe(1);
    expect((await database.select().from(study))[0]?.instanceCount).toBe(1);
  });

  it('takes the same bytes, or the same header and pixels in another form, for a duplicate: no new object, spool released', async () => {
    await world.receive(a);
    await world.settle();
    const same = await world.receive(a);
    const implicitly = await world.receive(a, withPreambleNoise(madeInstance(a)));
    await world.settle();
    expect((await rows()).map((row) => [row.state, row.isCurrent])).toEqual([
      ['verified', true],
      ['verified', false],
      ['verified', false],
    ]);
    expect(objectCount()).toBe(1);
    for (const record of [same, implicitly]) expect(await world.spoolLength(record)).toBeUndefined();
    expect((await database.select().from(study))[0]?.instanceCount).toBe(1);
  });

  it('takes a corrected header for the next generation, which takes over when it is verified', async () => {
    await world.receive(a);
    await world.settle();
    await world.receive({ ...a, name: 'Li^Si=李^四', description: '头颅CT' });
    await world.settle();
    expect((await rows()).map((row) => [row.generation, row.isCurrent, row.state])).toEqual([
      [1, false, 'verified'],
      [2, true, 'verified'],
    ]);
    expect((await database.select().from(storedObject)).map((row) => row.generation).sort()).toEqual([1, 2]);
    expect(await database.select().from(study)).toMatchObject([{ instanceCount: 1 }]);
    expect(await descriptions(database)).toEqual(['头颅CT']);
    const [row] = await database.select().from(patient);
    const place = { tenantId: 'h1', table: 'patient', column: 'name_sealed', rowId: row?.id ?? '' };
    expect(await world.ports.fields.open(place, row?.nameSealed ?? new Uint8Array(0))).toBe('Li^Si=李^四');
  });

  it('keeps other pixels under the same UID as a conflict, and overwrites nothing', async () => {
    await world.receive(a);
    await world.settle();
    const before = await database.select().from(storedObject);
    const other = await world.receive({ ...a, seed: 2 });
    await world.settle();
    expect((await rows()).map((row) => [row.state, row.isCurrent])).toEqual([
      ['verified', true],
      ['conflict', false],
    ]);
    expect(await database.select().from(storedObject)).toEqual(before);
    expect(await world.spoolLength(other)).toBeGreaterThan(0);
  });

  it('quarantines what can not be read, with a code and without a word of the patient, and keeps its spool file', async () => {
    const cut = madeInstance(a).subarray(0, 900);
    const record = await world.receive(a, cut);
    const { outcomes } = await world.settle();
    expect(outcomes).toEqual([{ outcome: 'done' }]);
    expect(await rows()).toMatchObject([{ state: 'quarantined', isCurrent: false }]);
    expect((await rows())[0]?.stateReason).toMatch(/^dicom-malformed/);
    expect(JSON.stringify(world.ports.log.lines)).not.toMatch(/Zhang|张|P001/);
    expect(await world.spoolLength(record)).toBeGreaterThan(0);
  });

  it('notices an object that is not read back as it was sealed: no row, no release, and another try', async () => {
    const record = await world.receive(a);
    const objects = { ...world.ports.objects, get: async (key: string) => damaged(await world.ports.objects.get(key)) };
    expect(await archiveInstance({ ...world.ports, objects }, record.sequence)).toEqual({
      outcome: 'retry',
      reason: 'sealed-object-invalid',
    });
    expect(await rows()).toMatchObject([{ state: 'acknowledged' }]);
    expect(objectCount()).toBe(0);
    expect(await world.spoolLength(record)).toBeGreaterThan(0);
    await world.settle();
    expect(await rows()).toMatchObject([{ state: 'verified' }]);
  });

  it('goes on where a run ended between its rows and the journal, and checks the object again', async () => {
    const record = await world.receive(a);
    const append = async () => {
      throw new ProblemError(problem('storage-unavailable'));
    };
    const journal = { ...world.ports.journal, append };
    expect(await archiveInstance({ ...world.ports, journal }, record.sequence)).toMatchObject({ outcome: 'retry' });
    expect(await rows()).toMatchObject([{ state: 'stored' }]);
    const [object] = await database.select().from(storedObject);
    const key = object?.objectKey ?? '';
    const sealed = await world.ports.objects.get(key);
    await world.ports.objects.put(key, damaged(sealed));
    expect(await archiveInstance(world.ports, record.sequence)).toMatchObject({ reason: 'sealed-object-invalid' });
    expect(await world.spoolLength(record)).toBeGreaterThan(0);
    await world.ports.objects.put(key, sealed);
    const { others } = await world.settle();
    expect(others.map((event) => event.kind)).toEqual(['study-changed']);
    expect(await rows()).toMatchObject([{ state: 'verified' }]);
    expect(await world.spoolLength(record)).toBeUndefined();
  });

  it('puts many instances of one study, sent at once, into one study', async () => {
    const records = [];
    for (let i = 0; i < 12; i++) {
      records.push(
        await world.receive({
          sopInstanceUid: `1.2.3.${i + 10}`,
          seriesInstanceUid: `1.2.3.${i % 3}`,
          seed: i,
          modality: i % 4 === 0 ? 'SR' : 'CT',
        }),
      );
    }
    const outcomes = await Promise.all(records.map((record) => archiveInstance(world.ports, record.sequence)));
    expect(outcomes.every((outcome) => outcome.outcome === 'done')).toBe(true);
    await world.settle();
    expect(await database.select().from(study)).toMatchObject([{ instanceCount: 12, modalities: 'CT\\SR' }]);
    expect(await database.select().from(series)).toHaveLength(3);
    expect(await database.select().from(patient)).toHaveLength(1);
  });

  it('decides twins, corrections and other pixels rightly where they are recorded together', async () => {
    const sent = [
      { sopInstanceUid: '1.2.3.50', seed: 9 },
      ...[10, 11, 12].map((n) => ({ sopInstanceUid: `1.2.3.${n}`, seed: n })),
      { ...a, seed: 1 },
      { ...a, seed: 1 },
      { ...a, seed: 2 },
    ];
    for (const made of sent) await world.receive(made);
    const records = await rows();
    await Promise.all(records.map(({ journalSequence }) => archiveInstance(world.ports, journalSequence)));
    for (let round = 0; round < 3; round++) {
      // what met another on the way is asked to come again
      for (const { journalSequence } of records) await archiveInstance(world.ports, journalSequence);
      await world.settle();
    }
    const states = (await rows()).filter((row) => row.sopInstanceUid === a.sopInstanceUid).map((row) => row.state);
    // Which of the three is first is chance: the others are its twin and its conflict, or both its conflicts.
    expect(states.filter((state) => state === 'conflict').length).toBeGreaterThanOrEqual(1);
    expect((await rows()).filter((row) => row.isCurrent && row.state === 'verified')).toHaveLength(5);
    expect(await database.select().from(study)).toMatchObject([{ instanceCount: 5 }]);
    expect(objectCount()).toBe(5);
  });

  it('keeps the objects of a shared transaction whose commit went unheard', async () => {
    const records = [];
    for (let n = 0; n < 4; n++) records.push(await world.receive({ sopInstanceUid: `1.2.3.${n + 10}`, seed: n }));
    // The worst that can happen to a shared transaction: it was committed, nobody heard of it, and it runs again.
    const run: Together['run'] = async (_name, input, work) => {
      await work([input]);
      const [output] = await work([input]);
      return output as Awaited<ReturnType<typeof work>>[number]; // one answer to one input
    };
    const ports = { ...world.ports, together: { run } };
    const outcomes = await Promise.all(records.map((record) => archiveInstance(ports, record.sequence)));
    expect(outcomes).toEqual(records.map(() => ({ outcome: 'done' })));
    await world.settle();
    expect((await rows()).map((row) => row.state)).toEqual(records.map(() => 'verified'));
    expect(objectCount()).toBe(4);
  });

  it('never lets strangers without a Patient ID share a row', async () => {
    await world.receive({ ...a, patientId: '' });
    await world.receive({
      sopInstanceUid: '1.9.1',
      studyInstanceUid: '1.9',
      seriesInstanceUid: '1.9.0',
      patientId: '',
      name: 'Wang^Wu',
    });
    await world.settle();
    expect(await database.select().from(patient)).toHaveLength(2);
  });

  it('says that one Patient ID came under two names, and keeps the first', async () => {
    await world.receive(a);
    await world.settle();
    await world.receive({
      sopInstanceUid: '1.9.1',
      studyInstanceUid: '1.9',
      seriesInstanceUid: '1.9.0',
      name: 'Wang^Wu=王^五',
    });
    await world.settle();
    expect(world.ports.log.lines).toContainEqual(expect.objectContaining({ event: 'patient-name-differs' }));
    expect(JSON.stringify(world.ports.log.lines)).not.toMatch(/Wang|王|Zhang/);
    const [row, ...others] = await database.select().from(patient);
    expect(others).toEqual([]);
    const place = { tenantId: 'h1', table: 'patient', column: 'name_sealed', rowId: row?.id ?? '' };
    expect(await world.ports.fields.open(place, row?.nameSealed ?? new Uint8Array(0))).toBe('Zhang^San=张^三');
  });

  it('fills a lost database from journal and stored objects', async () => {
    await world.receive(a);
    await world.settle();
    await world.receive({ ...a, description: '头颅CT' });
    await world.settle();
    const waiting = await world.acknowledge(madeInstance({ sopInstanceUid: '1.2.3.5' }), { sopInstanceUid: '1.2.3.5' });
    const before = await Promise.all((await rows()).map(comparable));
    const studyBefore = (await database.select().from(study))[0];

    const fresh = (await open()).database;
    await addHospital(fresh, world.ports.clock.now());
    const { outcomes } = await world.settle({ ...world.ports, database: fresh });
    expect(outcomes.every((outcome) => outcome.outcome === 'done')).toBe(true);
    const after = (await fresh.select().from(instance)).sort((x, y) => x.journalSequence - y.journalSequence);
    expect(await Promise.all(after.slice(0, 2).map(comparable))).toEqual(before);
    expect(after[2]).toMatchObject({ journalSequence: waiting.sequence, state: 'verified', isCurrent: true });
    expect(await fresh.select().from(study)).toMatchObject([
      { studyInstanceUid: studyBefore?.studyInstanceUid, instanceCount: 2 },
    ]);
    expect(await descriptions(fresh)).toEqual(['头颅CT']);
    expect(await fresh.select().from(patient)).toHaveLength(1);
    const [object] = await fresh.select().from(storedObject).where(eq(storedObject.generation, 2));
    expect(object?.verifiedAt).not.toBeNull();
  });
});

function damaged(sealed: Uint8Array): Uint8Array {
  const copy = new Uint8Array(sealed);
  copy[150] = (copy[150] ?? 0) ^ 1;
  return copy;
}

/** The same data set in other bytes: the preamble is no part of it. */
function withPreambleNoise(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy.fill(0x20, 0, 128);
  return copy;
}
