import type { ApiFailure } from '@yingyun/shared/contract/api-client';
import type { PatientFilmPage } from '@yingyun/shared/contract/patient-routes';
import { useCallback, useEffect, useState } from 'react';
import { useApp } from '../../session/session-context';

export type FilmState =
  | { readonly at: 'loading' }
  | { readonly at: 'open'; readonly page: PatientFilmPage }
  | { readonly at: 'failed'; readonly failure: ApiFailure };

/** One film with its report and the person's other exams. */
export function useFilm(filmId: string, isSignedIn: boolean) {
  const { session } = useApp();
  const [state, setState] = useState<FilmState>({ at: 'loading' });
  const load = useCallback(async () => {
    setState({ at: 'loading' });
    const result = await session.call('patientFilm', { params: { filmId } });
    setState(result.ok ? { at: 'open', page: result.value } : { at: 'failed', failure: result });
  }, [session, filmId]);
  useEffect(() => {
    if (isSignedIn) void load();
  }, [isSignedIn, load]);
  return { state, load };
}
