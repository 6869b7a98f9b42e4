import { expect, it } from 'vitest';
import { isMobileNumber, phoneDigits } from './phone-number';

it('reads a phone number as people type and paste it', () => {
  for (const typed of ['13800138000', '138 0013 8000', '+86 138-0013-8000', '8613800138000'])
    expect(phoneDigits(typed)).toBe('13800138000');
  expect(isMobileNumber('13800138000')).toBe(true);
  for (const wrong of ['1380013800', '12800138000', '021600138000', '']) expect(isMobileNumber(wrong)).toBe(false);
});
