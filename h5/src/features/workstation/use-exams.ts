import type { ApiFailure } from '@yingyun/shared/contract/api-client';
import type { ExamListItem } from '@yingyun/shared/contract/exam-routes';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { StaffApi } from '../../staff/staff-session';
import { type ExamQuery, openQuery, requestOf } from './exam-query';
import { type HeldList, listNews } from './list-news';

const pageSize = 40;
const debounceMs = 180;

export interface Exams {
  readonly query: ExamQuery;
  readonly exams: readonly ExamListItem[];
  readonly state: 'loading' | 'ready' | 'loading-more' | 'failed';
  readonly failure: ApiFailure | undefined;
  readonly hasMore: boolean;
  /** Asks anew: at once, or when typing pauses. */
  ask(query: ExamQuery, isTyping?: boolean): void;
  loadMore(): void;
  reload(): void;
  markRead(filmId: string): void;
  /** How many exams have come that the list doesn't show yet. */
  readonly newCount: number;
  /** Asks what is new: held rows change where they stand, new ones are counted. Answers whether the server could be asked. */
  refresh(): Promise<boolean>;
  /** Puts the new ones in their place. */
  takeNews(): void;
}

type Held = Pick<Exams, 'exams' | 'state' | 'failure'> & { readonly cursor: string | null };

/** The list for a query: waits until typing pauses, drops answers that come too late. */
export function useExams(api: StaffApi): Exams {
  const [query, setQuery] = useState(openQuery);
  const [held, setHeld] = useState<Held>({ exams: [], state: 'loading', failure: undefined, cursor: null });
  const [page, setPage] = useState<HeldList>();
  const revision = useRef<string>();
  const newest = useRef(0);
  const waiting = useRef<ReturnType<typeof setTimeout>>();

  const fetchPage = useCallback(
    async (wish: ExamQuery, cursor: string | null, before: readonly ExamListItem[]) => {
      const turn = ++newest.current;
      const result = await api.call('searchExams', {
        body: { ...requestOf(wish, new Date()), limit: pageSize, ...(cursor === null ? {} : { cursor }) },
      });
      if (turn !== newest.current) return;
      if (!result.ok) return setHeld({ exams: before, state: 'failed', failure: result, cursor });
      const known = new Set(before.map((exam) => exam.filmId)); // an exam corrected between two pages may come twice
      const fresh = result.value.exams.filter((exam) => !known.has(exam.filmId));
      const { nextCursor } = result.value;
      if (cursor === null) revision.current = result.value.revision;
      setHeld({ exams: [...before, ...fresh], state: 'ready', failure: undefined, cursor: nextCursor });
    },
    [api],
  );
  const ask = useCallback(
    (wish: ExamQuery, isTyping = false) => {
      setQuery(wish);
      setPage(undefined);
      revision.current = undefined;
      newest.current++; // what is on its way answers another question
      clearTimeout(waiting.current);
      setHeld((old) => ({ ...old, state: 'loading' }));
      waiting.current = setTimeout(() => void fetchPage(wish, null, []), isTyping ? debounceMs : 0);
    },
    [fetchPage],
  );
  useEffect(() => {
    ask(openQuery);
    return () => clearTimeout(waiting.current);
  }, [ask]);

  const refresh = async (): Promise<boolean> => {
    if (held.state !== 'ready') return true;
    const turn = newest.current;
    const known = revision.current === undefined ? {} : { knownRevision: revision.current };
    const body = { ...requestOf(query, new Date()), limit: pageSize, ...known };
    const result = await api.call('searchExams', { body });
    if (turn !== newest.current) return true;
    if (!result.ok) return false;
    revision.current = result.value.revision;
    if (result.value.isUnchanged === true) return true;
    const heard = { exams: result.value.exams, cursor: result.value.nextCursor };
    setPage(heard);
    setHeld((old) => ({ ...old, exams: listNews(old, heard).refreshed }));
    return true;
  };

  const markRead = useCallback((filmId: string) => {
    setHeld((old) => ({
      ...old,
      exams: old.exams.map((exam) => (exam.filmId === filmId ? { ...exam, reading: 'read' } : exam)),
    }));
  }, []);

  return {
    query,
    exams: held.exams,
    state: held.state,
    failure: held.failure,
    hasMore: held.cursor !== null,
    ask,
    loadMore() {
      if (held.cursor === null || held.state === 'loading-more' || held.state === 'loading') return;
      setHeld({ ...held, state: 'loading-more' });
      void fetchPage(query, held.cursor, held.exams);
    },
    reload: () => ask(query),
    markRead,
    newCount: page === undefined ? 0 : listNews(held, page).newCount,
    refresh,
    takeNews() {
      if (page !== undefined) setHeld((old) => ({ ...old, ...listNews(old, page).next }));
      setPage(undefined);
    },
  };
}
