import type { BodyRegion, ExamListItem } from '@yingyun/shared/contract/exam-routes';
import { type AnyColumn, and, eq, gte, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../ports/database';
import { film, report, study } from '../ports/schema';

export interface ExamFilters {
  readonly modalities: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly state?: ExamListItem['state'] | undefined;
  readonly reportStatus?: ExamListItem['reportStatus'] | undefined;
  readonly bodyRegion?: BodyRegion | undefined;
}

/** Condition for all filters that are set. Undefined: none is. */
export function examFilter(database: Queryable, hospitalId: string, filters: ExamFilters): SQL | undefined {
  return and(
    filters.modalities.length === 0
      ? undefined
      : or(...filters.modalities.map((modality) => holds(study.modalities, modality))),
    filters.from === undefined ? undefined : gte(film.sortAt, startOfDay(filters.from)),
    filters.to === undefined ? undefined : lt(film.sortAt, new Date(startOfDay(filters.to).getTime() + dayMs)),
    filters.state === undefined ? undefined : eq(film.state, filters.state),
    filters.reportStatus === undefined ? undefined : hasReport(database, hospitalId, filters.reportStatus),
    filters.bodyRegion === undefined ? undefined : holds(study.bodyRegions, filters.bodyRegion),
  );
}

const dayMs = 86_400_000;

/** Days are the hospital's: UTC+8 the whole year (`sort_at` is reckoned the same way, pipeline/publish/sort-instant.ts). */
function startOfDay(day: string): Date {
  return new Date(`${day}T00:00:00+08:00`);
}

/** Whether a list like "CT\\SR" holds the code: the separators on both sides keep CT from matching CTPROTOCOL. */
function holds(list: AnyColumn, code: string): SQL {
  return sql`${'\\'} || ${list} || ${'\\'} like ${`%\\${code}\\%`} escape '!'`;
}

/** A study with two reports counts for the status of either. */
function hasReport(database: Queryable, hospitalId: string, status: ExamListItem['reportStatus']): SQL {
  const reported = (only?: SQL) =>
    database
      .select({ id: report.id })
      .from(report)
      .where(and(eq(report.hospitalId, hospitalId), eq(report.studyId, study.id), only));
  return status === 'none' ? sql`not exists ${reported()}` : sql`exists ${reported(eq(report.status, status))}`;
}
