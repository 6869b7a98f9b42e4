import { expect, it } from 'vitest';
import { formatAge } from './text-zh';

it('words an age of VR AS, and leaves out what is none', () => {
  expect(['045Y', '008M', '003W', '010D', '101Y'].map(formatAge)).toEqual([
    '45 岁',
    '8 个月',
    '3 周',
    '10 天',
    '101 岁',
  ]);
  expect(['', '24', '000Y', 'adult'].map(formatAge)).toEqual(['', '', '', '']);
});
