import { type AnyColumn, and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Queryable, Transaction } from '../../ports/database';
import { instance, storedObject } from '../../ports/schema';

/** What archiving has found out about an instance. */
export type IndexedRow = Pick<
  typeof instance.$inferSelect,
  'id' | 'headerSm3' | 'pixelSm3' | 'instanceNumber' | 'frameCount' | 'viewSealed'
> & { readonly studyId: string; readonly seriesId: string };

/** The stored DICOM file of one arrival. */
export async function storedObjectOf(
  database: Queryable,
  instanceId: string,
  generation: number,
): Promise<string | undefined> {
  const [row] = await database
    .select({ id: storedObject.id })
    .from(storedObject)
    .where(
      and(
        eq(storedObject.instanceId, instanceId),
        eq(storedObject.objectClass, 'dicom'),
        eq(storedObject.generation, generation),
      ),
    );
  return row?.id;
}

/** First versions of one study become `stored` and current, in one statement whatever their number. */
export async function markInstancesStored(
  transaction: Transaction,
  rows: readonly IndexedRow[],
  updatedAt: Date,
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  await transaction
    .update(instance)
    .set({
      studyId: first.studyId,
      seriesId: perRow(rows, instance.seriesId, (row) => row.seriesId),
      state: 'stored',
      stateReason: '',
      headerSm3: perRow(rows, instance.headerSm3, (row) => row.headerSm3),
      pixelSm3: perRow(rows, instance.pixelSm3, (row) => row.pixelSm3),
      generation: 1,
      isCurrent: true,
      instanceNumber: perRow(rows, instance.instanceNumber, (row) => row.instanceNumber),
      frameCount: perRow(rows, instance.frameCount, (row) => row.frameCount),
      viewSealed: perRow(rows, instance.viewSealed, (row) => row.viewSealed),
      updatedAt,
    })
    .where(
      inArray(
        instance.id,
        rows.map((row) => row.id),
      ),
    );
}

/** `case "id" when … then … else <column> end`; the `else` is never reached, but gives the parameters the column's type. */
function perRow(
  rows: readonly IndexedRow[],
  column: AnyColumn,
  valueOf: (row: IndexedRow) => string | number | Uint8Array | null,
): SQL {
  const cases = rows.map((row) => sql`when ${sql.param(row.id, instance.id)} then ${sql.param(valueOf(row), column)}`);
  return sql`case ${instance.id} ${sql.join(cases, sql` `)} else ${column} end`;
}
