import type { KeptMark, MarksSaved } from '@yingyun/shared/contract/mark-routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { and, eq } from 'drizzle-orm';
import { markSheetOf, writeMarkSheet } from '../adapters/database/mark-sheets';
import { series } from '../ports/schema';
import type { ApiPorts } from './api-ports';
import type { StaffCaller } from './caller';
import { findFilm } from './find-film';
import { marksPlace } from './marks-place';
import { requirePermission } from './permissions';

interface SaveMarks {
  readonly filmId: string;
  readonly seriesInstanceUid: string;
  /** Of the sheet the doctor saw; 0: there was none. */
  readonly version: number;
  readonly marks: readonly KeptMark[];
}

/**
 * Keeps all marks of one series in the place of those of `version`: two doctors never overwrite each other unseen.
 * Problems: `forbidden`, `not-found`, `marks-changed`.
 */
export async function saveExamMarks(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'fields' | 'random' | 'clock'>,
  caller: StaffCaller,
  input: SaveMarks,
): Promise<MarksSaved | Problem> {
  const object = { kind: 'film', id: input.filmId };
  const denied = await requirePermission(ports, caller, 'exam.annotate', object);
  if (denied !== undefined) return denied;
  const { hospitalId, staffId, requestId } = caller;
  const { seriesInstanceUid, version: from, marks } = input;
  const film = await findFilm(ports.database, hospitalId, input.filmId);
  if (film === undefined) return problem('not-found');
  const [known] = await ports.database
    .select({ id: series.id })
    .from(series)
    .where(and(eq(series.studyId, film.studyId), eq(series.seriesInstanceUid, seriesInstanceUid)));
  if (known === undefined) return problem('not-found');
  const before = await markSheetOf(ports.database, hospitalId, film.studyId, seriesInstanceUid);
  const audit = { hospitalId, actor: { kind: 'staff', id: staffId }, action: 'marks-save', object, requestId } as const;
  const refuse = async (): Promise<Problem> => {
    await ports.audit.record(ports.database, { ...audit, outcome: 'denied', reason: 'marks-changed' });
    return problem('marks-changed');
  };
  if ((before?.version ?? 0) !== from) return refuse();
  const id = before?.id ?? ports.random.uuid();
  const version = from + 1;
  const marksSealed = await ports.fields.seal(marksPlace(hospitalId, id), JSON.stringify(marks));
  const changedAt = ports.clock.now();
  const isWritten = await ports.database.transaction(async (transaction) => {
    const row = { id, hospitalId, studyId: film.studyId, seriesInstanceUid, version, marksSealed };
    const isFirst = await writeMarkSheet(transaction, from, { ...row, changedBy: staffId, changedAt });
    if (isFirst) await ports.audit.record(transaction, { ...audit, outcome: 'ok' });
    return isFirst;
  });
  return isWritten ? { version } : refuse();
}
