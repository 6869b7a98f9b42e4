import type { FilmState, ReportStatus } from '@yingyun/shared/domain/instance-state';
import { isAbout, isWithdrawal } from '../../ports/notifier';
import { type CurrentVersion, editionOf } from '../film-edition';

export interface FilmSituation {
  readonly state: FilmState;
  readonly reports: readonly CurrentVersion[];
  /** At least one image is stored and verified. */
  readonly hasImages: boolean;
  /** An image is on its way and has moved lately. */
  readonly isReceiving: boolean;
  /** The hospital shows films without a report after a while, and this one has waited so long. */
  readonly isShownUnreported: boolean;
}

export interface FilmDecision {
  readonly state: FilmState;
  /** Nothing but images on their way stands between the film and its publication: look again soon. */
  readonly isSettling: boolean;
}

/**
 * What a patient may see. A film that a person holds stays held. One approved or amended report publishes it once images are there and
 * the study has settled; later images join it without closing it again. Otherwise a withdrawn report withdraws it, and a
 * preliminary report, or none, lets it wait: what was published goes back to waiting when its approval was taken back. Where the
 * hospital shows films without a report, one that has waited long enough shows its images, and no preliminary report with them.
 */
export function decideFilm(situation: FilmSituation): FilmDecision {
  const { state, reports, hasImages, isReceiving, isShownUnreported } = situation;
  if (state === 'held') return { state, isSettling: false };
  const has = (wanted: ReportStatus): boolean => reports.some(({ status }) => status === wanted);
  if (has('approved') || has('amended') || (isShownUnreported && !has('withdrawn'))) {
    if (state === 'published') return { state, isSettling: false };
    if (isReceiving) return { state: 'waiting', isSettling: true };
    return { state: hasImages ? 'published' : 'waiting', isSettling: false };
  }
  return { state: has('withdrawn') ? 'withdrawn' : 'waiting', isSettling: false };
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
