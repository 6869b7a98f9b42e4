import { and, desc, eq, inArray, isNull } from 'drizzle-orm';
import type { Queryable } from '../../ports/database';
import { film, share, study } from '../../ports/schema';
import { filmsOfPerson } from './patient-films';
import { endSessionsOf } from './sessions';

const byPerson = (personId: string) => and(eq(share.createdByKind, 'person'), eq(share.createdById, personId));

/** Every share the person made, newest first, with what it is of. */
export async function sharesOfPerson(database: Queryable, personId: string, limit: number) {
  return database
    .select({ share, studyId: study.id, descriptionSealed: study.descriptionSealed, studyAt: study.studyAt })
    .from(share)
    .innerJoin(film, eq(film.id, share.filmId))
    .innerJoin(study, eq(study.id, film.studyId))
    .where(byPerson(personId))
    .orderBy(desc(share.createdAt), desc(share.id))
    .limit(limit);
}

/** Revokes one of the person's own shares, with the sessions opened through it; undefined where they have no such share. */
export async function revokeShareOfPerson(
  database: Queryable,
  personId: string,
  shareId: string,
  now: Date,
): Promise<{ readonly hospitalId: string } | undefined> {
  const [known] = await database
    .select({ hospitalId: share.hospitalId })
    .from(share)
    .where(and(eq(share.id, shareId), byPerson(personId)));
  if (known !== undefined) await endShares(database, [shareId], now);
  return known;
}

/** Ends the person's shares of films that none of their links shows them any more. */
export async function endSharesOutOfSight(database: Queryable, personId: string, now: Date): Promise<void> {
  const shares = await database
    .select({ id: share.id, filmId: share.filmId })
    .from(share)
    .where(and(byPerson(personId), isNull(share.revokedAt)));
  if (shares.length === 0) return;
  const where = inArray(
    film.id,
    shares.map((one) => one.filmId),
  );
  const seen = await filmsOfPerson(database, personId, now, { where, limit: shares.length });
  const gone = shares.filter((one) => !seen.some((row) => row.filmId === one.filmId));
  await endShares(
    database,
    gone.map((one) => one.id),
    now,
  );
}

/** Ends every share of a film that has been withdrawn, whoever made it. */
export async function endSharesOfFilm(database: Queryable, filmId: string, now: Date): Promise<void> {
  const shares = await database
    .select({ id: share.id })
    .from(share)
    .where(and(eq(share.filmId, filmId), isNull(share.revokedAt)));
  await endShares(
    database,
    shares.map((one) => one.id),
    now,
  );
}

async function endShares(database: Queryable, shareIds: readonly string[], now: Date): Promise<void> {
  if (shareIds.length === 0) return;
  await database
    .update(share)
    .set({ revokedAt: now })
    .where(and(inArray(share.id, [...shareIds]), isNull(share.revokedAt)));
  for (const shareId of shareIds) await endSessionsOf(database, shareId, now);
}
