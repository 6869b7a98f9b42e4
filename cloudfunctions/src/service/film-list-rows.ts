import type { FilmListItem } from '@yingyun/shared/contract/routes';
import { and, countDistinct, desc, eq, inArray, lt, or, type SQL } from 'drizzle-orm';
import { openExamItem } from '../adapters/database/report-versions';
import { accessionNumberIndexOf, openStudyText } from '../adapters/database/study-texts';
import type { Queryable } from '../ports/database';
import { film, patient, patientNameToken, report, reportVersion, study } from '../ports/schema';
import type { ApiPorts } from './api-ports';

/** Position after a row: lists go on behind it, whatever has been added in front. */
export interface PagePosition {
  readonly sortAt: Date;
  readonly id: string;
}

export type FilmRow = Awaited<ReturnType<typeof filmPage>>[number];

/** Films of a hospital behind `after`, newest first (keyset paging: the same cost on any page). */
export function filmPage(
  database: Queryable,
  hospitalId: string,
  where: SQL | undefined,
  after: PagePosition | undefined,
  limit: number,
) {
  const behind =
    after === undefined
      ? undefined
      : or(lt(film.sortAt, after.sortAt), and(eq(film.sortAt, after.sortAt), lt(film.id, after.id)));
  return database
    .select({
      filmId: film.id,
      hospitalId: film.hospitalId,
      state: film.state,
      sortAt: film.sortAt,
      studyId: study.id,
      patientId: patient.id,
      patientIdIndex: patient.patientIdIndex,
      patientIdSealed: patient.patientIdSealed,
      accessionNumberIndex: study.accessionNumberIndex,
      accessionNumberSealed: study.accessionNumberSealed,
      nameSealed: patient.nameSealed,
      sex: patient.sex,
      age: study.patientAge,
      descriptionSealed: study.descriptionSealed,
      modalities: study.modalities,
      bodyPartSealed: study.bodyPartSealed,
      studyUpdatedAt: study.updatedAt,
      studyAt: study.studyAt,
      instanceCount: study.instanceCount,
    })
    .from(film)
    .innerJoin(study, eq(study.id, film.studyId))
    .innerJoin(patient, eq(patient.id, study.patientId))
    .where(and(eq(film.hospitalId, hospitalId), where, behind))
    .orderBy(desc(film.sortAt), desc(film.id))
    .limit(limit);
}

export interface SearchFilter {
  readonly where: SQL;
  /** True where patient ID or accession number equal the query: such a row needs no look at the name. */
  isExact(row: Pick<FilmRow, 'patientIdIndex' | 'accessionNumberIndex'>): boolean;
}

/** Up to this many patients are named one by one, so that the database starts from them instead of walking all films. */
const maxNamedPatients = 500;

/** Rows that may match: exactly by patient ID or accession number, or by all of the query's name tokens. */
export async function searchFilter(
  ports: Pick<ApiPorts, 'database' | 'fields'>,
  hospitalId: string,
  query: string,
): Promise<SearchFilter> {
  const patientIdIndex = await ports.fields.blindIndex(hospitalId, 'patient-id', query);
  const tokens = [...new Set(await ports.fields.nameQueryTokens(hospitalId, query))];
  const accessionNumberIndex = await accessionNumberIndexOf(ports.fields, hospitalId, query);
  const byNumber = await ports.database
    .select({ id: patient.id })
    .from(patient)
    .where(and(eq(patient.hospitalId, hospitalId), eq(patient.patientIdIndex, patientIdIndex)));
  const byName =
    tokens.length === 0 ? [] : await patientsWithAll(ports.database, hospitalId, tokens).limit(maxNamedPatients + 1);
  const named = [...byNumber, ...byName].map((row) => row.id);
  const ofPatients =
    byName.length > maxNamedPatients
      ? or(
          inArray(study.patientId, patientsWithAll(ports.database, hospitalId, tokens)),
          inArray(study.patientId, named),
        )
      : inArray(study.patientId, named);
  const ofAccession = and(eq(study.hospitalId, hospitalId), eq(study.accessionNumberIndex, accessionNumberIndex));
  const where = named.length === 0 ? ofAccession : or(ofPatients, ofAccession);
  if (where === undefined) throw new Error('a filter has at least one condition');
  return {
    where,
    isExact: (row) => row.patientIdIndex === patientIdIndex || row.accessionNumberIndex === accessionNumberIndex,
  };
}

function patientsWithAll(database: Queryable, hospitalId: string, tokens: readonly string[]) {
  return database
    .select({ id: patientNameToken.patientId })
    .from(patientNameToken)
    .where(and(eq(patientNameToken.hospitalId, hospitalId), inArray(patientNameToken.token, [...tokens])))
    .groupBy(patientNameToken.patientId)
    .having(eq(countDistinct(patientNameToken.token), tokens.length));
}

/** What a list says of a study in words. */
export async function studyTextsOf(
  fields: ApiPorts['fields'],
  row: { readonly hospitalId: string; readonly studyId: string } & Pick<
    FilmRow,
    'descriptionSealed' | 'bodyPartSealed'
  >,
): Promise<{ readonly description: string; readonly bodyPart: string }> {
  const study = { hospitalId: row.hospitalId, id: row.studyId };
  const [description, bodyPart] = await Promise.all([
    openStudyText(fields, study, 'description', row.descriptionSealed),
    openStudyText(fields, study, 'bodyPart', row.bodyPartSealed),
  ]);
  return { description, bodyPart };
}

export function filmStateOf(state: string): FilmListItem['state'] {
  return state === 'published' || state === 'held' || state === 'withdrawn' ? state : 'waiting';
}

export interface ListedReport {
  readonly status: ReportStatus;
  readonly examItem: string;
  readonly updatedAt: Date;
}

type ReportStatus = Exclude<FilmListItem['reportStatus'], 'none'>;

/** The newest report of each study: its status, exam item and when it last changed. */
export async function reportStatuses(
  { database, fields }: Pick<ApiPorts, 'database' | 'fields'>,
  studyIds: readonly string[],
): Promise<Map<string, ListedReport>> {
  if (studyIds.length === 0) return new Map();
  const rows = await database
    .select({
      studyId: report.studyId,
      status: report.status,
      id: reportVersion.id,
      hospitalId: reportVersion.hospitalId,
      examItemSealed: reportVersion.examItemSealed,
      updatedAt: report.updatedAt,
    })
    .from(report)
    .innerJoin(reportVersion, and(eq(reportVersion.reportId, report.id), eq(reportVersion.version, report.version)))
    .where(inArray(report.studyId, [...studyIds]))
    .orderBy(report.updatedAt, report.id);
  const newest = new Map<string, (typeof rows)[number] & { status: ReportStatus }>();
  for (const row of rows) {
    const { studyId, status } = row;
    if (studyId === null) continue;
    if (status === 'preliminary' || status === 'approved' || status === 'amended' || status === 'withdrawn') {
      newest.set(studyId, { ...row, status });
    }
  }
  const opened = [...newest].map(async ([studyId, row]): Promise<[string, ListedReport]> => {
    return [studyId, { status: row.status, examItem: await openExamItem(fields, row), updatedAt: row.updatedAt }];
  });
  return new Map(await Promise.all(opened));
}
