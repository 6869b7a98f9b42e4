import type { FilmListItem } from '@yingyun/shared/contract/routes';
import { formatExamAt } from '../../lib/format-time';
import { formatAge, reportText } from '../../ui/text-zh';
import { text } from './text-zh';

interface FilmRowProps {
  readonly film: FilmListItem;
  readonly isChosen: boolean;
  readonly onChoose: (film: FilmListItem) => void;
}

/** One film in the list: who, what, when, and how far it has come. */
export function FilmRow({ film, isChosen, onChoose }: FilmRowProps) {
  return (
    <li>
      <button
        id={`film-${film.filmId}`}
        className="row"
        type="button"
        aria-current={isChosen}
        onClick={() => onChoose(film)}
      >
        <span className="row-who">
          <strong>{film.patientNameMasked}</strong>
          <span className="soft">{personDetails(film.sex, film.age)}</span>
        </span>
        <span className="row-what">
          <span>{film.examItem || film.modalities.join(' / ')}</span>
          <span className="soft">
            {film.modalities.join(' / ')} · {text.images(film.instanceCount)}
          </span>
        </span>
        <span className="row-when soft">{formatExamAt(film.examAt)}</span>
        <span className="row-state">
          <StateChips film={film} />
        </span>
      </button>
    </li>
  );
}

export function StateChips({ film }: { readonly film: FilmListItem }) {
  return (
    <>
      <span className="chip" data-state={film.state}>
        {text.filmState[film.state]}
      </span>
      {film.reportStatus !== 'approved' && (
        <span className="chip" data-state={film.reportStatus}>
          {text.reportStatus[film.reportStatus]}
        </span>
      )}
      {film.activeShares > 0 && <span className="chip chip-share">{text.activeShares(film.activeShares)}</span>}
    </>
  );
}

/** "男 · 57 岁", whichever of the two is known. */
export function personDetails(sex: string, age: string): string {
  const sexes: Readonly<Record<string, string>> = reportText.sex;
  return [sexes[sex] ?? sex, formatAge(age)].filter((part) => part !== '').join(' · ');
}
