import { and, eq } from 'drizzle-orm';
import type { Queryable } from '../ports/database';
import { film } from '../ports/schema';

/** A film of this hospital. Another hospital's film is as good as none. */
export async function findFilm(database: Queryable, hospitalId: string, filmId: string) {
  const rows = await database
    .select({ id: film.id, state: film.state, studyId: film.studyId, viewUntil: film.viewUntil })
    .from(film)
    .where(and(eq(film.hospitalId, hospitalId), eq(film.id, filmId)));
  return rows[0];
}
