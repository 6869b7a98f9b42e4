import { describe, expect, it } from 'vitest';
import { formatExamAt, formatInstant, formatRemaining } from './format-time';

describe('times on a page', () => {
  it('shows an instant in Shanghai time, as Intl does', () => {
    for (const iso of ['2026-02-28T17:30:00Z', '2024-12-31T16:00:00.000Z', '2026-07-01T04:05:59Z']) {
      const parts = new Intl.DateTimeFormat('sv-SE', {
        timeZone: 'Asia/Shanghai',
        dateStyle: 'short',
        timeStyle: 'short',
      });
      expect(formatInstant(iso)).toBe(parts.format(new Date(iso)));
    }
  });

  it('shows the examination time as the PACS stated it, whatever the zone of the reader', () => {
    expect(formatExamAt('2026-03-01T08:30:00')).toBe('2026-03-01 08:30');
    expect(formatExamAt('2026-03-01')).toBe('2026-03-01');
    expect(formatExamAt('')).toBe('');
  });

  it('shows nothing for what is not a time', () => {
    expect(formatInstant('')).toBe('');
    expect(formatInstant('gestern')).toBe('');
  });

  it('says how long is left', () => {
    const now = new Date('2026-03-01T00:00:00Z');
    expect(formatRemaining('2026-03-04T02:30:00Z', now)).toBe('3 天 2 小时');
    expect(formatRemaining('2026-03-01T05:59:00Z', now)).toBe('5 小时');
    expect(formatRemaining('2026-03-01T00:12:00Z', now)).toBe('12 分钟');
    expect(formatRemaining('2026-03-01T00:00:30Z', now)).toBe('不足 1 分钟');
    expect(formatRemaining('2026-02-28T23:59:59Z', now)).toBe('已到期');
    expect(formatRemaining('', now)).toBe('已到期');
  });
});
