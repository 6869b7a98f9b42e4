import type { FilmState, ReportStatus } from '@yingyun/shared/domain/instance-state';
import { describe, expect, it } from 'vitest';
import { decideFilm as decide, type FilmSituation, topicOf } from './decide-film';

const reports = (...statuses: ReportStatus[]) => statuses.map((status) => ({ status, journalSequence: 1 }));
const states: FilmState[] = ['waiting', 'published', 'held', 'withdrawn'];

const decideFilm = (situation: Omit<FilmSituation, 'isShownUnreported'>) =>
  decide({ ...situation, isShownUnreported: false });

describe('what a patient may see', () => {
  it.each([
    ['no report', 'waiting', reports(), true, false, 'waiting'],
    ['a preliminary report', 'waiting', reports('preliminary'), true, false, 'waiting'],
    ['an approved report without images', 'waiting', reports('approved'), false, false, 'waiting'],
    ['an approved report while images come in', 'waiting', reports('approved'), true, true, 'waiting'],
    ['an approved report with images', 'waiting', reports('approved'), true, false, 'published'],
    ['an amended report with images', 'waiting', reports('amended'), true, false, 'published'],
    ['a withdrawn report with images', 'waiting', reports('withdrawn'), true, false, 'withdrawn'],
    ['a withdrawn report without images', 'waiting', reports('withdrawn'), false, true, 'withdrawn'],
    ['late images of a published film', 'published', reports('approved'), true, true, 'published'],
    ['a published film whose report is withdrawn', 'published', reports('withdrawn'), true, false, 'withdrawn'],
    ['a published film whose approval is taken back', 'published', reports('preliminary'), true, false, 'waiting'],
    ['a published film whose report went elsewhere', 'published', reports(), true, false, 'waiting'],
    ['one withdrawn of two reports', 'published', reports('withdrawn', 'approved'), true, false, 'published'],
    ['a withdrawn film that is approved again', 'withdrawn', reports('approved'), true, false, 'published'],
  ] as const)('%s: %s film', (_, state, own, hasImages, isReceiving, next) => {
    expect(decideFilm({ state, reports: own, hasImages, isReceiving }).state).toBe(next);
  });

  it('never opens what a person holds', () => {
    for (const status of ['preliminary', 'approved', 'amended', 'withdrawn'] as const) {
      expect(decideFilm({ state: 'held', reports: reports(status), hasImages: true, isReceiving: false }).state).toBe(
        'held',
      );
    }
  });

  it('publishes only with an approved or amended report, whatever else', () => {
    for (const state of states) {
      for (const own of [
        reports(),
        reports('preliminary'),
        reports('withdrawn'),
        reports('preliminary', 'withdrawn'),
      ]) {
        for (const hasImages of [true, false]) {
          for (const isReceiving of [true, false])
            expect(decideFilm({ state, reports: own, hasImages, isReceiving }).state).not.toBe('published');
        }
      }
    }
  });

  it.each([
    ['no report', 'waiting', reports(), true, false, 'published'],
    ['a preliminary report', 'waiting', reports('preliminary'), true, false, 'published'],
    ['no report, shown before', 'published', reports(), true, true, 'published'],
    ['no report while images come in', 'waiting', reports(), true, true, 'waiting'],
    ['no report and no image', 'waiting', reports(), false, false, 'waiting'],
    ['a withdrawn report', 'published', reports('withdrawn'), true, false, 'withdrawn'],
    ['a hold', 'held', reports(), true, false, 'held'],
  ] as const)('where films are shown without a report, %s: %s film', (_, state, own, hasImages, isReceiving, next) => {
    expect(decide({ state, reports: own, hasImages, isReceiving, isShownUnreported: true }).state).toBe(next);
  });

  it('looks again soon only where images on their way are all that is missing', () => {
    const settling = (state: FilmState, status: ReportStatus) =>
      decideFilm({ state, reports: reports(status), hasImages: true, isReceiving: true }).isSettling;
    expect([
      settling('waiting', 'approved'),
      settling('waiting', 'preliminary'),
      settling('published', 'approved'),
      settling('held', 'approved'),
    ]).toEqual([true, false, false, false]);
  });
});

describe('what a patient is told', () => {
  const by = (...sequences: number[]) =>
    sequences.map((journalSequence) => ({ status: 'approved' as const, journalSequence }));
  const gone = (journalSequence: number) => ({ status: 'withdrawn' as const, journalSequence });
  it.each([
    ['a film that waits', 'waiting', by(1), [], ''],
    ['a film that is held', 'held', by(1), [], ''],
    ['the first publication', 'published', by(2), [], 'film-ready/2'],
    ['the same again', 'published', by(2), ['film-ready/2'], 'film-ready/2'],
    ['a new version', 'published', by(3), ['film-ready/2'], 'film-amended/3'],
    ['a newer version that came earlier', 'published', by(1), ['film-ready/2'], 'film-amended/1'],
    ['a version whose number begins like a told one', 'published', by(2), ['film-ready/12'], 'film-amended/2'],
    ['a second report of the film', 'published', by(9, 2), ['film-ready/2'], 'film-amended/2+9'],
    [
      'a second report that is only preliminary',
      'published',
      [...by(2), { status: 'preliminary', journalSequence: 9 }],
      ['film-ready/2'],
      'film-ready/2',
    ],
    [
      'one of two reports withdrawn',
      'published',
      [...by(2), gone(11)],
      ['film-ready/2', 'film-amended/2+9'],
      'film-amended/2+11',
    ],
    ['a withdrawal', 'withdrawn', [gone(4)], ['film-ready/2', 'film-amended/3'], 'film-withdrawn/4'],
    ['a withdrawal of what was never published', 'withdrawn', [gone(2)], [], ''],
    ['a publication after it', 'published', by(5), ['film-ready/2', 'film-withdrawn/4'], 'film-amended/5'],
  ] as const)('%s', (_, state, own, earlier, topic) => {
    expect(topicOf(state, own, earlier)).toBe(topic);
  });
});
