import { and, eq, inArray } from 'drizzle-orm';
import type { Database, Queryable } from '../../ports/database';
import { examOpening } from '../../ports/schema';
import { insertOnce } from './insert-once';

/** When this member of staff last opened which of these films. */
export async function openingsOf(
  database: Queryable,
  staffId: string,
  filmIds: readonly string[],
): Promise<Map<string, Date>> {
  if (filmIds.length === 0) return new Map();
  const rows = await database
    .select({ filmId: examOpening.filmId, openedAt: examOpening.openedAt })
    .from(examOpening)
    .where(and(eq(examOpening.staffId, staffId), inArray(examOpening.filmId, [...filmIds])));
  return new Map(rows.map((row) => [row.filmId, row.openedAt]));
}

/** Remembers that the film was opened now. May run twice. */
export async function recordOpening(database: Database, opening: typeof examOpening.$inferInsert): Promise<void> {
  const { staffId, filmId, openedAt } = opening;
  await database.transaction(async (transaction) => {
    const known = await transaction
      .update(examOpening)
      .set({ openedAt })
      .where(and(eq(examOpening.staffId, staffId), eq(examOpening.filmId, filmId)))
      .returning({ id: examOpening.id });
    if (known.length === 0) await insertOnce(transaction, (inner) => inner.insert(examOpening).values(opening));
  });
}
