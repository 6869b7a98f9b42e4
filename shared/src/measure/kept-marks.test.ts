import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { KeptMark } from '../contract/mark-routes';
import { markRoutes } from '../contract/mark-routes';
import { imageXy } from '../imaging/viewport';
import { keptMark, markOf, mergedMarks } from './kept-marks';
import { type Mark, markKinds } from './mark';

const kept = (id: string, x = 0): KeptMark => ({
  id,
  kind: 'length',
  sopInstanceUid: '1.2',
  frameNumber: 1,
  reach: 'image',
  points: [
    [x, 0],
    [10, 10],
  ],
  text: '',
  millimetres: null,
});
const merge = (base: KeptMark[], mine: KeptMark[], theirs: KeptMark[]) =>
  mergedMarks(base, mine, theirs, () => 'new').map(({ id, points }) => [id, points[0]?.[0]]);

describe('marks that travel', () => {
  it('come back as they went, to a thousandth of a pixel, and every kind is one the server takes', () => {
    for (const kind of markKinds) {
      const mark: Mark = { ...markOf(kept('a'), '1'), kind, points: [imageXy(1.23456, 2), imageXy(3, 4)] };
      const sent = keptMark(mark);
      expect(v.safeParse(markRoutes.saveExamMarks.body, { version: 0, marks: [sent] }).success).toBe(true);
      expect(markOf(sent, '1')).toEqual({ ...mark, points: [imageXy(1.235, 2), imageXy(3, 4)] });
    }
  });
});

describe('two doctors on one sheet', () => {
  const base = [kept('a'), kept('b')];
  it('keep what each has drawn, moved and taken away', () => {
    expect(merge(base, [...base, kept('mine')], [...base, kept('theirs')])).toEqual([
      ['a', 0],
      ['b', 0],
      ['theirs', 0],
      ['mine', 0],
    ]);
    expect(merge(base, [kept('a', 5), kept('b')], [kept('a')])).toEqual([['a', 5]]);
  });
  it('have both versions of what both moved, and none of what one moved is taken away', () => {
    expect(merge(base, [kept('a', 5), kept('b')], [kept('a', 7), kept('b')])).toEqual([
      ['a', 7],
      ['new', 5],
      ['b', 0],
    ]);
    expect(merge(base, [kept('b')], [kept('a', 7), kept('b')])).toEqual([
      ['a', 7],
      ['b', 0],
    ]);
    expect(merge(base, [kept('a', 5), kept('b')], [kept('b')])).toEqual([
      ['b', 0],
      ['a', 5],
    ]);
  });
});
