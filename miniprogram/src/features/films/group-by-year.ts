import type { PatientFilmItem } from '@yingyun/shared/contract/patient-routes';
import { examYear } from '../../ui/format-time';

export interface YearOfFilms {
  /** "2026"; '' for films whose examination has no date. */
  readonly year: string;
  readonly films: readonly PatientFilmItem[];
}

/** Films in the order they came, a group for every run of one year. */
export function groupByYear(films: readonly PatientFilmItem[]): YearOfFilms[] {
  const groups: { year: string; films: PatientFilmItem[] }[] = [];
  for (const film of films) {
    const year = examYear(film.examAt);
    const last = groups[groups.length - 1];
    if (last !== undefined && last.year === year) last.films.push(film);
    else groups.push({ year, films: [film] });
  }
  return groups;
}
