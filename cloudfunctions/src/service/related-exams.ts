import type { RelatedExams } from '@yingyun/shared/contract/exam-routes';
import { isProblem, type Problem, problem } from '@yingyun/shared/domain/problem';
import { and, eq, ne } from 'drizzle-orm';
import { film, study } from '../ports/schema';
import type { ApiPorts } from './api-ports';
import type { StaffCaller } from './caller';
import { examItems } from './exam-items';
import { matchingFilms } from './matching-films';
import { requirePermission } from './permissions';

const mostRelated = 50;

/** The same patient's other exams in this hospital, newest first. Problems: `forbidden`, `not-found`. */
export async function relatedExams(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'fields'>,
  caller: StaffCaller,
  input: { readonly filmId: string },
): Promise<RelatedExams | Problem> {
  const object = { kind: 'film', id: input.filmId };
  const denied = await requirePermission(ports, caller, 'exam.read', object);
  if (denied !== undefined) return denied;
  const [row] = await ports.database
    .select({ patientId: study.patientId })
    .from(film)
    .innerJoin(study, eq(study.id, film.studyId))
    .where(and(eq(film.hospitalId, caller.hospitalId), eq(film.id, input.filmId)));
  if (row === undefined) return problem('not-found');
  const where = and(eq(study.patientId, row.patientId), ne(film.id, input.filmId));
  const found = await matchingFilms(ports, caller.hospitalId, { q: '', where, limit: mostRelated });
  if (isProblem(found)) return found;
  const exams = await examItems(ports, caller, found.shown);
  await ports.audit.record(ports.database, {
    hospitalId: caller.hospitalId,
    actor: { kind: 'staff', id: caller.staffId },
    action: 'exam-related',
    object,
    outcome: 'ok',
    requestId: caller.requestId,
  });
  return { exams };
}
