import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { documentFetchers } from '../../lib/fetch-document';
import { framesFetcher } from '../../lib/fetch-frames';
import type { StaffApi } from '../../staff/staff-session';
import type { ViewerOptions } from '../../viewer/viewer-contract';
import { wordsOf } from './words-of';

export type OpenFilm = Pick<ViewerOptions, 'manifest' | 'fetchFrames' | 'fetchDocument' | 'fetchOverlay'>;

/** An exam's manifest with the ways to its pixels and documents; read again when images have come or were corrected. */
export function useFilm(
  api: StaffApi,
  filmId: string | undefined,
): { readonly film?: OpenFilm; readonly error: string; readonly retry: () => void } {
  const [held, setHeld] = useState<{ manifest?: FilmManifest; error: string }>({ error: '' });
  const [reading, setReading] = useState(0);
  const readAgain = useCallback(() => setReading((turn) => turn + 1), []);

  useEffect(() => {
    if (filmId === undefined) return setHeld({ error: '' });
    let isGone = false;
    void api.call('film', { params: { filmId } }).then((result) => {
      if (isGone) return;
      setHeld(result.ok ? { manifest: result.value, error: '' } : { error: wordsOf(result) });
    });
    return () => {
      isGone = true;
    };
  }, [api, filmId, reading]);

  const { manifest, error } = held;
  const film = useMemo(() => {
    if (manifest === undefined || manifest.filmId !== filmId) return undefined;
    const route = { name: 'filmFrames', filmId } as const;
    const token = () => api.token();
    return {
      manifest,
      fetchFrames: framesFetcher({ route, token, onChanged: readAgain }),
      ...documentFetchers({ film: { via: 'staff', filmId }, token }),
    };
  }, [api, filmId, manifest, readAgain]);
  return { ...(film === undefined ? {} : { film }), error, retry: readAgain };
}
