import type { BodyRegion, ExamListItem } from '@yingyun/shared/contract/exam-routes';

export type Period = 'today' | 'week' | 'month' | 'all' | 'days';

/** What the list is asked for, as the controls hold it. */
export interface ExamQuery {
  readonly q: string;
  readonly period: Period;
  /** "2026-03-01"; '' = open. Only with period 'days'. */
  readonly from: string;
  readonly to: string;
  /** DICOM modalities; empty: all. */
  readonly modalities: readonly string[];
  readonly reportStatus: ExamListItem['reportStatus'] | '';
  readonly state: ExamListItem['state'] | '';
  readonly bodyRegion: BodyRegion | '';
}

export const openQuery: ExamQuery = {
  q: '',
  period: 'all',
  from: '',
  to: '',
  modalities: [],
  reportStatus: '',
  state: '',
  bodyRegion: '',
};

const daysBack: Readonly<Record<Exclude<Period, 'all' | 'days'>, number>> = { today: 0, week: 6, month: 29 };

/** The query as the API takes it; `now` decides which day today is, in the hospital's zone (UTC+8). */
export function requestOf(query: ExamQuery, now: Date) {
  const { period } = query;
  const from = period === 'days' ? query.from : period === 'all' ? '' : dayBefore(now, daysBack[period]);
  const to = period === 'days' ? query.to : '';
  return {
    q: query.q.trim(),
    modalities: [...query.modalities],
    ...(from === '' ? {} : { from }),
    ...(to === '' ? {} : { to }),
    ...(query.state === '' ? {} : { state: query.state }),
    ...(query.reportStatus === '' ? {} : { reportStatus: query.reportStatus }),
    ...(query.bodyRegion === '' ? {} : { bodyRegion: query.bodyRegion }),
  };
}

/** How many filters are set, the search field apart. */
export function filterCount(query: ExamQuery): number {
  const isPeriod = query.period !== 'all' && (query.period !== 'days' || query.from !== '' || query.to !== '');
  const others = [query.state, query.reportStatus, query.bodyRegion].filter((one) => one !== '').length;
  return others + (isPeriod ? 1 : 0) + (query.modalities.length > 0 ? 1 : 0);
}

function dayBefore(now: Date, days: number): string {
  return new Date(now.getTime() + 8 * 3_600_000 - days * 86_400_000).toISOString().slice(0, 10);
}
