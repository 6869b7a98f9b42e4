import { expect, it } from 'vitest';
import { isIdNumber } from './id-number';

it('takes the two examples of GB 11643-1999', () => {
  expect(isIdNumber('11010519491231002X')).toBe(true);
  expect(isIdNumber('440524188001010014')).toBe(true);
});

it('refuses any one digit changed, and any two neighbours changed places (ISO 7064 promises both)', () => {
  const right = '11010519491231002X';
  for (let at = 0; at < 17; at++) {
    for (let digit = 0; digit < 10; digit++) {
      const changed = `${right.slice(0, at)}${digit}${right.slice(at + 1)}`;
      expect(isIdNumber(changed), changed).toBe(changed === right);
    }
    const swapped = `${right.slice(0, at)}${right[at + 1]}${right[at]}${right.slice(at + 2)}`;
    expect(isIdNumber(swapped), swapped).toBe(swapped === right);
  }
});

it('refuses a day that no calendar has, fifteen digits, a small x and blanks', () => {
  for (const text of ['110105194902310021', '110105491231002', '11010519491231002x', ' 11010519491231002X', '']) {
    expect(isIdNumber(text), text).toBe(false);
  }
  const checked = Array.from('0123456789X', (check) => `11010519490229001${check}`); // 1949 was no leap year
  expect(checked.some(isIdNumber)).toBe(false);
});
