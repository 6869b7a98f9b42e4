import { expect, it } from 'vitest';
import { mockFilmList } from '../../testing/mock-list';
import { groupByYear } from './group-by-year';

it('groups films by year in the order they came, and keeps those without a date', () => {
  const films = mockFilmList(12);
  const last = { ...films[0], examAt: '' } as (typeof films)[number]; // the list has films
  const groups = groupByYear([...films, last]);
  expect(groups.map(({ year }) => year)).toEqual(['2026', '2025', '2024', '']);
  expect(groups.flatMap((group) => group.films)).toEqual([...films, last]);
  expect(groupByYear([])).toEqual([]);
});
