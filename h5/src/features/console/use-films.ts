import type { ApiFailure } from '@yingyun/shared/contract/api-client';
import type { FilmListItem } from '@yingyun/shared/contract/routes';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { StaffApi } from '../../staff/staff-session';

const pageSize = 30;
const debounceMs = 250;

export interface Films {
  readonly films: readonly FilmListItem[];
  readonly state: 'loading' | 'ready' | 'loading-more' | 'failed';
  readonly failure: ApiFailure | undefined;
  readonly hasMore: boolean;
  /** The query these films answer; the field may be ahead of it. */
  readonly query: string;
  loadMore(): void;
  reload(): void;
  /** What the detail has just learnt about a film's shares. */
  setActiveShares(filmId: string, count: number): void;
}

type Held = Pick<Films, 'films' | 'state' | 'failure' | 'query'> & { readonly cursor: string | null };

/** The list of films for what stands in the search field: waits until typing pauses, drops answers that come too late. */
export function useFilms(api: StaffApi, typed: string): Films {
  const [held, setHeld] = useState<Held>({ films: [], state: 'loading', failure: undefined, query: '', cursor: null });
  const newest = useRef(0);

  const ask = useCallback(
    async (query: string, cursor: string | null, before: readonly FilmListItem[]) => {
      const turn = ++newest.current;
      const result = await api.call('listFilms', {
        body: { q: query, limit: pageSize, ...(cursor === null ? {} : { cursor }) },
      });
      if (turn !== newest.current) return;
      if (result.ok) {
        const known = new Set(before.map((film) => film.filmId)); // a film published between two pages may come twice
        const fresh = result.value.films.filter((film) => !known.has(film.filmId));
        setHeld({
          films: [...before, ...fresh],
          state: 'ready',
          failure: undefined,
          query,
          cursor: result.value.nextCursor,
        });
      } else {
        setHeld({ films: before, state: 'failed', failure: result, query, cursor });
      }
    },
    [api],
  );

  const query = typed.trim();
  const isFirst = useRef(true);
  useEffect(() => {
    const delay = isFirst.current ? 0 : debounceMs;
    isFirst.current = false;
    const timer = setTimeout(() => {
      setHeld((old) => ({ ...old, state: 'loading' }));
      void ask(query, null, []);
    }, delay);
    return () => clearTimeout(timer);
  }, [ask, query]);

  const setActiveShares = useCallback((filmId: string, activeShares: number) => {
    setHeld((old) => ({
      ...old,
      films: old.films.map((film) => (film.filmId === filmId ? { ...film, activeShares } : film)),
    }));
  }, []);

  return {
    films: held.films,
    state: held.state,
    failure: held.failure,
    query: held.query,
    hasMore: held.cursor !== null,
    loadMore() {
      if (held.cursor === null || held.state === 'loading-more') return;
      setHeld({ ...held, state: 'loading-more' });
      void ask(held.query, held.cursor, held.films);
    },
    reload() {
      setHeld({ ...held, state: 'loading' });
      void ask(held.query, null, []);
    },
    setActiveShares,
  };
}
