import type { ApiClient } from '@yingyun/shared/contract/api-client';
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import type { FirstPicture, OpenedShare } from '@yingyun/shared/contract/routes';
import { byId, element } from '../../lib/element';
import { documentFetchers } from '../../lib/fetch-document';
import { framesFetcher } from '../../lib/fetch-frames';
import { formatInstant } from '../../lib/format-time';
import type { MountViewer } from '../../lib/mount-viewer-lazily';
import { renderReport } from '../../ui/report-view';
import type { ViewerHandle } from '../../viewer/viewer-contract';
import { keepRenewed } from './keep-renewed';
import { text } from './text-zh';

/** The report waits for the first image, but not longer than this. */
const reportWaitsMs = 800;

/**
 * Shows an opened share: viewer, report. Ends by wiping everything of the patient from memory and screen, once, when
 * the server no longer lets us in; then `onLost` says why ('timed-out': the session ran out; 'unavailable': anything else).
 */
export function openFilm(
  client: ApiClient,
  opened: OpenedShare,
  mountViewer: MountViewer,
  onLost: (why: 'timed-out' | 'unavailable') => void,
): void {
  const report = byId('report', HTMLElement);
  const viewerBox = byId('viewer', HTMLElement);
  const viewerState = byId('viewer-state', HTMLElement);
  let viewer: ViewerHandle | undefined;
  let isOpen = true;

  const lose = (why: 'timed-out' | 'unavailable') => {
    if (!isOpen) return;
    isOpen = false;
    kept.stop();
    viewer?.destroy();
    for (const place of [report, viewerBox, viewerState]) place.replaceChildren();
    document.title = text.pageTitle;
    onLost(why);
  };
  const kept = keepRenewed({
    opened,
    renew: (token) => client.call('renewShare', { token }),
    visibility: pageVisibility,
    onRefused: (hadRunOut) => lose(hadRunOut ? 'timed-out' : 'unavailable'),
  });

  const show = (film: FilmManifest, firstPicture: FirstPicture | null) => {
    // Laying out a page of Chinese takes a phone as long as fetching the first image: one after the other, the image first.
    const showReportOnce = once(() => showReport(film));
    setTimeout(showReportOnce, reportWaitsMs);
    void showImages(film, firstPicture, showReportOnce);
  };

  const load = async () => {
    const asked = client.call('sharedFilm', { token: kept.token() }); // on its way while the page is built
    viewer?.destroy();
    viewer = undefined;
    report.replaceChildren(reportSkeleton());
    viewerState.replaceChildren(element('span', { class: 'spinner' }), text.viewerLoading);
    const film = await asked;
    if (!isOpen) return;
    if (film.ok) {
      show(film.value, null);
    } else if (film.status === 401 || film.status === 403 || film.code === 'share-unavailable') {
      lose('unavailable');
    } else {
      report.replaceChildren(retry(film.message === '' ? text.filmFailed : film.message, load));
      viewerState.replaceChildren();
    }
  };

  const showReport = (manifest: FilmManifest) => {
    if (!isOpen) return;
    const validUntil = text.linkValidUntil(formatInstant(opened.shareExpiresAt));
    report.replaceChildren(renderReport(manifest), element('p', { class: 'report-link' }, validUntil));
    report.scrollTop = 0;
    document.title = manifest.examItem === '' ? text.pageTitle : `${manifest.examItem} · ${text.pageTitle}`;
  };

  const showImages = async (manifest: FilmManifest, firstPicture: FirstPicture | null, onFirstImage: () => void) => {
    viewerState.replaceChildren(element('span', { class: 'spinner' }), text.viewerLoading);
    try {
      const mounted = await mountViewer(viewerBox, {
        manifest,
        firstPicture,
        fetchFrames: framesFetcher({
          route: { name: 'sharedFrames' },
          token: kept.token,
          onChanged: () => void load(),
        }),
        ...documentFetchers({ film: { via: 'share' }, token: kept.token }),
        onAccessLost: () => lose('unavailable'),
        onFirstImage: () => setTimeout(onFirstImage), // after this frame is on the screen
      });
      if (!isOpen) return mounted.destroy();
      viewer = mounted;
      viewerState.replaceChildren();
    } catch {
      // The chunk couldn't be fetched, or the device lacks what the viewer needs: the report is still worth reading.
      onFirstImage();
      if (isOpen)
        viewerState.replaceChildren(retry(text.viewerFailed, () => showImages(manifest, firstPicture, onFirstImage)));
    }
  };

  report.replaceChildren(reportSkeleton());
  if (opened.film === null) void load();
  else show(opened.film, opened.firstPicture);
}

const pageVisibility = {
  isVisible: () => document.visibilityState === 'visible',
  onChange(listener: () => void) {
    document.addEventListener('visibilitychange', listener);
    window.addEventListener('online', listener);
    return () => {
      document.removeEventListener('visibilitychange', listener);
      window.removeEventListener('online', listener);
    };
  },
};

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

function retry(words: string, again: () => Promise<void>): HTMLElement {
  const button = element('button', { class: 'button button-quiet', type: 'button' }, text.filmRetry);
  button.addEventListener('click', () => void again(), { once: true });
  return element('div', { class: 'retry', role: 'alert' }, element('p', {}, words), button);
}

function reportSkeleton(): HTMLElement {
  const bars = ['short', 'title', 'mid', 'block', 'long', 'long', 'mid'].map((size) =>
    element('i', { class: `bone bone-${size}` }),
  );
  return element('div', { class: 'skeleton', 'aria-hidden': 'true' }, ...bars);
}
