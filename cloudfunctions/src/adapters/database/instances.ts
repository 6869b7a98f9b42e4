import type { InstanceState } from '@yingyun/shared/domain/instance-state';
import { and, eq, inArray, lt, ne, sql } from 'drizzle-orm';
import type { InstanceIdentity } from '../../pipeline/index/index-instance';
import type { Queryable, Transaction } from '../../ports/database';
import type { Ports } from '../../ports/ports';
import { instance, series, storedObject, study } from '../../ports/schema';
import { insertOnce } from './insert-once';
import { correctPatient, ensurePatient, hasOtherName } from './patients';
import { sealSeriesTexts, sealStudyTexts } from './study-texts';

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

/** A SOP instance of a hospital. */
export interface InstanceName {
  readonly hospitalId: string;
  readonly sopInstanceUid: string;
}

/** Every arrival of this SOP instance at the hospital, in no order. */
export async function arrivalsOf(database: Queryable, hospitalId: string, sopInstanceUid: string): Promise<Arrival[]> {
  const [arrivals = []] = await arrivalsOfEach(database, [{ hospitalId, sopInstanceUid }]);
  return arrivals;
}

/** `arrivalsOf` for many, in their order, in one round trip. */
export async function arrivalsOfEach(database: Queryable, names: readonly InstanceName[]): Promise<Arrival[][]> {
  const rows = await database
    .select({
      hospitalId: instance.hospitalId,
      sopInstanceUid: instance.sopInstanceUid,
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
    .where(
      and(
        inArray(instance.hospitalId, [...new Set(names.map((name) => name.hospitalId))]),
        inArray(instance.sopInstanceUid, [...new Set(names.map((name) => name.sopInstanceUid))]),
      ),
    );
  return names.map((name) =>
    rows.filter((row) => row.hospitalId === name.hospitalId && row.sopInstanceUid === name.sopInstanceUid),
  );
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

export interface StoredObjectOfInstance {
  readonly object: typeof storedObject.$inferSelect;
  readonly instance: Pick<
    typeof instance.$inferSelect,
    'id' | 'studyId' | 'studyInstanceUid' | 'sopInstanceUid' | 'journalSequence' | 'receivedAt'
  > & {
    /** The header was indexed and the frames described (`view_sealed`). */
    readonly hasView: boolean;
  };
}

/** The stored objects with these ids and their instances, in the order of the ids, in one round trip. */
export async function storedObjectsByIds(
  database: Queryable,
  ids: readonly string[],
): Promise<(StoredObjectOfInstance | undefined)[]> {
  const rows = await database
    .select({
      object: storedObject,
      instance: {
        id: instance.id,
        studyId: instance.studyId,
        studyInstanceUid: instance.studyInstanceUid,
        sopInstanceUid: instance.sopInstanceUid,
        journalSequence: instance.journalSequence,
        receivedAt: instance.receivedAt,
        hasView: sql<boolean>`${instance.viewSealed} is not null`,
      },
    })
    .from(storedObject)
    .innerJoin(instance, eq(instance.id, storedObject.instanceId))
    .where(inArray(storedObject.id, [...ids]));
  const byId = new Map(rows.map((row) => [row.object.id, row]));
  return ids.map((id) => byId.get(id));
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

/** `by` more of the study's instances are what is shown. */
export async function countInstances(database: Queryable, studyId: string, by: number): Promise<void> {
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
    .set({ ...(await studyColumns(ports, { hospitalId, id: studyId }, identity)), patientId: owner.id })
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
  const name = { id: ports.random.uuid(), hospitalId };
  const row = {
    ...name,
    patientId: owner.id,
    studyInstanceUid: identity.studyInstanceUid,
    ...(await studyColumns(ports, name, identity)),
    modalities: identity.series.modality,
    receivedAt,
    updatedAt: ports.clock.now(),
  };
  const isMade = await insertOnce(transaction, (inner) => inner.insert(study).values(row));
  const id = isMade ? row.id : await findStudy(transaction, hospitalId, identity);
  if (id === undefined) throw new Error('the study row appears and disappears');
  return id;
}

/** What the header says of the study: codes and dates in clear, texts and numbers sealed. */
async function studyColumns(
  ports: PlacePorts,
  row: { readonly id: string; readonly hospitalId: string },
  { study: stated }: InstanceIdentity,
) {
  const { studyAt, bodyRegions, patientAge } = stated;
  return { ...(await sealStudyTexts(ports.fields, row, stated)), studyAt, bodyRegions, patientAge };
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
  const name = { id: ports.random.uuid(), hospitalId };
  const { modality, seriesNumber } = identity.series;
  const texts = await sealSeriesTexts(ports.fields, name, identity.series);
  await transaction.insert(series).values({ ...name, studyId, seriesInstanceUid, modality, seriesNumber, ...texts });
  return name.id;
}
