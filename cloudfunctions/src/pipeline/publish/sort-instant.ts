/**
 * A study's local time ("2026-03-01T08:30:00", "2026-03-01" or '') as an instant to sort by; hospitals here are in UTC+8. Undefined also
 * for years in which nothing was ever imaged ("0000"): no database keeps some of them, and none means anything.
 */
export function sortInstant(studyAt: string): Date | undefined {
  if (!/^(19|2[01])\d\d-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?$/.test(studyAt)) return undefined;
  const date = new Date(studyAt.length === 10 ? `${studyAt}T00:00:00+08:00` : `${studyAt}+08:00`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
