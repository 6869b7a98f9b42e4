import type { FilmState, ReportStatus } from '@yingyun/shared/domain/instance-state';
import { isAbout, isWithdrawal } from '../../ports/notifier';

/** The version of a report that counts, and the number of its message in the journal. */
export interface CurrentVersion {
  readonly status: ReportStatus;
  readonly journalSequence: number;
}

export interface FilmSituation {
  readonly state: FilmState;
  readonly reports: readonly CurrentVersion[];
  /** At least one image is stored and verified. */
  readonly hasImages: boolean;
  /** An image is on its way and has moved lately. */
  readonly isReceiving: boolean;
}

export interface FilmDecision {
  readonly state: FilmState;
  /** Nothing but images on their way stands between the film and its publication: look again soon. */
  readonly isSettling: boolean;
}

/**
 * What a patient may see. A film that a person holds stays held. One approved or amended report publishes it once images are there and
 * the study has settled; later images join it without closing it again. Otherwise a withdrawn report withdraws it, and a
 * preliminary report, or none, lets it wait: what was published goes back to waiting when its approval was taken back.
 */
export function decideFilm({ state, reports, hasImages, isReceiving }: FilmSituation): FilmDecision {
  if (state === 'held') return { state, isSettling: false };
  if (reports.some(({ status }) => status === 'approved' || status === 'amended')) {
    if (state === 'published') return { state, isSettling: false };
    if (isReceiving) return { state: 'waiting', isSettling: true };
    return { state: hasImages ? 'published' : 'waiting', isSettling: false };
  }
  return { state: reports.some(({ status }) => status === 'withdrawn') ? 'withdrawn' : 'waiting', isSettling: false };
}

/**
 * What the patient is to be told, '' for nothing: "film-ready/12", "film-amended/15", "film-withdrawn/17". Keyed by the versions it is
 * about, so each is told once: one that only joins the history is no news, and no change of what counts goes unsaid. `earlier` are the topics
 * of before.
 */
export function topicOf(state: FilmState, reports: FilmSituation['reports'], earlier: readonly string[]): string {
  const edition = editionOf(state, reports);
  if (edition === '') return '';
  const isGone = state === 'withdrawn';
  const same = earlier.find((topic) => isAbout(topic, edition) && isWithdrawal(topic) === isGone);
  if (same !== undefined) return same;
  const wasReady = earlier.some((topic) => !isWithdrawal(topic));
  if (isGone) return wasReady ? `film-withdrawn/${edition}` : '';
  return `${wasReady ? 'film-amended' : 'film-ready'}/${edition}`;
}

/** The versions that a film in this state is about: "12", or "12+15" where it has two reports; '' where there is nothing to tell. */
export function editionOf(state: FilmState, reports: FilmSituation['reports']): string {
  if (state !== 'published' && state !== 'withdrawn') return '';
  const sequences = reports.flatMap((one) => (one.status === 'preliminary' ? [] : [one.journalSequence]));
  return [...new Set(sequences)].sort((a, b) => a - b).join('+');
}
