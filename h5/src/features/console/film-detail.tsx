import type { CreatedShare, FilmListItem, ShareItem } from '@yingyun/shared/contract/routes';
import { useCallback, useEffect, useRef, useState } from 'react';
import { formatExamAt } from '../../lib/format-time';
import { type StaffApi, wordsOf } from '../../staff/staff-session';
import { CreatedShareCard } from './created-share';
import { personDetails, StateChips } from './film-row';
import { ShareForm } from './share-form';
import { ShareRows } from './share-rows';
import { text } from './text-zh';

interface FilmDetailProps {
  readonly api: StaffApi;
  readonly filmId: string;
  /** The film as the list knows it; undefined where the address named a film that isn't listed. */
  readonly listed: FilmListItem | undefined;
  readonly onActiveShares: (filmId: string, count: number) => void;
  readonly onOpen: (filmId: string) => void;
  readonly onClose: () => void;
}

/** One film: summary, its shares, a new share. A panel on a wide screen, a page on a phone. */
export function FilmDetail({ api, filmId, listed, onActiveShares, onOpen, onClose }: FilmDetailProps) {
  const [shares, setShares] = useState<readonly ShareItem[]>();
  const [error, setError] = useState('');
  const [created, setCreated] = useState<CreatedShare>();
  const title = useRef<HTMLHeadingElement>(null);

  const loadShares = useCallback(async () => {
    const result = await api.call('listShares', { params: { filmId } });
    if (!result.ok) return setError(wordsOf(result));
    setError('');
    setShares(result.value.shares);
    onActiveShares(filmId, result.value.shares.filter((share) => share.state === 'active').length);
  }, [api, filmId, onActiveShares]);

  useEffect(() => {
    void loadShares();
    title.current?.focus();
  }, [loadShares]);
  useEffect(() => {
    const closeOnEscape = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) onClose();
    };
    window.addEventListener('keydown', closeOnEscape);
    return () => window.removeEventListener('keydown', closeOnEscape);
  }, [onClose]);

  return (
    <aside className="detail" aria-label={text.detail}>
      <header className="detail-top">
        <button className="button button-quiet button-small" type="button" onClick={onClose}>
          {text.backToList}
        </button>
      </header>
      <div className="detail-body">
        <h2 ref={title} tabIndex={-1}>
          {listed === undefined ? text.detail : listed.patientNameMasked}
          {listed !== undefined && <span className="soft"> {personDetails(listed.sex, listed.age)}</span>}
        </h2>
        {listed !== undefined && <Summary film={listed} />}
        <button className="button wide" type="button" onClick={() => onOpen(filmId)}>
          {text.openViewer}
        </button>

        <section aria-label={text.newShare}>
          <h3>{text.newShare}</h3>
          {created !== undefined ? (
            <CreatedShareCard share={created} film={listed} onDone={() => setCreated(undefined)} />
          ) : listed !== undefined && listed.state !== 'published' ? (
            <p className="soft">{text.shareNotYet}</p>
          ) : (
            <ShareForm
              api={api}
              filmId={filmId}
              onCreated={(share) => {
                setCreated(share);
                void loadShares();
              }}
            />
          )}
        </section>

        <section aria-label={text.shares}>
          <h3>{text.shares}</h3>
          {error !== '' && (
            <p className="error" role="alert">
              {error}
            </p>
          )}
          {shares === undefined && error === '' && <i className="bone bone-long" />}
          {shares !== undefined && <ShareRows api={api} shares={shares} onRevoked={loadShares} />}
        </section>
      </div>
    </aside>
  );
}

function Summary({ film }: { readonly film: FilmListItem }) {
  const rows: [string, string][] = [
    [text.exam, film.examItem],
    [text.examAt, formatExamAt(film.examAt)],
    [text.modality, film.modalities.join(' / ')],
    [text.count, text.images(film.instanceCount)],
  ];
  return (
    <>
      <p className="chips">
        <StateChips film={film} />
      </p>
      <dl className="summary">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
