import type { ReportManifest } from '@yingyun/shared/contract/film-manifest';
import { and, desc, eq, inArray } from 'drizzle-orm';
import { openReportTexts } from '../adapters/database/report-versions';
import { report, reportVersion } from '../ports/schema';
import type { ApiPorts } from './api-ports';

const allStatuses: readonly ReportManifest['status'][] = ['preliminary', 'approved', 'amended', 'withdrawn'];
/** What leaves the hospital: nothing that a doctor has not approved. */
export const publishedStatuses: readonly ReportManifest['status'][] = ['approved', 'amended'];

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
  const status = allStatuses.find((known) => known === version?.status);
  if (version === undefined || status === undefined || !statuses.includes(status)) return undefined;
  const texts = await openReportTexts(ports.fields, version);
  return {
    examItem: version.examItem,
    report: {
      status,
      version: version.version,
      ...texts,
      reportedAt: version.reportedAt.toISOString(),
      approvedAt: version.approvedAt?.toISOString() ?? '',
    },
  };
}
