import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { openView } from '../adapters/database/instance-view';
import type { StoredInstance } from '../pipeline/transcode/stored-instance';
import type { ApiPorts } from './api-ports';
import { actorOf, type PatientFilmCaller, type ShareCaller, type StaffCaller } from './caller';
import { filmStudyKey } from './film-study-key';
import { requirePermission } from './permissions';
import { type InstanceRow, readyInstance } from './study-rows';

/** Who may look into a film's objects. */
export type FilmCaller = StaffCaller | ShareCaller | PatientFilmCaller;

export interface FilmObject {
  readonly row: InstanceRow;
  readonly stored: StoredInstance;
  readonly studyId: string;
}

/**
 * One object of a film the caller may see: the first statement of every use case that opens one. Whose film it isn't, and what isn't in
 * it, is `not-found`; a role without the right is `forbidden`.
 */
export async function findFilmObject(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'fields'>,
  caller: FilmCaller,
  input: { readonly filmId: string; readonly sopInstanceUid: string },
): Promise<FilmObject | Problem> {
  if (caller.kind === 'staff') {
    const denied = await requirePermission(ports, caller, 'film.view', { kind: 'film', id: input.filmId });
    if (denied !== undefined) return denied;
  } else if (input.filmId !== caller.filmId) return problem('not-found');
  const study = await filmStudyKey(ports.database, caller.hospitalId, input.filmId);
  if (study === undefined) return problem('not-found');
  const row = await readyInstance(ports.database, caller.hospitalId, study.id, input.sopInstanceUid);
  if (row === undefined) return problem('not-found');
  const stored = await openView(ports.fields, { hospitalId: caller.hospitalId, id: row.id }, row.viewSealed);
  return { row, stored, studyId: study.id };
}

/** The audit event of opening one: reading it, or finding that it can't be read. */
export async function recordObjectRead(
  ports: Pick<ApiPorts, 'database' | 'audit'>,
  caller: FilmCaller,
  action: 'document-read' | 'overlay-read',
  row: InstanceRow,
  reason?: string,
): Promise<void> {
  await ports.audit.record(ports.database, {
    hospitalId: caller.hospitalId,
    actor: actorOf(caller),
    action,
    object: { kind: 'object', id: row.object.objectKey },
    outcome: reason === undefined ? 'ok' : 'failed',
    ...(reason === undefined ? {} : { reason }),
    requestId: caller.requestId,
  });
}
