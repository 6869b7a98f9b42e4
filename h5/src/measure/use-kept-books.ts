import { MarkBook } from '@yingyun/shared/measure/mark-book';
import { useEffect, useState } from 'react';
import type { StaffApi } from '../staff/staff-session';
import { type Keeping, keepMarks, type MarkKeeper } from './keep-marks';

/** All marks of the exams that are open, whichever viewports show them, and whether the server has them. */
export interface KeptBooks {
  /** Read from the server, and kept there, from the first time it is asked for. */
  bookOf(filmId: string): MarkBook;
  keeping(filmId: string | undefined): Keeping;
  listen(listener: () => void): () => void;
}

/** Ends with the page, and saves what is still on its way. */
export function useKeptBooks(api: StaffApi): KeptBooks {
  const [books] = useState(() => keptBooks(api));
  useEffect(() => {
    const flush = () => books.close();
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, [books]);
  return books;
}

function keptBooks(api: StaffApi): KeptBooks & { close(): void } {
  const kept = new Map<string, { readonly book: MarkBook; readonly keeper: MarkKeeper }>();
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  return {
    bookOf(filmId) {
      const known = kept.get(filmId);
      if (known !== undefined) return known.book;
      const book = new MarkBook();
      kept.set(filmId, { book, keeper: keepMarks(api, filmId, book, tell) });
      return book;
    },
    keeping: (filmId) => (filmId === undefined ? 'none' : (kept.get(filmId)?.keeper.state ?? 'none')),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      for (const { keeper } of kept.values()) keeper.close();
      kept.clear();
    },
  };
}
