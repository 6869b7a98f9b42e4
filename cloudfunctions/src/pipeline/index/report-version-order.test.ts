import { describe, expect, it } from 'vitest';
import { type FiledVersion, type VersionContent, withVersion } from './report-version-order';

const content = (status: VersionContent['status'], minute: number, findings = 'a'): VersionContent => ({
  status,
  findings,
  impression: 'b',
  reportingDoctor: 'c',
  approvingDoctor: 'd',
  examItem: 'e',
  reportedAt: minute * 60_000,
});
const filed = (what: VersionContent, journalSequence = 1, messageControlId = `M${journalSequence}`): FiledVersion => ({
  content: what,
  sender: 'RIS|H',
  messageControlId,
  journalSequence,
});
/** "1/2": the first of two; "" where it adds nothing. */
const placeOf = (incoming: FiledVersion, versions: readonly FiledVersion[]) => {
  const history = withVersion(incoming, versions);
  return history === undefined ? '' : `${history.indexOf(incoming) + 1}/${history.length}`;
};

describe('the place of a report version', () => {
  const f = filed(content('approved', 10));
  const c = filed(content('amended', 11), 2);
  it.each([
    ['the first version', f, [], '1/1'],
    ['the same message again', filed(content('approved', 10), 2, 'M1'), [f], ''],
    ['the same content under a new control ID', filed(content('approved', 10), 2), [f], ''],
    ['a control ID used again for other content', filed(content('approved', 11, 'other'), 2, 'M1'), [f], '2/2'],
    ['C after F', c, [f], '2/2'],
    ['C in the same minute as F', filed(content('amended', 10), 2), [f], '2/2'],
    ['F sent again under a new control ID after C', filed(content('approved', 10), 3), [f, c], ''],
    ['an unknown F older than C', filed(content('approved', 10, 'first'), 3), [c], '1/2'],
    ['F in the same minute as C', filed(content('approved', 11, 'x'), 3), [c], '1/2'],
    ['F between P and C', filed(content('approved', 10), 3), [filed(content('preliminary', 9), 1), c], '2/3'],
    ['P in the same minute as F', filed(content('preliminary', 10), 2), [f], '1/2'],
    ['P later than F', filed(content('preliminary', 11), 2), [f], '2/2'],
    ['X after F', filed(content('withdrawn', 11), 2), [f], '2/2'],
    ['X in the same minute as F', filed(content('withdrawn', 10), 2), [f], '2/2'],
    ['F of the same minute as X', filed(content('approved', 11, 'x'), 3), [filed(content('withdrawn', 11), 2)], '1/2'],
    ['F later than X', filed(content('approved', 12), 3), [f, filed(content('withdrawn', 11), 2)], '3/3'],
    [
      'the withdrawn F sent again',
      filed(content('approved', 10), 3, 'M1'),
      [f, filed(content('withdrawn', 11), 2)],
      '',
    ],
    [
      'what returns to an earlier text within a minute',
      filed(content('approved', 10, 'a'), 3, 'Z'),
      [f, filed(content('approved', 10, 'b'), 2)],
      '3/3',
    ],
  ] as const)('%s', (_, incoming, versions, place) => {
    expect(placeOf(incoming, versions)).toBe(place);
  });

  it.each([
    ['numbered: by number, whatever came first', 'RIS-9', 3, 'RIS-10', 2, '1/2'],
    ['numbered with many digits', '20261120110000124', 2, '20261120110000123', 3, '2/2'],
    ['random: by arrival', 'f3a1c', 3, '0b77d', 2, '2/2'],
    ['of two series: by arrival', 'A-1', 3, 'B-9', 2, '2/2'],
  ] as const)('messages of one second, %s', (_, id, sequence, otherId, otherSequence, place) => {
    const other = filed(content('amended', 11, 'x'), otherSequence, otherId);
    expect(placeOf(filed(content('amended', 11, 'y'), sequence, id), [other])).toBe(place);
  });
});

describe('the history of a report', () => {
  const versions = [
    filed(content('preliminary', 9), 1),
    filed(content('approved', 10), 2),
    filed(content('amended', 11), 3),
    filed(content('withdrawn', 12), 4),
    filed(content('approved', 10), 5), // F again under a new control ID
    filed(content('amended', 11), 6, 'M3'), // the message itself again
  ];

  it('is P, F, C, X in every order of arrival, with repetitions among them', () => {
    let count = 0;
    for (const order of permutations(versions)) {
      const history = order.reduce<readonly FiledVersion[]>(
        (so, incoming, i) => withVersion({ ...incoming, journalSequence: i + 1 }, so) ?? so,
        [],
      );
      expect(history.map((one) => one.content.status)).toEqual(['preliminary', 'approved', 'amended', 'withdrawn']);
      count++;
    }
    expect(count).toBe(720);
  });

  it('is the same in every order of arrival where one second holds them all, and their numbers say which came first', () => {
    const numbered = ['a', 'b', 'c', 'd'].map((text, i) => filed(content('amended', 11, text), 0, `RIS-${i + 8}`));
    for (const order of permutations(numbered)) {
      const history = order.reduce<readonly FiledVersion[]>(
        (so, incoming, i) => withVersion({ ...incoming, journalSequence: i + 1 }, so) ?? so,
        [],
      );
      expect(history.map((one) => one.content.findings)).toEqual(['a', 'b', 'c', 'd']);
    }
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((one, i) => permutations(items.filter((_, j) => j !== i)).map((rest) => [one, ...rest]));
}
