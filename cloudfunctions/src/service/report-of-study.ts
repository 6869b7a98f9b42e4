import type { ReportManifest } from '@yingyun/shared/contract/film-manifest';
import { and, count, desc, eq, inArray } from 'drizzle-orm';
import { openExamItem, openReportTexts } from '../adapters/database/report-versions';
import type { Queryable } from '../ports/database';
import { report, reportVersion } from '../ports/schema';
import type { ApiPorts } from './api-ports';

const allStatuses: readonly ReportManifest['status'][] = ['preliminary', 'approved', 'amended', 'withdrawn'];
/** What leaves the hospital: nothing that a doctor has not approved. */
export const publishedStatuses: readonly ReportManifest['status'][] = ['approved', 'amended'];

/** Whether a doctor has approved a report of the study. */
export async function hasPublishedReport(database: Queryable, hospitalId: string, studyId: string): Promise<boolean> {
  const rows = await database
    .select({ id: report.id })
    .from(report)
    .where(
      and(
        eq(report.hospitalId, hospitalId),
        eq(report.studyId, studyId),
        inArray(report.status, [...publishedStatuses]),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** The study's newest report among those of `statuses`, opened; with its exam item. Undefined where there is none. */
export async function reportOfStudy(
  ports: Pick<ApiPorts, 'database' | 'fields'>,
  hospitalId: string,
  studyId: string,
  statuses: readonly ReportManifest['status'][] = allStatuses,
): Promise<{ readonly report: ReportManifest; readonly examItem: string } | undefined> {
  const rows = await ports.database
    .select({ version: reportVersion })
    .from(report)
    .innerJoin(reportVersion, and(eq(reportVersion.reportId, report.id), eq(reportVersion.version, report.version)))
    .where(and(eq(report.hospitalId, hospitalId), eq(report.studyId, studyId), inArray(report.status, [...statuses])))
    .orderBy(desc(report.updatedAt), desc(report.id));
  const version = rows[0]?.version;
  if (version === undefined) return undefined;
  const opened = await openedReport(ports.fields, version);
  return opened === undefined || !statuses.includes(opened.status)
    ? undefined
    : { examItem: await openExamItem(ports.fields, version), report: opened };
}

/** Versions of all the study's reports together. */
export async function countReportVersions(database: Queryable, hospitalId: string, studyId: string): Promise<number> {
  const rows = await database
    .select({ count: count() })
    .from(report)
    .innerJoin(reportVersion, eq(reportVersion.reportId, report.id))
    .where(and(eq(report.hospitalId, hospitalId), eq(report.studyId, studyId)));
  return Number(rows[0]?.count ?? 0); // int8: a string in pg, a number in PGlite
}

/** One version with its texts in clear. Undefined where its status is none that is shown. */
export async function openedReport(
  fields: ApiPorts['fields'],
  version: typeof reportVersion.$inferSelect,
): Promise<ReportManifest | undefined> {
  const status = allStatuses.find((known) => known === version.status);
  if (status === undefined) return undefined;
  const { findings, impression, reportingDoctor, approvingDoctor } = await openReportTexts(fields, version);
  return {
    status,
    version: version.version,
    findings,
    impression,
    reportingDoctor,
    approvingDoctor,
    reportedAt: version.reportedAt.toISOString(),
    approvedAt: version.approvedAt?.toISOString() ?? '',
  };
}
