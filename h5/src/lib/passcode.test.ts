import { passcode } from '@yingyun/shared/contract/route-contract';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { caretAfter, groupPasscode, normalisePasscode } from './passcode';

describe('a passcode as people type it', () => {
  it.each([
    ['7k3m9qxd', '7K3M9QXD'],
    [' 7K3M-9QXD ', '7K3M9QXD'],
    ['７Ｋ３Ｍ　９ＱＸＤ', '7K3M9QXD'],
    ['7K3M 9QXDZZZ', '7K3M9QXD'],
    ['影像口令：7K3M-9QXD，请勿转发', '7K3M9QXD'],
    ['code is 7K3M 9QXD.', '7K3M9QXD'],
    ['oilO1234', '01101234'],
    ['7K', '7K'],
    ['', ''],
  ])('reads %j as %s', (typed, code) => {
    expect(normalisePasscode(typed)).toBe(code);
  });

  it('gives what the contract accepts, grouped or not', () => {
    expect(v.parse(passcode, groupPasscode(normalisePasscode('7k3m9qxd')))).toBe('7K3M9QXD');
  });

  it('shows two groups of four, and no blank before the fifth character', () => {
    expect(groupPasscode('7K3M9QXD')).toBe('7K3M 9QXD');
    expect(groupPasscode('7K3M9')).toBe('7K3M 9');
    expect(groupPasscode('7K3M')).toBe('7K3M');
  });

  it('keeps the caret behind the character that was typed', () => {
    expect(caretAfter(5, 5)).toBe(6);
    expect(caretAfter(4, 4)).toBe(4);
    expect(caretAfter(4, 8)).toBe(5);
    expect(caretAfter(2, 8)).toBe(2);
  });
});
