import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import type { Queryable, Transaction } from '../../ports/database';
import { hospital, instance, journalPosition, outbox, storedObject } from '../../ports/schema';

/** The rows that the journal's projection (pipeline/index/read-journal.ts) reads and writes. */

const positionId = 'gateway';

export interface KnownInstance {
  readonly id: string;
  readonly hospitalId: string;
  readonly journalSequence: number;
  readonly sopInstanceUid: string;
  readonly state: string;
  readonly studyId: string | null;
  /** The header was indexed and the frames described (`view_sealed`). */
  readonly hasView: boolean;
}

export type NewInstance = typeof instance.$inferInsert;
export type NewStoredObject = typeof storedObject.$inferInsert;

export interface KnownObject {
  readonly id: string;
  readonly hospitalId: string;
  readonly objectKey: string;
  readonly objectClass: string;
  readonly generation: number;
  readonly verifiedAt: Date | null;
}

/** How far the database has read the journal; the row stays locked to the transaction's end, so that there is one reader at a time. */
export async function lockJournalPosition(transaction: Transaction): Promise<number> {
  const [row] = await transaction
    .select()
    .from(journalPosition)
    .where(eq(journalPosition.id, positionId))
    .for('update');
  if (row !== undefined) return row.sequence;
  await transaction.insert(journalPosition).values({ id: positionId, sequence: 0 });
  return 0;
}

export async function setJournalPosition(transaction: Transaction, sequence: number): Promise<void> {
  await transaction.update(journalPosition).set({ sequence }).where(eq(journalPosition.id, positionId));
}

export async function hospitalIds(transaction: Transaction): Promise<string[]> {
  return (await transaction.select({ id: hospital.id }).from(hospital)).map((row) => row.id);
}

export async function instancesOfSequences(
  transaction: Transaction,
  hospitals: readonly string[],
  sequences: readonly number[],
): Promise<KnownInstance[]> {
  if (hospitals.length === 0 || sequences.length === 0) return [];
  return transaction
    .select(knownInstance)
    .from(instance)
    .where(and(inArray(instance.hospitalId, [...hospitals]), inArray(instance.journalSequence, [...sequences])));
}

/** The instances among these SOP instance UIDs that are safe in the object store. */
export async function storedInstancesOf(
  transaction: Transaction,
  hospitals: readonly string[],
  sopInstanceUids: readonly string[],
): Promise<KnownInstance[]> {
  return transaction
    .select(knownInstance)
    .from(instance)
    .where(
      and(
        inArray(instance.hospitalId, [...hospitals]),
        inArray(instance.sopInstanceUid, [...sopInstanceUids]),
        inArray(instance.state, ['stored', 'verified', 'packed']),
      ),
    );
}

const knownInstance = {
  id: instance.id,
  hospitalId: instance.hospitalId,
  journalSequence: instance.journalSequence,
  sopInstanceUid: instance.sopInstanceUid,
  state: instance.state,
  studyId: instance.studyId,
  hasView: sql<boolean>`${instance.viewSealed} is not null`,
};

export async function objectsOfKeys(
  transaction: Transaction,
  hospitals: readonly string[],
  objectKeys: readonly string[],
): Promise<KnownObject[]> {
  if (hospitals.length === 0 || objectKeys.length === 0) return [];
  return transaction
    .select({
      id: storedObject.id,
      hospitalId: storedObject.hospitalId,
      objectKey: storedObject.objectKey,
      objectClass: storedObject.objectClass,
      generation: storedObject.generation,
      verifiedAt: storedObject.verifiedAt,
    })
    .from(storedObject)
    .where(and(inArray(storedObject.hospitalId, [...hospitals]), inArray(storedObject.objectKey, [...objectKeys])));
}

export async function insertInstances(transaction: Transaction, rows: readonly NewInstance[]): Promise<void> {
  if (rows.length > 0) await transaction.insert(instance).values([...rows]);
}

export async function insertStoredObjects(transaction: Transaction, rows: readonly NewStoredObject[]): Promise<void> {
  if (rows.length > 0) await transaction.insert(storedObject).values([...rows]);
}

export async function markObjectsVerified(
  transaction: Transaction,
  ids: readonly string[],
  verifiedAt: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await transaction
    .update(storedObject)
    .set({ verifiedAt })
    .where(and(inArray(storedObject.id, [...ids]), isNull(storedObject.verifiedAt)));
}

/** Moves instances on to `verified` that are behind it; those that rest in `conflict` or `quarantined` stay there. */
export async function markInstancesVerified(
  transaction: Transaction,
  ids: readonly string[],
  updatedAt: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await transaction
    .update(instance)
    .set({ state: 'verified', updatedAt })
    .where(
      and(inArray(instance.id, [...ids]), inArray(instance.state, ['acknowledged', 'indexed', 'transcoded', 'stored'])),
    );
}

export async function quarantineInstances(
  transaction: Transaction,
  ids: readonly string[],
  stateReason: string,
  updatedAt: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await transaction
    .update(instance)
    .set({ state: 'quarantined', stateReason, updatedAt })
    .where(and(inArray(instance.id, [...ids]), eq(instance.state, 'acknowledged')));
}

export async function deleteInstances(transaction: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await transaction.delete(instance).where(inArray(instance.id, [...ids]));
}

/** Acknowledged messages whose event isn't done, and doesn't rest for a person. */
export async function waitingMessages(database: Queryable): Promise<number[]> {
  const rows = await database
    .select({ dedupeKey: outbox.dedupeKey })
    .from(outbox)
    .where(and(eq(outbox.kind, 'message-acknowledged'), ne(outbox.state, 'dead')));
  return rows.map(({ dedupeKey }) => Number(dedupeKey.slice(dedupeKey.indexOf(':') + 1)));
}

/** Takes back events whose work can't, or needn't, be done any more; one that is running is left to its handler. */
export async function withdrawEvents(transaction: Transaction, dedupeKeys: readonly string[]): Promise<void> {
  if (dedupeKeys.length === 0) return;
  await transaction.delete(outbox).where(and(inArray(outbox.dedupeKey, [...dedupeKeys]), ne(outbox.state, 'running')));
}
