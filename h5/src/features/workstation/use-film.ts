import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { framesFetcher } from '../../lib/fetch-frames';
import type { StaffApi } from '../../staff/staff-session';
import type { ViewerOptions } from '../../viewer/viewer-contract';
import { wordsOf } from './words-of';

export interface OpenFilm {
  readonly manifest: FilmManifest;
  readonly fetchFrames: ViewerOptions['fetchFrames'];
}

/** An exam's manifest with the way to its pixels; read again when images have come or were corrected. */
export function useFilm(
  api: StaffApi,
  filmId: string | undefined,
): { readonly film?: OpenFilm; readonly error: string } {
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
    return { manifest, fetchFrames: framesFetcher({ route, token: () => api.token(), onChanged: readAgain }) };
  }, [api, filmId, manifest, readAgain]);
  return film === undefined ? { error } : { film, error };
}
