import type { FilmList, FilmListItem } from '@yingyun/shared/contract/routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { activeShareCounts } from '../adapters/database/shares';
import type { ApiPorts } from './api-ports';
import type { StaffCaller } from './caller';
import { type FilmRow, filmPage, type PagePosition, reportStatuses, searchFilter } from './film-list-rows';
import { sexOf } from './film-manifest';
import { maskedName } from './masked-name';
import { requirePermission } from './permissions';

/** Candidates by name are verified after opening; at most this many rows are looked at for one page. */
const maxScannedRows = 2000;

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
  let position = input.cursor === undefined ? undefined : parseCursor(input.cursor);
  if (input.cursor !== undefined && position === undefined) return problem('invalid-request', 'cursor');
  const query = input.q.trim();
  const filter = query === '' ? undefined : await searchFilter(ports, caller.hospitalId, query);
  const kept: { readonly row: FilmRow; readonly name: string }[] = [];
  let isMore = true;
  for (let scanned = 0; isMore && kept.length <= input.limit && scanned < maxScannedRows; ) {
    const rows = await filmPage(ports.database, caller.hospitalId, filter?.where, position, input.limit + 1);
    scanned += rows.length;
    isMore = rows.length > input.limit;
    for (const row of rows) {
      const name = await openName(ports, caller.hospitalId, row);
      if (filter === undefined || filter.isExact(row) || ports.fields.nameMatches(name, query))
        kept.push({ row, name });
      position = { sortAt: row.sortAt, id: row.filmId };
    }
  }
  const shown = kept.slice(0, input.limit);
  const films = await describe(ports, shown);
  await ports.audit.record(ports.database, {
    hospitalId: caller.hospitalId,
    actor: { kind: 'staff', id: caller.staffId },
    action: 'film-list',
    object: { kind: 'hospital', id: caller.hospitalId },
    outcome: 'ok',
    requestId: caller.requestId,
  });
  const last = shown[shown.length - 1]?.row;
  const isCut = kept.length > input.limit;
  if (isCut && last !== undefined) return { films, nextCursor: formatCursor({ sortAt: last.sortAt, id: last.filmId }) };
  return { films, nextCursor: isMore && position !== undefined ? formatCursor(position) : null };
}

async function describe(
  ports: Pick<ApiPorts, 'database' | 'clock'>,
  shown: readonly { readonly row: FilmRow; readonly name: string }[],
): Promise<FilmListItem[]> {
  const shares = await activeShareCounts(
    ports.database,
    shown.map((one) => one.row.filmId),
    ports.clock.now(),
  );
  const reports = await reportStatuses(
    ports.database,
    shown.map((one) => one.row.studyId),
  );
  return shown.map(({ row, name }) => ({
    filmId: row.filmId,
    patientNameMasked: maskedName(name),
    sex: sexOf(row.sex),
    age: row.age,
    examItem: reports.get(row.studyId)?.examItem || row.description,
    modalities: row.modalities.split('\\').filter((modality) => modality !== ''),
    examAt: row.studyAt,
    instanceCount: row.instanceCount,
    state: row.state === 'published' || row.state === 'held' || row.state === 'withdrawn' ? row.state : 'waiting',
    reportStatus: reports.get(row.studyId)?.status ?? 'none',
    activeShares: shares.get(row.filmId) ?? 0,
  }));
}

function openName(ports: Pick<ApiPorts, 'fields'>, hospitalId: string, row: FilmRow): Promise<string> {
  const place = { tenantId: hospitalId, table: 'patient', column: 'name_sealed', rowId: row.patientId };
  return ports.fields.open(place, row.nameSealed);
}

function formatCursor(position: PagePosition): string {
  return `${position.sortAt.getTime()}_${position.id}`;
}

function parseCursor(text: string): PagePosition | undefined {
  const parts = /^(\d{1,15})_([0-9a-f-]{8,64})$/i.exec(text);
  return parts?.[1] === undefined || parts[2] === undefined
    ? undefined
    : { sortAt: new Date(Number(parts[1])), id: parts[2] };
}
