import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { filmOfPerson, type PatientFilmRow } from '../../adapters/database/patient-films';
import { type ApiPorts, platformTenant } from '../api-ports';
import type { PatientCaller, PatientFilmCaller } from '../caller';

/**
 * The first statement of every use case about one film: whether a link of the person shows it to them now. Somebody else's film, a
 * withdrawn one, one past its viewing period and one that doesn't exist are one answer, `not-found`, and a denial in the trail.
 */
export async function requireOwnFilm(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'clock'>,
  caller: PatientCaller,
  filmId: string,
  action: string,
): Promise<{ readonly row: PatientFilmRow; readonly caller: PatientFilmCaller } | Problem> {
  const row = await filmOfPerson(ports.database, caller.personId, filmId, ports.clock.now());
  if (row !== undefined) return { row, caller: { ...caller, hospitalId: row.hospitalId, filmId } };
  await ports.audit.record(ports.database, {
    hospitalId: platformTenant,
    actor: { kind: 'person', id: caller.personId },
    action,
    object: { kind: 'film', id: filmId },
    outcome: 'denied',
    reason: 'not-found',
    requestId: caller.requestId,
  });
  return problem('not-found');
}
