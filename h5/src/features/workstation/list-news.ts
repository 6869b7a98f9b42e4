import type { ExamListItem } from '@yingyun/shared/contract/exam-routes';

export interface HeldList {
  readonly exams: readonly ExamListItem[];
  readonly cursor: string | null;
}

/** What a first page says that was asked again while the list was held: rows as they are now, and how many of them are new. */
export interface ListNews {
  /** What is held, row by row as it stands now: nothing moves, nothing comes or goes. */
  readonly refreshed: readonly ExamListItem[];
  /** The list as it would be, asked now. */
  readonly next: HeldList;
  /** Exams of `next` that are not held. */
  readonly newCount: number;
}

/**
 * Compares a list as held, of one page or several, with its first page as it is now. Behind the page's last row the held rows go on; where
 * the page has none of them, so much has come in between that only the page itself is without a gap.
 */
export function listNews(held: HeldList, page: HeldList): ListNews {
  const now = new Map(page.exams.map((exam) => [exam.filmId, exam]));
  const known = new Set(held.exams.map((exam) => exam.filmId));
  const refreshed = held.exams.map((exam) => now.get(exam.filmId) ?? exam);
  const newCount = page.exams.filter((exam) => !known.has(exam.filmId)).length;
  const last = held.exams.reduce((at, exam, i) => (now.has(exam.filmId) ? i : at), -1);
  const isWhole = page.cursor === null || last < 0;
  const rest = held.exams.slice(last + 1).filter((exam) => !now.has(exam.filmId));
  const next = isWhole ? page : { exams: [...page.exams, ...rest], cursor: held.cursor };
  return { refreshed, next, newCount };
}
