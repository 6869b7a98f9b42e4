import type { ExamMarks, KeptMark } from '@yingyun/shared/contract/mark-routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { markSheetsOf } from '../adapters/database/mark-sheets';
import type { ApiPorts } from './api-ports';
import type { StaffCaller } from './caller';
import { findFilm } from './find-film';
import { marksPlace } from './marks-place';
import { requirePermission } from './permissions';

/** All that the hospital's doctors have drawn on an exam. Problems: `forbidden`, `not-found`. */
export async function examMarks(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'fields'>,
  caller: StaffCaller,
  input: { readonly filmId: string },
): Promise<ExamMarks | Problem> {
  const object = { kind: 'film', id: input.filmId };
  const denied = await requirePermission(ports, caller, 'exam.read', object);
  if (denied !== undefined) return denied;
  const film = await findFilm(ports.database, caller.hospitalId, input.filmId);
  if (film === undefined) return problem('not-found');
  const rows = await markSheetsOf(ports.database, caller.hospitalId, film.studyId);
  const sheets = await Promise.all(
    rows.map(async ({ id, seriesInstanceUid, version, marksSealed }) => {
      const marks: KeptMark[] = JSON.parse(await ports.fields.open(marksPlace(caller.hospitalId, id), marksSealed)); // sealed by saveExamMarks only
      return { seriesInstanceUid, version, marks };
    }),
  );
  await ports.audit.record(ports.database, {
    hospitalId: caller.hospitalId,
    actor: { kind: 'staff', id: caller.staffId },
    action: 'exam-marks',
    object,
    outcome: 'ok',
    requestId: caller.requestId,
  });
  return { sheets };
}
