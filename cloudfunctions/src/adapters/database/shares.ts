import { and, desc, eq, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Queryable } from '../../ports/database';
import { film, share } from '../../ports/schema';

export type ShareRow = typeof share.$inferSelect;

/** The share behind a link, whatever its state, with its film's state. */
export async function findShareByToken(database: Queryable, tokenIndex: string) {
  const rows = await database
    .select({ share, filmState: film.state, viewUntil: film.viewUntil })
    .from(share)
    .innerJoin(film, eq(film.id, share.filmId))
    .where(eq(share.tokenIndex, tokenIndex));
  return rows[0];
}

export async function insertShare(database: Queryable, fresh: typeof share.$inferInsert): Promise<void> {
  await database.insert(share).values(fresh);
}

/** A film's shares, newest first. */
export async function sharesOfFilm(database: Queryable, hospitalId: string, filmId: string): Promise<ShareRow[]> {
  return database
    .select()
    .from(share)
    .where(and(eq(share.hospitalId, hospitalId), eq(share.filmId, filmId)))
    .orderBy(desc(share.createdAt), desc(share.id));
}

/**
 * Counts one view, and only where one is left: of any number of openings at once, exactly `max_views` come through.
 * False where the share is used up, expired, revoked or locked at `now`.
 */
export async function countView(database: Queryable, shareId: string, now: Date): Promise<boolean> {
  const counted = await database
    .update(share)
    .set({ views: sql`${share.views} + 1`, lastViewedAt: now })
    .where(
      and(
        eq(share.id, shareId),
        lt(share.views, share.maxViews),
        isNull(share.revokedAt),
        gt(share.expiresAt, now),
        or(isNull(share.lockedUntil), lt(share.lockedUntil, now)),
      ),
    )
    .returning({ id: share.id });
  return counted.length === 1;
}

/** Counts one failure under the row's lock (see countStaffFailure); `next` gives what stands afterwards. Call it in a transaction. */
export async function countShareFailure(
  transaction: Queryable,
  shareId: string,
  next: (before: ShareRow) => Pick<ShareRow, 'failures' | 'lockedUntil' | 'revokedAt'>,
): Promise<Pick<ShareRow, 'failures' | 'lockedUntil' | 'revokedAt'> | undefined> {
  const [before] = await transaction
    .update(share)
    .set({ failures: sql`${share.failures} + 0` })
    .where(eq(share.id, shareId))
    .returning();
  if (before === undefined) return undefined;
  const after = next(before);
  await transaction.update(share).set(after).where(eq(share.id, shareId));
  return after;
}

/** Undefined where this hospital has no such share. A second revocation keeps the first one's time. */
export async function revokeShareRow(
  database: Queryable,
  hospitalId: string,
  shareId: string,
  now: Date,
): Promise<{ readonly filmId: string } | undefined> {
  const [known] = await database
    .select({ filmId: share.filmId })
    .from(share)
    .where(and(eq(share.hospitalId, hospitalId), eq(share.id, shareId)));
  if (known === undefined) return undefined;
  await database
    .update(share)
    .set({ revokedAt: now })
    .where(and(eq(share.id, shareId), isNull(share.revokedAt)));
  return known;
}

/** How many shares of each film can be opened at `now`. Films without one are missing. */
export async function activeShareCounts(
  database: Queryable,
  filmIds: readonly string[],
  now: Date,
  /** Only those that this person made. */
  personId?: string,
): Promise<Map<string, number>> {
  if (filmIds.length === 0) return new Map();
  const rows = await database
    .select({ filmId: share.filmId, count: sql<number>`count(*)` })
    .from(share)
    .where(
      and(
        inArray(share.filmId, [...filmIds]),
        personId === undefined ? undefined : and(eq(share.createdByKind, 'person'), eq(share.createdById, personId)),
        isNull(share.revokedAt),
        gt(share.expiresAt, now),
        lt(share.views, share.maxViews),
      ),
    )
    .groupBy(share.filmId);
  return new Map(rows.map((row) => [row.filmId, Number(row.count)])); // count(*) is int8: a string in pg, a number in PGlite
}
