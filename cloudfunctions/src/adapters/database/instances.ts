import { and, eq, lt, ne, sql } from 'drizzle-orm';
import type { InstanceState } from '@yingyun/shared/domain/instance-state';
import type { InstanceIdentity } from '../../pipeline/index/index-instance';
import type { Queryable, Transaction } from '../../ports/database';
import type { Ports } from '../../ports/ports';
import { instance, series, storedObject, study } from '../../ports/schema';
import { insertOnce } from './insert-once';
import { correctPatient, ensurePatient, hasOtherName } from './patients';

/** One acknowledged arrival of a SOP instance, as far as duplicates, versions and states are decided by it. */
export type Arrival = Pick<
  typeof instance.$inferSelect,
  | 'id'
  | 'journalSequence'
  | 'state'
  | 'receivedSm3'
  | 'headerSm3'
  | 'pixelSm3'
  | 'generation'
  | 'isCurrent'
  | 'studyId'
  | 'seriesId'
>;

/** Every arrival of this SOP instance at the hospital, in no order. */
export async function arrivalsOf(database: Queryable, hospitalId: string, sopInstanceUid: string): Promise<Arrival[]> {
  return database
    .select({
      id: instance.id,
      journalSequence: instance.journalSequence,
      state: instance.state,
      receivedSm3: instance.receivedSm3,
      headerSm3: instance.headerSm3,
      pixelSm3: instance.pixelSm3,
      generation: instance.generation,
      isCurrent: instance.isCurrent,
      studyId: instance.studyId,
      seriesId: instance.seriesId,
    })
    .from(instance)
    .where(and(eq(instance.hospitalId, hospitalId), eq(instance.sopInstanceUid, sopInstanceUid)));
}

export async function updateInstance(
  database: Queryable,
  id: string,
  change: Partial<Omit<typeof instance.$inferSelect, 'id' | 'hospitalId' | 'state'>> & {
    readonly state?: InstanceState;
  },
): Promise<void> {
  await database.update(instance).set(change).where(eq(instance.id, id));
}

/** Older generations of the SOP instance are no longer what is shown. */
export async function retireOlder(
  database: Queryable,
  hospitalId: string,
  sopInstanceUid: string,
  newest: { readonly id: string; readonly generation: number },
): Promise<void> {
  await database
    .update(instance)
    .set({ isCurrent: false })
    .where(
      and(
        eq(instance.hospitalId, hospitalId),
        eq(instance.sopInstanceUid, sopInstanceUid),
        ne(instance.id, newest.id),
        lt(instance.generation, newest.generation),
      ),
    );
}

export async function insertStoredObject(database: Queryable, row: typeof storedObject.$inferInsert): Promise<void> {
  await database.insert(storedObject).values(row);
}

export type StoredObjectOfInstance = {
  readonly object: typeof storedObject.$inferSelect;
  readonly instance: typeof instance.$inferSelect;
};

export async function storedObjectById(database: Queryable, id: string): Promise<StoredObjectOfInstance | undefined> {
  const rows = await database
    .select({ object: storedObject, instance })
    .from(storedObject)
    .innerJoin(instance, eq(instance.id, storedObject.instanceId))
    .where(eq(storedObject.id, id));
  return rows[0];
}

export async function markObjectVerified(database: Queryable, id: string, verifiedAt: Date): Promise<void> {
  await database.update(storedObject).set({ verifiedAt }).where(eq(storedObject.id, id));
}

export interface StudyPlace {
  readonly studyId: string;
  readonly seriesId: string;
}

type PlacePorts = Pick<Ports, 'fields' | 'clock' | 'random' | 'log'>;

/**
 * Finds or makes patient, study and series of an instance, and locks the study's row until the transaction ends: arrivals of one study
 * are decided one after another.
 */
export async function placeInstance(
  ports: PlacePorts,
  transaction: Transaction,
  hospitalId: string,
  identity: InstanceIdentity,
  receivedAt: Date,
): Promise<StudyPlace> {
  const studyId =
    (await findStudy(transaction, hospitalId, identity)) ??
    (await makeStudy(ports, transaction, hospitalId, identity, receivedAt));
  const modality = identity.series.modality;
  const [locked] = await transaction
    .update(study)
    .set({ updatedAt: ports.clock.now() })
    .where(eq(study.id, studyId))
    .returning({ modalities: study.modalities });
  const known = (locked?.modalities ?? '').split('\\').filter((text) => text !== '');
  if (modality !== '' && !known.includes(modality)) {
    const modalities = [...known, modality].sort().join('\\');
    await transaction.update(study).set({ modalities }).where(eq(study.id, studyId));
  }
  return { studyId, seriesId: await ensureSeries(ports, transaction, hospitalId, studyId, identity) };
}

/** One more, or fewer, of the study's instances is what is shown. */
export async function countInstance(database: Queryable, studyId: string, by: 1 | -1): Promise<void> {
  await database
    .update(study)
    .set({ instanceCount: sql`${study.instanceCount} + ${sql.param(by, study.instanceCount)}` })
    .where(eq(study.id, studyId));
}

/** A corrected header (design D2c): study and patient say what the newest version says. */
export async function correctStudy(
  ports: PlacePorts,
  transaction: Transaction,
  hospitalId: string,
  studyId: string,
  identity: InstanceIdentity,
): Promise<void> {
  const owner = await ensurePatient(ports, transaction, hospitalId, identity.patient, identity.studyInstanceUid);
  if (!owner.isNew) await correctPatient(ports, transaction, hospitalId, owner.id, identity.patient);
  await transaction
    .update(study)
    .set({ ...identity.study, patientId: owner.id })
    .where(eq(study.id, studyId));
}

async function findStudy(
  transaction: Transaction,
  hospitalId: string,
  identity: InstanceIdentity,
): Promise<string | undefined> {
  const rows = await transaction
    .select({ id: study.id })
    .from(study)
    .where(and(eq(study.hospitalId, hospitalId), eq(study.studyInstanceUid, identity.studyInstanceUid)));
  return rows[0]?.id;
}

async function makeStudy(
  ports: PlacePorts,
  transaction: Transaction,
  hospitalId: string,
  identity: InstanceIdentity,
  receivedAt: Date,
): Promise<string> {
  const owner = await ensurePatient(ports, transaction, hospitalId, identity.patient, identity.studyInstanceUid);
  // The first name stays; a person must see that there is another.
  if (!owner.isNew && (await hasOtherName(ports, transaction, hospitalId, owner.id, identity.patient))) {
    ports.log.warn('patient-name-differs', { studyInstanceUid: identity.studyInstanceUid, patientRow: owner.id });
  }
  const row = {
    id: ports.random.uuid(),
    hospitalId,
    patientId: owner.id,
    studyInstanceUid: identity.studyInstanceUid,
    ...identity.study,
    modalities: identity.series.modality,
    receivedAt,
    updatedAt: ports.clock.now(),
  };
  const isMade = await insertOnce(transaction, (inner) => inner.insert(study).values(row));
  const id = isMade ? row.id : await findStudy(transaction, hospitalId, identity);
  if (id === undefined) throw new Error('the study row appears and disappears');
  return id;
}

async function ensureSeries(
  ports: PlacePorts,
  transaction: Transaction,
  hospitalId: string,
  studyId: string,
  identity: InstanceIdentity,
): Promise<string> {
  const { seriesInstanceUid } = identity;
  const known = () =>
    transaction
      .select({ id: series.id })
      .from(series)
      .where(and(eq(series.studyId, studyId), eq(series.seriesInstanceUid, seriesInstanceUid)));
  const [found] = await known();
  if (found !== undefined) return found.id;
  // The study's row is locked: no one else makes series of it.
  const row = { id: ports.random.uuid(), hospitalId, studyId, seriesInstanceUid, ...identity.series };
  await transaction.insert(series).values(row);
  return row.id;
}
