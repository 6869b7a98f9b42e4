import { and, desc, eq, gt, isNull, lt, ne, or, type SQL } from 'drizzle-orm';
import type { Queryable } from '../../ports/database';
import { film, hospital, patient, patientLink, patientRecord, study } from '../../ports/schema';

/** Position behind a row of a list. */
interface Position {
  readonly sortAt: Date;
  readonly id: string;
}

export type PatientFilmRow = Awaited<ReturnType<typeof filmsOfPerson>>[number];

/**
 * Films that a person's links show them at `now`, newest first: published, within their viewing period, of a patient whose
 * record has the identity that a link was made with. The only place where it is decided whose film it is.
 */
export async function filmsOfPerson(
  database: Queryable,
  personId: string,
  now: Date,
  more: { readonly where?: SQL | undefined; readonly after?: Position | undefined; readonly limit: number },
) {
  const { after } = more;
  const behind =
    after === undefined
      ? undefined
      : or(lt(film.sortAt, after.sortAt), and(eq(film.sortAt, after.sortAt), lt(film.id, after.id)));
  return database
    .select({
      filmId: film.id,
      hospitalId: film.hospitalId,
      hospitalName: hospital.name,
      sortAt: film.sortAt,
      viewUntil: film.viewUntil,
      linkId: patientLink.id,
      studyId: study.id,
      patientId: patient.id,
      nameSealed: patient.nameSealed,
      descriptionSealed: study.descriptionSealed,
      bodyPartSealed: study.bodyPartSealed,
      modalities: study.modalities,
      studyAt: study.studyAt,
      instanceCount: study.instanceCount,
    })
    .from(film)
    .innerJoin(hospital, eq(hospital.id, film.hospitalId))
    .innerJoin(study, eq(study.id, film.studyId))
    .innerJoin(patient, eq(patient.id, study.patientId))
    .innerJoin(
      patientRecord,
      and(
        eq(patientRecord.hospitalId, patient.hospitalId),
        eq(patientRecord.patientIdIndex, patient.patientIdIndex),
        ne(patientRecord.identityIndex, ''),
      ),
    )
    .innerJoin(
      patientLink,
      and(
        eq(patientLink.hospitalId, patientRecord.hospitalId),
        eq(patientLink.identityIndex, patientRecord.identityIndex),
        eq(patientLink.personId, personId),
        isNull(patientLink.endedAt),
      ),
    )
    .where(and(eq(film.state, 'published'), or(isNull(film.viewUntil), gt(film.viewUntil, now)), more.where, behind))
    .orderBy(desc(film.sortAt), desc(film.id))
    .limit(more.limit);
}

/** The film, where one of the person's links shows it to them. */
export async function filmOfPerson(
  database: Queryable,
  personId: string,
  filmId: string,
  now: Date,
): Promise<PatientFilmRow | undefined> {
  const rows = await filmsOfPerson(database, personId, now, { where: eq(film.id, filmId), limit: 1 });
  return rows[0];
}

/** The films that the same link shows besides this one, newest first. */
export async function otherFilmsOfLink(
  database: Queryable,
  personId: string,
  row: Pick<PatientFilmRow, 'linkId' | 'filmId'>,
  now: Date,
  limit: number,
): Promise<PatientFilmRow[]> {
  const where = and(eq(patientLink.id, row.linkId), ne(film.id, row.filmId));
  return filmsOfPerson(database, personId, now, { where, limit });
}
