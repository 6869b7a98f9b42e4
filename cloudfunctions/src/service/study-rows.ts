import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm';
import type { SealedObjectRow } from '../pipeline/read-stored-object';
import type { Queryable } from '../ports/database';
import { instance, series, storedObject } from '../ports/schema';

export type SeriesRow = typeof series.$inferSelect;

/** A current instance whose object is stored and verified. */
export interface InstanceRow {
  readonly seriesId: string;
  readonly sopInstanceUid: string;
  readonly viewJson: string;
  readonly object: SealedObjectRow;
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
  const rows = await database
    .select({
      seriesId: instance.seriesId,
      sopInstanceUid: instance.sopInstanceUid,
      viewJson: instance.viewJson,
      hospitalId: storedObject.hospitalId,
      objectKey: storedObject.objectKey,
      objectClass: storedObject.objectClass,
      generation: storedObject.generation,
      keyId: storedObject.keyId,
      cipherLength: storedObject.cipherLength,
      plainLength: storedObject.plainLength,
      commitment: storedObject.commitment,
    })
    .from(instance)
    .innerJoin(storedObject, eq(storedObject.instanceId, instance.id))
    .where(
      and(
        eq(instance.hospitalId, hospitalId),
        inArray(instance.seriesId, [...seriesIds]),
        eq(instance.isCurrent, true),
        inArray(instance.state, ['verified', 'packed']),
        eq(storedObject.objectClass, 'dicom'),
        eq(storedObject.generation, instance.generation),
        isNotNull(storedObject.verifiedAt),
      ),
    )
    .orderBy(asc(instance.sopInstanceUid));
  for (const { seriesId, sopInstanceUid, viewJson, ...object } of rows) {
    if (seriesId === null) continue;
    const list = found.get(seriesId) ?? [];
    list.push({ seriesId, sopInstanceUid, viewJson, object });
    found.set(seriesId, list);
  }
  return found;
}
