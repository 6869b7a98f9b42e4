import type { ExamListItem } from '@yingyun/shared/contract/exam-routes';
import { describe, expect, it } from 'vitest';
import { listNews } from './list-news';

const exam = (filmId: string, reading: ExamListItem['reading'] = 'new'): ExamListItem => ({
  filmId,
  patientName: '张三丰',
  patientId: 'P1',
  sex: 'M',
  age: '056Y',
  accessionNumber: 'A1',
  examItem: '胸部 CT',
  modalities: ['CT'],
  bodyPart: 'CHEST',
  examAt: '2026-03-01T08:30:00',
  instanceCount: 1,
  state: 'published',
  reportStatus: 'none',
  reading,
});
const list = (names: string, cursor: string | null) => ({ exams: [...names].map((name) => exam(name)), cursor });
const namesOf = (exams: readonly ExamListItem[]) => exams.map(({ filmId }) => filmId).join('');

describe('news of a list', () => {
  it('are new rows, counted and put in their place, with what was paged in behind them', () => {
    const news = listNews(list('bdefgh', 'h'), list('abcd', 'd'));
    expect(news.newCount).toBe(2);
    expect(namesOf(news.refreshed)).toBe('bdefgh');
    expect(namesOf(news.next.exams)).toBe('abcdefgh');
    expect(news.next.cursor).toBe('h');
  });

  it('change a held row where it stands', () => {
    const page = { exams: [exam('a', 'changed'), exam('b')], cursor: 'b' };
    const news = listNews(list('abc', 'c'), page);
    expect(news.refreshed.map(({ reading }) => reading)).toEqual(['changed', 'new', 'new']);
    expect(news.newCount).toBe(0);
  });

  it('leave out, once they are taken, what no longer matches', () => {
    const news = listNews(list('abcd', 'd'), list('xbc', 'c'));
    expect(namesOf(news.refreshed)).toBe('abcd');
    expect(namesOf(news.next.exams)).toBe('xbcd');
  });

  it('begin the list again where so many came that rows between are unknown, and where the page is all there is', () => {
    expect(listNews(list('abc', 'c'), list('xyz', 'z')).next).toEqual(list('xyz', 'z'));
    expect(namesOf(listNews(list('abc', null), list('xc', null)).next.exams)).toBe('xc');
  });
});
