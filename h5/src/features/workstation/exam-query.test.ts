import { describe, expect, it } from 'vitest';
import { filterCount, openQuery, requestOf } from './exam-query';

describe('the exam query', () => {
  const lateEvening = new Date('2026-03-01T17:00:00Z'); // 01:00 of the second of March in the hospital

  it('counts days as the hospital does, whatever the time zone of the browser', () => {
    expect(requestOf({ ...openQuery, period: 'today' }, lateEvening)).toEqual({
      q: '',
      modalities: [],
      from: '2026-03-02',
    });
    expect(requestOf({ ...openQuery, period: 'week' }, lateEvening)).toMatchObject({ from: '2026-02-24' });
    expect(requestOf({ ...openQuery, period: 'all' }, lateEvening)).toEqual({ q: '', modalities: [] });
  });

  it('sends chosen days only while days are chosen, and leaves out what is open', () => {
    const days = { ...openQuery, q: ' zs ', from: '2026-01-01', to: '', state: 'held' } as const;
    expect(requestOf({ ...days, period: 'days' }, lateEvening)).toEqual({
      q: 'zs',
      modalities: [],
      from: '2026-01-01',
      state: 'held',
    });
    expect(requestOf(days, lateEvening)).not.toHaveProperty('from');
  });

  it('counts the filters that narrow the list', () => {
    expect(filterCount(openQuery)).toBe(0);
    expect(filterCount({ ...openQuery, q: 'zs', period: 'days' })).toBe(0);
    expect(filterCount({ ...openQuery, period: 'week', modalities: ['CT', 'MR'], bodyRegion: 'head' })).toBe(3);
  });
});
