import { and, eq } from 'drizzle-orm';
import type { Queryable, Transaction } from '../../ports/database';
import { markSheet } from '../../ports/schema';
import { insertOnce } from './insert-once';

/** Every series' marks of a study. */
export async function markSheetsOf(database: Queryable, hospitalId: string, studyId: string) {
  return database
    .select()
    .from(markSheet)
    .where(and(eq(markSheet.hospitalId, hospitalId), eq(markSheet.studyId, studyId)));
}

/** The row that holds a series' marks, for its id and version. */
export async function markSheetOf(
  database: Queryable,
  hospitalId: string,
  studyId: string,
  seriesInstanceUid: string,
): Promise<{ readonly id: string; readonly version: number } | undefined> {
  const [row] = await database
    .select({ id: markSheet.id, version: markSheet.version })
    .from(markSheet)
    .where(
      and(
        eq(markSheet.hospitalId, hospitalId),
        eq(markSheet.studyId, studyId),
        eq(markSheet.seriesInstanceUid, seriesInstanceUid),
      ),
    );
  return row;
}

/** Writes what stands upon version `from`; false where another has written meanwhile. */
export async function writeMarkSheet(
  transaction: Transaction,
  from: number,
  row: typeof markSheet.$inferInsert,
): Promise<boolean> {
  if (from === 0) return insertOnce(transaction, (inner) => inner.insert(markSheet).values(row));
  const written = await transaction
    .update(markSheet)
    .set({ version: row.version, marksSealed: row.marksSealed, changedBy: row.changedBy, changedAt: row.changedAt })
    .where(and(eq(markSheet.hospitalId, row.hospitalId), eq(markSheet.id, row.id), eq(markSheet.version, from)))
    .returning({ id: markSheet.id });
  return written.length > 0;
}
