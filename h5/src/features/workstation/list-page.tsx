import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { SignedInStaff } from '../../staff/staff-app';
import mark from '../../ui/mark.svg';
import { ExamFilters } from './exam-filters';
import { filterCount } from './exam-query';
import { ExamRows } from './exam-rows';
import { text } from './text-zh';
import type { Exams } from './use-exams';
import { usePolling } from './use-polling';

interface ListPageProps {
  readonly staff: SignedInStaff;
  readonly exams: Exams;
  readonly onOpen: (filmId: string) => void;
}

/** Search, filters, and the exams that match. */
export function ListPage({ staff, exams, onOpen }: ListPageProps) {
  const { query } = exams;
  const [typed, setTyped] = useState(query.q);
  const [showsFilters, setShowsFilters] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const slash = (event: globalThis.KeyboardEvent) => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement)
        return;
      event.preventDefault();
      field.current?.select();
    };
    window.addEventListener('keydown', slash);
    return () => window.removeEventListener('keydown', slash);
  }, []);

  usePolling(exams.refresh);
  const takeNews = () => {
    exams.takeNews();
    list.current?.scrollTo({ top: 0 });
    list.current?.focus({ preventScroll: true });
  };

  const rows = () => [...(list.current?.querySelectorAll<HTMLButtonElement>('.exam-row') ?? [])];
  const walk = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || event.target instanceof HTMLSelectElement) return;
    const all = rows();
    const at = all.indexOf(document.activeElement as HTMLButtonElement); // -1 where it is none of them
    if (at < 0 && event.target !== field.current) return;
    event.preventDefault();
    if (at + step < 0) field.current?.focus();
    else all[Math.min(at + step, all.length - 1)]?.focus();
  };
  const ask = (q: string) => exams.ask({ ...query, q }, true);
  const filters = filterCount(query);

  return (
    <div className="list-page" onKeyDown={walk}>
      <header className="bar">
        <img src={mark} alt="" width={26} height={26} />
        <strong className="bar-title">{text.title}</strong>
        <span className="dim bar-hospital">{staff.session.hospitalName}</span>
        <span className="bar-gap" />
        <span className="dim bar-who">{staff.session.displayName}</span>
        <button className="plain" type="button" onClick={staff.signOut}>
          {text.signOut}
        </button>
      </header>
      <form
        className="query"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          rows()[0]?.click();
        }}
      >
        <input
          ref={field}
          className="query-field"
          type="search"
          aria-label={text.search}
          title={text.searchHint}
          placeholder={text.searchPlaceholder}
          value={typed}
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
          autoFocus={matchMedia('(pointer: fine)').matches}
          onChange={(event) => {
            setTyped(event.target.value);
            // An input method's unfinished pinyin isn't a query yet.
            if (!(event.nativeEvent as InputEvent).isComposing) ask(event.target.value); // React types it as Event
          }}
          onCompositionEnd={(event) => ask(event.currentTarget.value)}
        />
        <button
          className="toggle filters-toggle"
          type="button"
          aria-expanded={showsFilters}
          onClick={() => setShowsFilters(!showsFilters)}
        >
          {text.filters}
          {filters > 0 && <span className="badge">{filters}</span>}
        </button>
        <div className="filters-box" data-open={showsFilters}>
          <ExamFilters query={query} onChange={(wish) => exams.ask(wish)} />
        </div>
      </form>
      {/* Always there, so that a screen reader hears what comes into it. */}
      <div className="news" role="status">
        {exams.newCount > 0 && exams.state !== 'loading' && (
          <button type="button" onClick={takeNews}>
            {text.newExams(exams.newCount)}
          </button>
        )}
      </div>
      <main ref={list} className="list" aria-label={text.exams} tabIndex={-1}>
        <ExamRows exams={exams} onOpen={onOpen} />
      </main>
    </div>
  );
}
