import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { useEffect, useRef, useState } from 'react';
import { documentFetchers } from '../../lib/fetch-document';
import { framesFetcher } from '../../lib/fetch-frames';
import { mountViewerLazily } from '../../lib/mount-viewer-lazily';
import { type StaffApi, wordsOf } from '../../staff/staff-session';
import { renderReport } from '../../ui/report-view';
import type { ViewerHandle } from '../../viewer/viewer-contract';
import { text } from './text-zh';

interface FilmReaderProps {
  readonly api: StaffApi;
  readonly filmId: string;
  readonly onClose: () => void;
}

/** A film as its reader sees it: images and report on one screen. */
export function FilmReader({ api, filmId, onClose }: FilmReaderProps) {
  const [film, setFilm] = useState<FilmManifest>();
  const [error, setError] = useState('');
  const [isLoading, setLoading] = useState(true);
  const [reading, setReading] = useState(0);
  const viewerBox = useRef<HTMLDivElement>(null);
  const reportBox = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let isGone = false;
    void api.call('film', { params: { filmId } }).then((result) => {
      if (isGone) return;
      if (result.ok) setFilm(result.value);
      else setError(wordsOf(result));
    });
    return () => {
      isGone = true;
    };
  }, [api, filmId, reading]);

  useEffect(() => {
    const box = viewerBox.current;
    if (film === undefined || box === null) return;
    reportBox.current?.replaceChildren(renderReport(film));
    let viewer: ViewerHandle | undefined;
    let isGone = false;
    mountViewerLazily(box, {
      manifest: film,
      fetchFrames: framesFetcher({
        route: { name: 'filmFrames', filmId },
        token: () => api.token(),
        onChanged: () => setReading((turn) => turn + 1),
      }),
      ...documentFetchers({ film: { via: 'staff', filmId }, token: () => api.token() }),
      onAccessLost: () => api.accessLost(),
    })
      .then((mounted) => {
        if (isGone) mounted.destroy();
        else viewer = mounted;
      })
      .catch(() => setError(text.viewerFailed))
      .finally(() => setLoading(false));
    return () => {
      isGone = true;
      viewer?.destroy();
    };
  }, [api, film, filmId]);

  return (
    <main className="reader">
      <header className="reader-top">
        <button className="button button-quiet button-small" type="button" onClick={onClose} autoFocus>
          {text.close}
        </button>
        <strong>{film?.examItem}</strong>
      </header>
      <section className="reader-images" aria-label={text.openViewer}>
        <div ref={viewerBox} className="reader-viewer" />
        {(error !== '' || isLoading) && (
          <p className="reader-state" role={error === '' ? 'status' : 'alert'}>
            {error === '' && <span className="spinner" />}
            {error === '' ? text.viewerLoading : error}
          </p>
        )}
      </section>
      <div ref={reportBox} className="reader-report" tabIndex={0} role="region" aria-label={text.detail} />
    </main>
  );
}
