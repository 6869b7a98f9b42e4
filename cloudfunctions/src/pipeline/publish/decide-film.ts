import type { FilmState, ReportStatus } from '@yingyun/shared/domain/instance-state';
import { editionOf, isWithdrawal } from '../../ports/notifier';

export interface FilmSituation {
  readonly state: FilmState;
  readonly reports: readonly { readonly status: ReportStatus; readonly version: number }[];
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
 * What the patient is to be told, '' for nothing: "film-ready:2", "film-amended:3", "film-withdrawn:4". The number is the sum of the
 * reports' versions: it rises with each of them, so each is told once. `earlier` are the topics told before.
 */
export function topicOf(state: FilmState, reports: FilmSituation['reports'], earlier: readonly string[]): string {
  if (state !== 'published' && state !== 'withdrawn') return '';
  const edition = reports.reduce((sum, { version }) => sum + version, 0);
  const told = [...earlier].find(
    (topic) => editionOf(topic) === edition && isWithdrawal(topic) === (state === 'withdrawn'),
  );
  if (told !== undefined) return told;
  if (state === 'withdrawn') return earlier.some((topic) => !isWithdrawal(topic)) ? `film-withdrawn:${edition}` : '';
  return earlier.some((topic) => !isWithdrawal(topic)) ? `film-amended:${edition}` : `film-ready:${edition}`;
}
