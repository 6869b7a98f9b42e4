import { and, asc, eq, isNull, or, sql } from 'drizzle-orm';
import type { Queryable } from '../../ports/database';
import { hospital, patient, report, reportVersion, study } from '../../ports/schema';

export type ReportRow = typeof report.$inferSelect;
export type ReportVersionRow = typeof reportVersion.$inferSelect;

/** Why a report has no study (report.held_reason); '' where it has one. */
export type HeldReason = 'waiting-for-images' | 'patient-mismatch' | 'no-identifier' | 'study-uid-invalid';

/** A study as far as matching looks at it. */
export interface MatchableStudy {
  readonly id: string;
  readonly hospitalId: string;
  readonly studyInstanceUid: string;
  /** '' where it has none. */
  readonly accessionNumberIndex: string;
  /** Of the images' patient. */
  readonly patientIdIndex: string;
}

/**
 * Lets one transaction a hospital at a time file and attach reports: report rows have no key the database could guard. An update
 * that changes nothing locks the row without hindering rows that refer to it.
 */
export async function lockReports(transaction: Queryable, hospitalId: string): Promise<void> {
  await transaction
    .update(hospital)
    .set({ name: sql`${hospital.name}` })
    .where(eq(hospital.id, hospitalId));
}

export async function isMessageFiled(
  database: Queryable,
  hospitalId: string,
  journalSequence: number,
): Promise<boolean> {
  return (await reportsOfMessage(database, hospitalId, journalSequence)).length > 0;
}

/** The reports that got a version from this journal record. */
export async function reportsOfMessage(
  database: Queryable,
  hospitalId: string,
  journalSequence: number,
): Promise<ReportRow[]> {
  const rows = await database
    .select({ report })
    .from(reportVersion)
    .innerJoin(report, eq(report.id, reportVersion.reportId))
    .where(and(eq(reportVersion.hospitalId, hospitalId), eq(reportVersion.journalSequence, journalSequence)))
    .orderBy(asc(report.id));
  return rows.map((row) => row.report);
}

/** All rows of what the sender calls one report of one patient: one a study, and perhaps one that is held. */
export async function reportsOfFiller(
  database: Queryable,
  key: Pick<ReportRow, 'hospitalId' | 'fillerOrderNumberIndex' | 'patientIdIndex'>,
): Promise<ReportRow[]> {
  return database
    .select()
    .from(report)
    .where(
      and(
        eq(report.hospitalId, key.hospitalId),
        eq(report.fillerOrderNumberIndex, key.fillerOrderNumberIndex),
        eq(report.patientIdIndex, key.patientIdIndex),
      ),
    )
    .orderBy(asc(report.id));
}

/** Reports that are attached to this study, or that name it by UID or accession number and might be. */
export async function reportsNaming(database: Queryable, target: MatchableStudy): Promise<ReportRow[]> {
  const byStudy = or(
    eq(report.studyId, target.id),
    and(isNull(report.studyId), eq(report.studyInstanceUid, target.studyInstanceUid)),
    // a stated UID is decisive: only reports without one are matched by accession number
    target.accessionNumberIndex === ''
      ? undefined
      : and(eq(report.accessionNumberIndex, target.accessionNumberIndex), eq(report.studyInstanceUid, '')),
  );
  return database
    .select()
    .from(report)
    .where(and(eq(report.hospitalId, target.hospitalId), byStudy))
    .orderBy(asc(report.id));
}

/** Studies a report names: by Study Instance UID where it states one, else by accession number. Whatever their patient. */
export async function studiesNamedBy(
  database: Queryable,
  named: Pick<ReportRow, 'hospitalId' | 'studyInstanceUid' | 'accessionNumberIndex'>,
): Promise<MatchableStudy[]> {
  const condition =
    named.studyInstanceUid !== ''
      ? eq(study.studyInstanceUid, named.studyInstanceUid)
      : named.accessionNumberIndex !== ''
        ? eq(study.accessionNumberIndex, named.accessionNumberIndex)
        : undefined;
  if (condition === undefined) return [];
  return selectStudies(database)
    .where(and(eq(study.hospitalId, named.hospitalId), condition))
    .orderBy(asc(study.id));
}

export async function matchableStudy(database: Queryable, studyId: string): Promise<MatchableStudy | undefined> {
  return (await selectStudies(database).where(eq(study.id, studyId)))[0];
}

function selectStudies(database: Queryable) {
  return database
    .select({
      id: study.id,
      hospitalId: study.hospitalId,
      studyInstanceUid: study.studyInstanceUid,
      accessionNumberIndex: study.accessionNumberIndex,
      patientIdIndex: patient.patientIdIndex,
    })
    .from(study)
    .innerJoin(patient, eq(patient.id, study.patientId));
}

/** Oldest first. */
export async function versionsOfReport(database: Queryable, reportId: string): Promise<ReportVersionRow[]> {
  return database
    .select()
    .from(reportVersion)
    .where(eq(reportVersion.reportId, reportId))
    .orderBy(asc(reportVersion.version));
}

export async function insertReport(database: Queryable, fresh: ReportRow): Promise<void> {
  await database.insert(report).values(fresh);
}

export async function insertReportVersion(database: Queryable, fresh: ReportVersionRow): Promise<void> {
  await database.insert(reportVersion).values(fresh);
}

/** In two steps, because no two versions of a report may have one number at any moment. */
export async function renumberVersions(
  database: Queryable,
  moved: readonly Pick<ReportVersionRow, 'id' | 'version'>[],
): Promise<void> {
  for (const sign of [-1, 1]) {
    for (const { id, version } of moved) {
      await database
        .update(reportVersion)
        .set({ version: sign * version })
        .where(eq(reportVersion.id, id));
    }
  }
}

export async function updateReport(
  database: Queryable,
  reportId: string,
  change: Partial<Pick<ReportRow, 'studyId' | 'heldReason' | 'status' | 'version' | 'updatedAt'>>,
): Promise<void> {
  await database.update(report).set(change).where(eq(report.id, reportId));
}

/** Of each report attached to a study the version that counts: its status, and the message it came by. */
export async function currentVersionsOfStudy(
  database: Queryable,
  studyId: string,
): Promise<Pick<ReportVersionRow, 'status' | 'journalSequence'>[]> {
  return database
    .select({ status: reportVersion.status, journalSequence: reportVersion.journalSequence })
    .from(report)
    .innerJoin(reportVersion, and(eq(reportVersion.reportId, report.id), eq(reportVersion.version, report.version)))
    .where(eq(report.studyId, studyId))
    .orderBy(asc(report.id));
}
