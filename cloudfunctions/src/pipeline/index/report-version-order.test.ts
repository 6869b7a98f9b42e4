import { describe, expect, it } from 'vitest';
import { type FiledVersion, placeVersion, type VersionContent } from './report-version-order';

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

describe('the order of report versions', () => {
  const f = filed(content('approved', 10));
  it.each([
    ['the first version', filed(content('approved', 10)), [], 'new'],
    ['the same message again', filed(content('approved', 10), 2, 'M1'), [f], 'duplicate'],
    ['the same content under a new control ID', filed(content('approved', 10), 2), [f], 'duplicate'],
    ['a control ID used again for other content', filed(content('approved', 11, 'other'), 2, 'M1'), [f], 'new'],
    ['C after F', filed(content('amended', 11), 2), [f], 'new'],
    ['C in the same minute as F', filed(content('amended', 10), 2), [f], 'new'],
    [
      'F sent again under a new control ID after C',
      filed(content('approved', 10), 3),
      [f, filed(content('amended', 11), 2)],
      'stale',
    ],
    [
      'an unknown F older than C',
      filed(content('approved', 10, 'first'), 3),
      [filed(content('amended', 11), 2)],
      'stale',
    ],
    ['F in the same minute as C', filed(content('approved', 11, 'x'), 3), [filed(content('amended', 11), 2)], 'stale'],
    ['P in the same minute as F', filed(content('preliminary', 10), 2), [f], 'stale'],
    ['P later than F', filed(content('preliminary', 11), 2), [f], 'new'],
    ['X after F', filed(content('withdrawn', 11), 2), [f], 'new'],
    ['X in the same minute as F', filed(content('withdrawn', 10), 2), [f], 'new'],
    [
      'F of the same minute as X',
      filed(content('approved', 11, 'x'), 3),
      [filed(content('withdrawn', 11), 2)],
      'stale',
    ],
    ['F later than X', filed(content('approved', 12), 3), [f, filed(content('withdrawn', 11), 2)], 'new'],
    [
      'the withdrawn F sent again',
      filed(content('approved', 10), 3, 'M1'),
      [f, filed(content('withdrawn', 11), 2)],
      'duplicate',
    ],
    [
      'C acknowledged earlier than C of the same minute',
      filed(content('amended', 11, 'x'), 2),
      [filed(content('amended', 11, 'y'), 3)],
      'stale',
    ],
  ] as const)('%s', (_, incoming, versions, place) => {
    expect(placeVersion(incoming, versions)).toBe(place);
  });
});
