import type { FilmListItem } from '@yingyun/shared/contract/routes';
import { useState } from 'react';
import type { StaffApi, StaffSession } from '../../staff/staff-session';
import { wordsOf } from '../../staff/staff-session';
import mark from '../../ui/mark.svg';
import { FilmDetail } from './film-detail';
import { FilmReader } from './film-reader';
import { FilmRow } from './film-row';
import { text } from './text-zh';
import { type Films, useFilms } from './use-films';
import { useRoute } from './use-route';

interface FilmsPageProps {
  readonly api: StaffApi;
  readonly session: StaffSession;
  readonly onSignOut: () => void;
}

/** List and search on the left, the chosen film beside or over it, the film itself over everything. */
export function FilmsPage({ api, session, onSignOut }: FilmsPageProps) {
  const [typed, setTyped] = useState('');
  const [query, setQuery] = useState('');
  const films = useFilms(api, query);
  const [route, go] = useRoute();
  // A search may take the chosen film out of the list; its detail stays what it was.
  const [lastChosen, setLastChosen] = useState<FilmListItem>();
  const chosen = [...films.films, lastChosen].find((film) => film?.filmId === route.filmId);

  const close = () => {
    const closed = route.filmId;
    go({ filmId: undefined, isReading: false });
    requestAnimationFrame(() => document.getElementById(`film-${closed}`)?.focus());
  };
  if (route.filmId !== undefined && route.isReading) {
    const { filmId } = route;
    return <FilmReader api={api} filmId={filmId} onClose={() => go({ filmId, isReading: false })} />;
  }
  return (
    <div className="console" data-open={route.filmId !== undefined}>
      <header className="top">
        <img src={mark} alt="" width={36} height={36} />
        <div className="top-title">
          <strong>
            {text.product} · {text.title}
          </strong>
          <span>{session.hospitalName}</span>
        </div>
        <span className="top-who">{session.displayName}</span>
        <button className="button button-quiet button-small" type="button" onClick={onSignOut}>
          {text.signOut}
        </button>
      </header>
      <main className="films" aria-label={text.films}>
        <form className="search" role="search" onSubmit={(event) => event.preventDefault()}>
          <label className="visually-hidden" htmlFor="search">
            {text.search}
          </label>
          <input
            id="search"
            type="search"
            value={typed}
            placeholder={text.searchPlaceholder}
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              setTyped(event.target.value);
              // An input method's unfinished pinyin isn't a query yet.
              if (!(event.nativeEvent as InputEvent).isComposing) setQuery(event.target.value); // React types it as Event
            }}
            onCompositionEnd={(event) => setQuery(event.currentTarget.value)}
          />
        </form>
        <FilmList
          films={films}
          chosen={route.filmId}
          onChoose={(film) => {
            setLastChosen(film);
            go({ filmId: film.filmId, isReading: false });
          }}
        />
      </main>
      {route.filmId !== undefined && (
        <FilmDetail
          key={route.filmId}
          api={api}
          filmId={route.filmId}
          listed={chosen}
          onActiveShares={films.setActiveShares}
          onOpen={(filmId) => go({ filmId, isReading: true })}
          onClose={close}
        />
      )}
    </div>
  );
}

interface FilmListProps {
  readonly films: Films;
  readonly chosen: string | undefined;
  readonly onChoose: (film: FilmListItem) => void;
}

function FilmList({ films, chosen, onChoose }: FilmListProps) {
  if (films.state === 'failed' && films.films.length === 0) {
    return (
      <div className="empty" role="alert">
        <p>{films.failure === undefined ? text.failed : wordsOf(films.failure)}</p>
        <button className="button button-quiet" type="button" onClick={films.reload}>
          {text.retry}
        </button>
      </div>
    );
  }
  if (films.state === 'loading' && films.films.length === 0) return <RowSkeletons />;
  if (films.films.length === 0) {
    return (
      <div className="empty" role="status">
        <h2>{films.query === '' ? text.noFilms : text.noMatch}</h2>
        <p>{films.query === '' ? text.noFilmsHint : text.noMatchHint}</p>
      </div>
    );
  }
  return (
    <>
      <p className="list-count" role="status">
        {text.listCount(films.films.length, films.hasMore)}
      </p>
      <ul className="rows" data-stale={films.state === 'loading'}>
        {films.films.map((film) => (
          <FilmRow key={film.filmId} film={film} isChosen={film.filmId === chosen} onChoose={onChoose} />
        ))}
      </ul>
      {films.state === 'failed' && (
        <p className="error" role="alert">
          {films.failure === undefined ? text.failed : wordsOf(films.failure)}
        </p>
      )}
      {films.hasMore && (
        <button
          className="button button-quiet more"
          type="button"
          disabled={films.state === 'loading-more'}
          aria-busy={films.state === 'loading-more'}
          onClick={films.loadMore}
        >
          {films.state === 'loading-more' ? text.loading : text.loadMore}
        </button>
      )}
    </>
  );
}

function RowSkeletons() {
  return (
    <div aria-busy="true" aria-label={text.loading}>
      {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
        <div key={key} className="row row-bones">
          <i className="bone bone-mid" />
          <i className="bone bone-long" />
        </div>
      ))}
    </div>
  );
}
