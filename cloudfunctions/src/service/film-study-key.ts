import { and, eq } from 'drizzle-orm';
import type { Queryable } from '../ports/database';
import { film, study } from '../ports/schema';
import type { StudyKey } from './study-layout';

/** The study behind a film of this hospital, with what its layout is remembered by. */
export async function filmStudyKey(
  database: Queryable,
  hospitalId: string,
  filmId: string,
): Promise<StudyKey | undefined> {
  const rows = await database
    .select({
      id: study.id,
      hospitalId: study.hospitalId,
      bodyPartSealed: study.bodyPartSealed,
      updatedAt: study.updatedAt,
    })
    .from(film)
    .innerJoin(study, eq(study.id, film.studyId))
    .where(and(eq(film.hospitalId, hospitalId), eq(film.id, filmId)));
  return rows[0];
}
