import { and, asc, eq, inArray, type SQL } from 'drizzle-orm';
import type { SealedObjectRow } from '../pipeline/read-stored-object';
import type { Queryable } from '../ports/database';
import { instance, series, storedObject } from '../ports/schema';

export type SeriesRow = typeof series.$inferSelect;

/** A current instance whose object is stored and verified. */
export interface InstanceRow {
  readonly id: string;
  readonly seriesId: string;
  readonly sopInstanceUid: string;
  readonly viewSealed: Uint8Array;
  readonly object: SealedObjectRow;
  /** What was derived from it for viewing. */
  readonly rendition: SealedObjectRow | undefined;
}

/** A study's series by number, those without one last. */
export async function seriesOfStudy(database: Queryable, hospitalId: string, studyId: string): Promise<SeriesRow[]> {
  const rows = await database
    .select()
    .from(series)
    .where(and(eq(series.hospitalId, hospitalId), eq(series.studyId, studyId)));
  const numberOf = (row: SeriesRow): number => row.seriesNumber ?? Number.MAX_SAFE_INTEGER;
  return rows.sort((a, b) => numberOf(a) - numberOf(b) || (a.seriesInstanceUid < b.seriesInstanceUid ? -1 : 1));
}

/** What can be shown of these series, by series id: never an instance whose stored bytes have not been verified. */
export async function readyInstances(
  database: Queryable,
  hospitalId: string,
  seriesIds: readonly string[],
): Promise<Map<string, InstanceRow[]>> {
  const found = new Map<string, InstanceRow[]>();
  if (seriesIds.length === 0) return found;
  for (const one of await readyRows(database, hospitalId, inArray(instance.seriesId, [...seriesIds]))) {
    const list = found.get(one.seriesId) ?? [];
    list.push(one);
    found.set(one.seriesId, list);
  }
  return found;
}

/** One instance of a study, on the same conditions. */
export async function readyInstance(
  database: Queryable,
  hospitalId: string,
  studyId: string,
  sopInstanceUid: string,
): Promise<InstanceRow | undefined> {
  const isIt = and(eq(instance.studyId, studyId), eq(instance.sopInstanceUid, sopInstanceUid));
  return (await readyRows(database, hospitalId, isIt))[0];
}

async function readyRows(database: Queryable, hospitalId: string, which: SQL | undefined): Promise<InstanceRow[]> {
  const rows = await database
    .select({
      seriesId: instance.seriesId,
      sopInstanceUid: instance.sopInstanceUid,
      id: instance.id,
      viewSealed: instance.viewSealed,
      hospitalId: storedObject.hospitalId,
      objectKey: storedObject.objectKey,
      objectClass: storedObject.objectClass,
      generation: storedObject.generation,
      keyId: storedObject.keyId,
      cipherLength: storedObject.cipherLength,
      plainLength: storedObject.plainLength,
      commitment: storedObject.commitment,
      verifiedAt: storedObject.verifiedAt,
    })
    .from(instance)
    .innerJoin(storedObject, eq(storedObject.instanceId, instance.id))
    .where(
      and(
        eq(instance.hospitalId, hospitalId),
        which,
        eq(instance.isCurrent, true),
        inArray(instance.state, ['verified', 'packed']),
        inArray(storedObject.objectClass, ['dicom', 'rendition']),
        eq(storedObject.generation, instance.generation),
      ),
    )
    .orderBy(asc(instance.sopInstanceUid));
  // A rendition is never verified: each of its chunks is checked when it is read, and it can be derived again.
  const renditions = new Map(
    rows.filter((row) => row.objectClass === 'rendition').map((row) => [row.sopInstanceUid, row]),
  );
  return rows.flatMap(({ id, seriesId, sopInstanceUid, viewSealed, verifiedAt, ...object }) =>
    seriesId === null || viewSealed === null || verifiedAt === null || object.objectClass !== 'dicom'
      ? []
      : [{ id, seriesId, sopInstanceUid, viewSealed, object, rendition: renditions.get(sopInstanceUid) }],
  );
}
