import type { FilmState, ReportStatus } from '@yingyun/shared/domain/instance-state';
import { describe, expect, it } from 'vitest';
import { decideFilm, topicOf } from './decide-film';

const reports = (...statuses: ReportStatus[]) => statuses.map((status) => ({ status, version: 1 }));
const states: FilmState[] = ['waiting', 'published', 'held', 'withdrawn'];

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
  const at = (version: number) => [{ status: 'approved' as const, version }];
  it.each([
    ['a film that waits', 'waiting', at(1), [], ''],
    ['a film that is held', 'held', at(1), [], ''],
    ['the first publication', 'published', at(2), [], 'film-ready:2'],
    ['the same again', 'published', at(2), ['film-ready:2'], 'film-ready:2'],
    ['a new version', 'published', at(3), ['film-ready:2'], 'film-amended:3'],
    ['a second report of the film', 'published', [...at(2), ...at(1)], ['film-ready:2'], 'film-amended:3'],
    ['a withdrawal', 'withdrawn', at(4), ['film-ready:2', 'film-amended:3'], 'film-withdrawn:4'],
    ['a withdrawal of what was never published', 'withdrawn', at(2), [], ''],
    ['a publication after it', 'published', at(5), ['film-ready:2', 'film-withdrawn:4'], 'film-amended:5'],
  ] as const)('%s', (_, state, own, earlier, topic) => {
    expect(topicOf(state, own, earlier)).toBe(topic);
  });
});
