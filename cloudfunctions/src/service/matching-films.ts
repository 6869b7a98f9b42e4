import { type Problem, problem } from '@yingyun/shared/domain/problem';
import type { SQL } from 'drizzle-orm';
import { and } from 'drizzle-orm';
import type { ApiPorts } from './api-ports';
import { type FilmRow, filmPage, type PagePosition, searchFilter } from './film-list-rows';

/** Candidates by name are verified after opening; at most this many rows are looked at for one page. */
const maxScannedRows = 2000;

export interface MatchingFilm {
  readonly row: FilmRow;
  /** DICOM person name, opened. */
  readonly name: string;
}

export interface FilmSearch {
  /** Name (Han, pinyin, initials), patient ID or accession number; blank: every film. */
  readonly q: string;
  readonly where?: SQL | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/**
 * One page of a hospital's films that match, newest first, with their patients' names opened. A page may hold fewer than `limit`
 * and still have a `nextCursor`. Problems: `invalid-request` (a cursor that is none).
 */
export async function matchingFilms(
  ports: Pick<ApiPorts, 'database' | 'fields'>,
  hospitalId: string,
  search: FilmSearch,
): Promise<{ readonly shown: readonly MatchingFilm[]; readonly nextCursor: string | null } | Problem> {
  let position = search.cursor === undefined ? undefined : parseCursor(search.cursor);
  if (search.cursor !== undefined && position === undefined) return problem('invalid-request', 'cursor');
  const query = search.q.trim();
  const filter = query === '' ? undefined : await searchFilter(ports, hospitalId, query);
  const where = and(filter?.where, search.where);
  const kept: MatchingFilm[] = [];
  let isMore = true;
  for (let scanned = 0; isMore && kept.length <= search.limit && scanned < maxScannedRows; ) {
    const rows = await filmPage(ports.database, hospitalId, where, position, search.limit + 1);
    scanned += rows.length;
    isMore = rows.length > search.limit;
    for (const row of rows) {
      const name = await openName(ports, hospitalId, row);
      if (filter === undefined || filter.isExact(row) || ports.fields.nameMatches(name, query))
        kept.push({ row, name });
      position = { sortAt: row.sortAt, id: row.filmId };
    }
  }
  const shown = kept.slice(0, search.limit);
  const last = shown[shown.length - 1]?.row;
  const isCut = kept.length > search.limit;
  if (isCut && last !== undefined) return { shown, nextCursor: formatCursor({ sortAt: last.sortAt, id: last.filmId }) };
  return { shown, nextCursor: isMore && position !== undefined ? formatCursor(position) : null };
}

function openName(ports: Pick<ApiPorts, 'fields'>, hospitalId: string, row: FilmRow): Promise<string> {
  const place = { tenantId: hospitalId, table: 'patient', column: 'name_sealed', rowId: row.patientId };
  return ports.fields.open(place, row.nameSealed);
}

export function formatCursor(position: PagePosition): string {
  return `${position.sortAt.getTime()}_${position.id}`;
}

/** Before 1970 the time is negative; past 13 digits no database knows it. */
export function parseCursor(text: string): PagePosition | undefined {
  const parts = /^(-?\d{1,13})_([0-9a-f-]{8,64})$/i.exec(text);
  return parts?.[1] === undefined || parts[2] === undefined
    ? undefined
    : { sortAt: new Date(Number(parts[1])), id: parts[2] };
}
