import { useEffect, useState } from 'react';
import type { StaffApi } from '../../staff/staff-session';
import { ExamBar } from './exam-bar';
import { PrintedReport } from './printed-report';
import { Reading } from './reading';
import { text } from './text-zh';
import { useFilm } from './use-film';
import type { WorkstationRoute } from './use-route';
import { useViewerKit } from './use-viewer-kit';

interface ExamPageProps {
  readonly api: StaffApi;
  readonly filmId: string;
  readonly besideId: string | undefined;
  readonly onGo: (route: WorkstationRoute) => void;
  readonly onOpened: (filmId: string) => void;
}

/** An exam: who and what in one line, then images, series, report and the patient's other exams. */
export function ExamPage({ api, filmId, besideId, onGo, onOpened }: ExamPageProps) {
  const main = useFilm(api, filmId);
  const beside = useFilm(api, besideId);
  const { kit, hasFailed } = useViewerKit();
  const [isPanelOpen, setPanelOpen] = useState(true);
  const isOpened = main.film !== undefined;
  useEffect(() => {
    if (isOpened) onOpened(filmId);
  }, [isOpened, filmId, onOpened]);
  const back = () => onGo({ filmId: undefined, besideId: undefined });
  const error = main.error !== '' ? main.error : hasFailed ? text.viewerFailed : beside.error;
  return (
    <div className="exam-page" data-panel={isPanelOpen}>
      <ExamBar
        film={main.film?.manifest}
        isPanelOpen={isPanelOpen}
        onPanel={() => setPanelOpen(!isPanelOpen)}
        onBack={back}
      />
      {main.film !== undefined && <PrintedReport film={main.film.manifest} />}
      {error !== '' && (
        <p className="exam-error" role="alert">
          {error}
          {!hasFailed && (
            <button className="toggle" type="button" onClick={main.error !== '' ? main.retry : beside.retry}>
              {text.retry}
            </button>
          )}
        </p>
      )}
      {main.film === undefined ? (
        error === '' && (
          <p className="exam-loading" role="status">
            <span className="spinner" /> {text.loading}
          </p>
        )
      ) : (
        <Reading
          api={api}
          kit={kit}
          main={main.film}
          beside={beside.film}
          besideId={besideId}
          onGo={onGo}
          onBack={back}
          onPanelOpen={() => setPanelOpen(true)}
        />
      )}
    </div>
  );
}
