import type { ApiFailure } from '@yingyun/shared/contract/api-client';
import type { PatientFilmItem } from '@yingyun/shared/contract/patient-routes';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useApp } from '../../session/session-context';

export type FilmListState =
  | { readonly at: 'loading' }
  /** `stale`: why this is the list of the last time; undefined: it is fresh. */
  | {
      readonly at: 'shown';
      readonly films: readonly PatientFilmItem[];
      readonly nextCursor: string | null;
      readonly hasLinks: boolean;
      readonly stale?: ApiFailure;
    }
  | { readonly at: 'failed'; readonly failure: ApiFailure };

interface KeptFilms {
  readonly films: readonly PatientFilmItem[];
  readonly hasLinks: boolean;
}

const pageSize = 30;

/** The person's films: what the device kept at once, then what the server says. */
export function useFilmList(isSignedIn: boolean) {
  const { session } = useApp();
  const [state, setState] = useState<FilmListState>({ at: 'loading' });
  const [isLoadingMore, setIsLoadingMore] = useState(false);
  const isAsking = useRef(false);

  const refresh = useCallback(async () => {
    if (isAsking.current) return;
    isAsking.current = true;
    try {
      await ask();
    } finally {
      isAsking.current = false;
    }
    async function ask(): Promise<void> {
      const { visit } = session;
      const kept = session.keptFilms<KeptFilms>();
      const asked = session.call('patientFilms', { query: { limit: pageSize } });
      const shown = await kept;
      if (shown !== null) setState((now) => (now.at === 'shown' ? now : { at: 'shown', nextCursor: null, ...shown }));
      const result = await asked;
      if (!result.ok) {
        const failure = result;
        setState((now) => (now.at === 'shown' ? { ...now, stale: failure } : { at: 'failed', failure }));
        return;
      }
      const { films, nextCursor } = result.value;
      // Only an empty list needs to know why it is empty.
      const account = films.length > 0 ? undefined : await session.call('patientAccount', {});
      const hasLinks = account === undefined || !account.ok || account.value.links.length > 0;
      setState({ at: 'shown', films, nextCursor, hasLinks });
      await session.keepFilms({ films, hasLinks } satisfies KeptFilms, visit);
    }
  }, [session]);

  const loadMore = useCallback(async () => {
    if (state.at !== 'shown' || state.nextCursor === null || isLoadingMore) return;
    setIsLoadingMore(true);
    const result = await session.call('patientFilms', { query: { limit: pageSize, cursor: state.nextCursor } });
    setIsLoadingMore(false);
    if (!result.ok) return setState({ ...state, stale: result });
    setState({
      at: 'shown',
      films: [...state.films, ...result.value.films],
      nextCursor: result.value.nextCursor,
      hasLinks: state.hasLinks,
    });
  }, [session, state, isLoadingMore]);

  useEffect(() => {
    if (isSignedIn) void refresh();
  }, [isSignedIn, refresh]);

  return { state, isLoadingMore, refresh, loadMore };
}
