import { describe, expect, it } from 'vitest';
import { idNumberTyped, isPlausibleIdNumber } from './id-number';

const now = Date.UTC(2026, 2, 1);

describe('an ID number as a person types it', () => {
  it('loses blanks and becomes upper case, whatever keyboard wrote it', () => {
    expect(idNumberTyped(' 11010519491231002x')).toBe('11010519491231002X');
    expect(idNumberTyped('110105 19491231 002ｘ')).toBe('11010519491231002X');
    expect(idNumberTyped('1101051949123100288')).toHaveLength(18);
  });

  it('is taken where its check character is right', () => {
    expect(isPlausibleIdNumber('11010519491231002X', now)).toBe(true); // GB 11643-1999, its own example
    expect(isPlausibleIdNumber('440524188001010014', now)).toBe(true); // the same standard's second example
  });

  it('is refused with one digit wrong, two changed over, or a day that isn’t in the calendar or is to come', () => {
    for (const wrong of ['11010519491231003X', '11010519492131002X', '110105194912310021', '11010519490230002X', ''])
      expect(isPlausibleIdNumber(wrong, now), wrong).toBe(false);
    expect(isPlausibleIdNumber('440524188001010014', Date.UTC(1879, 0, 1))).toBe(false);
  });
});
