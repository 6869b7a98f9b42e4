import type { FilmList, FilmListItem } from '@yingyun/shared/contract/routes';
import { isProblem, type Problem } from '@yingyun/shared/domain/problem';
import { activeShareCounts } from '../adapters/database/shares';
import type { ApiPorts } from './api-ports';
import type { StaffCaller } from './caller';
import { filmStateOf, reportStatuses, studyTextsOf } from './film-list-rows';
import { sexOf } from './film-manifest';
import { maskedName } from './masked-name';
import { type MatchingFilm, matchingFilms } from './matching-films';
import { requirePermission } from './permissions';

/**
 * Films of the caller's hospital, newest first, a page at a time. `q` is a name (Han, pinyin, initials), a patient ID or an
 * accession number. Names leave masked. Problems: `forbidden`, `invalid-request` (a cursor that is none).
 */
export async function listFilms(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'fields' | 'clock'>,
  caller: StaffCaller,
  input: { readonly q: string; readonly cursor?: string | undefined; readonly limit: number },
): Promise<FilmList | Problem> {
  const denied = await requirePermission(ports, caller, 'film.list', { kind: 'hospital', id: caller.hospitalId });
  if (denied !== undefined) return denied;
  const found = await matchingFilms(ports, caller.hospitalId, input);
  if (isProblem(found)) return found;
  const films = await describe(ports, found.shown);
  await ports.audit.record(ports.database, {
    hospitalId: caller.hospitalId,
    actor: { kind: 'staff', id: caller.staffId },
    action: 'film-list',
    object: { kind: 'hospital', id: caller.hospitalId },
    outcome: 'ok',
    requestId: caller.requestId,
  });
  return { films, nextCursor: found.nextCursor };
}

async function describe(
  ports: Pick<ApiPorts, 'database' | 'fields' | 'clock'>,
  shown: readonly MatchingFilm[],
): Promise<FilmListItem[]> {
  const shares = await activeShareCounts(
    ports.database,
    shown.map((one) => one.row.filmId),
    ports.clock.now(),
  );
  const reports = await reportStatuses(
    ports,
    shown.map((one) => one.row.studyId),
  );
  const items = shown.map(
    async ({ row, name }): Promise<FilmListItem> => ({
      filmId: row.filmId,
      patientNameMasked: maskedName(name),
      sex: sexOf(row.sex),
      age: row.age,
      examItem: reports.get(row.studyId)?.examItem || (await studyTextsOf(ports.fields, row)).description,
      modalities: row.modalities.split('\\').filter((modality) => modality !== ''),
      examAt: row.studyAt,
      instanceCount: row.instanceCount,
      state: filmStateOf(row.state),
      reportStatus: reports.get(row.studyId)?.status ?? 'none',
      activeShares: shares.get(row.filmId) ?? 0,
    }),
  );
  return Promise.all(items);
}
