import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { formatExamAt } from '../../lib/format-time';
import { formatAge, reportText } from '../../ui/text-zh';
import { text } from './text-zh';
import { Icon } from './tool-bar';

interface ExamBarProps {
  readonly film: FilmManifest | undefined;
  readonly isPanelOpen: boolean;
  readonly onPanel: () => void;
  readonly onBack: () => void;
}

/** Whose exam it is: always in sight, so that nobody reads the wrong patient. */
export function ExamBar({ film, isPanelOpen, onPanel, onBack }: ExamBarProps) {
  const panelName = isPanelOpen ? text.hidePanel : text.showPanel;
  return (
    <header className="bar exam-bar">
      <button className="tool icon-only" type="button" aria-label={text.back} title={text.back} onClick={onBack}>
        <Icon path="M15 5l-7 7 7 7" />
      </button>
      {film !== undefined && (
        <>
          <h1 className="exam-who">{film.patient.name ?? film.patient.nameMasked}</h1>
          <span className="exam-person dim">
            {reportText.sex[film.patient.sex]} {formatAge(film.patient.age)}
          </span>
          <span className="exam-id dim">{film.patient.patientId}</span>
          <span className="exam-what">
            {film.modalities.map((modality) => (
              <span key={modality} className="code">
                {modality}
              </span>
            ))}
            <strong>{film.examItem}</strong>
          </span>
          <span className="exam-when dim">
            {formatExamAt(film.examAt)} {film.accessionNumber}
          </span>
          {film.report?.status === 'preliminary' && (
            <span className="status" data-state="preliminary">
              {text.preliminaryMark}
            </span>
          )}
        </>
      )}
      <span className="bar-gap" />
      <ShortcutHelp />
      <button
        className="tool icon-only panel-toggle"
        type="button"
        aria-label={panelName}
        title={panelName}
        aria-expanded={isPanelOpen}
        onClick={onPanel}
      >
        <Icon path="M4 5h16v14H4zM14 5v14M16.5 9h1.5M16.5 12h1.5" />
      </button>
    </header>
  );
}

/** Which keys and buttons do what; for a screen that has a keyboard beside it. */
function ShortcutHelp() {
  return (
    <details
      className="help"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !event.currentTarget.open) return;
        event.currentTarget.open = false;
        event.preventDefault(); // the page's Escape leaves the exam
      }}
      onBlur={(event) => {
        event.currentTarget.open = false;
      }}
    >
      <summary className="tool icon-only" aria-label={text.shortcuts} title={text.shortcuts}>
        <Icon path="M3 7h18v10H3zM7 10.5h.5M11 10.5h.5M15 10.5h.5M8 14h8" />
      </summary>
      <dl className="help-list">
        {text.shortcutList.map(([keys, does]) => (
          <div key={keys}>
            <dt>{keys}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
