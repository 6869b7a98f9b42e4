import type { ExamReports } from '@yingyun/shared/contract/exam-routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { and, desc, eq } from 'drizzle-orm';
import { report, reportVersion } from '../ports/schema';
import type { ApiPorts } from './api-ports';
import type { StaffCaller } from './caller';
import { findFilm } from './find-film';
import { requirePermission } from './permissions';
import { openedReport } from './report-of-study';

/** Every version of an exam's report, preliminary ones too, newest first. Problems: `forbidden`, `not-found`. */
export async function examReports(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'fields'>,
  caller: StaffCaller,
  input: { readonly filmId: string },
): Promise<ExamReports | Problem> {
  const object = { kind: 'film', id: input.filmId };
  const denied = await requirePermission(ports, caller, 'exam.read', object);
  if (denied !== undefined) return denied;
  const film = await findFilm(ports.database, caller.hospitalId, input.filmId);
  if (film === undefined) return problem('not-found');
  const rows = await ports.database
    .select({ version: reportVersion })
    .from(report)
    .innerJoin(reportVersion, eq(reportVersion.reportId, report.id))
    .where(and(eq(report.hospitalId, caller.hospitalId), eq(report.studyId, film.studyId)))
    .orderBy(desc(reportVersion.reportedAt), desc(reportVersion.version), desc(reportVersion.id));
  const opened = await Promise.all(rows.map(({ version }) => openedReport(ports.fields, version)));
  await ports.audit.record(ports.database, {
    hospitalId: caller.hospitalId,
    actor: { kind: 'staff', id: caller.staffId },
    action: 'exam-reports',
    object,
    outcome: 'ok',
    requestId: caller.requestId,
  });
  return { versions: opened.filter((one) => one !== undefined) };
}
