import { createHash } from 'node:crypto';
import type { ExamList } from '@yingyun/shared/contract/exam-routes';
import { isProblem, type Problem } from '@yingyun/shared/domain/problem';
import type { ApiPorts } from './api-ports';
import type { StaffCaller } from './caller';
import { type ExamFilters, examFilter } from './exam-filter';
import { examItems } from './exam-items';
import { matchingFilms } from './matching-films';
import { requirePermission } from './permissions';

/**
 * Exams of the caller's hospital, whatever their state, newest first, a page at a time; people in full. `q` is a name (Han, pinyin,
 * initials), a patient ID or an accession number. A list that asks whether anything is new, and hears that nothing is, has been told
 * nothing: no audit event. Problems: `forbidden`, `invalid-request` (a cursor that is none).
 */
export async function searchExams(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'fields'>,
  caller: StaffCaller,
  input: ExamFilters & {
    readonly q: string;
    readonly cursor?: string | undefined;
    readonly limit: number;
    readonly knownRevision?: string | undefined;
  },
): Promise<ExamList | Problem> {
  const hospital = { kind: 'hospital', id: caller.hospitalId };
  const denied = await requirePermission(ports, caller, 'exam.read', hospital);
  if (denied !== undefined) return denied;
  const where = examFilter(ports.database, caller.hospitalId, input);
  const found = await matchingFilms(ports, caller.hospitalId, { ...input, where });
  if (isProblem(found)) return found;
  const exams = await examItems(ports, caller, found.shown);
  const { nextCursor } = found;
  const revision = createHash('sha256')
    .update(JSON.stringify([exams, nextCursor]))
    .digest('hex')
    .slice(0, 16);
  if (revision === input.knownRevision) return { exams: [], nextCursor, revision, isUnchanged: true };
  await ports.audit.record(ports.database, {
    hospitalId: caller.hospitalId,
    actor: { kind: 'staff', id: caller.staffId },
    action: 'exam-search',
    object: hospital,
    outcome: 'ok',
    requestId: caller.requestId,
  });
  return { exams, nextCursor, revision };
}
