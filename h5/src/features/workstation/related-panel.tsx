import type { ApiFailure } from '@yingyun/shared/contract/api-client';
import type { ExamListItem } from '@yingyun/shared/contract/exam-routes';
import { useEffect, useState } from 'react';
import { formatExamAt } from '../../lib/format-time';
import type { StaffApi } from '../../staff/staff-session';
import { text } from './text-zh';
import { wordsOf } from './words-of';

export interface Related {
  readonly exams: readonly ExamListItem[] | undefined;
  readonly failure: ApiFailure | undefined;
}

/** The same patient's other exams. */
export function useRelated(api: StaffApi, filmId: string): Related {
  const [related, setRelated] = useState<Related>({ exams: undefined, failure: undefined });
  useEffect(() => {
    let isGone = false;
    void api.call('relatedExams', { params: { filmId } }).then((result) => {
      if (isGone) return;
      setRelated(result.ok ? { exams: result.value.exams, failure: undefined } : { exams: undefined, failure: result });
    });
    return () => {
      isGone = true;
    };
  }, [api, filmId]);
  return related;
}

interface RelatedPanelProps {
  readonly related: Related;
  readonly besideId: string | undefined;
  /** Undefined where the screen has no room for two. */
  readonly onBeside: ((filmId: string | undefined) => void) | undefined;
  readonly onOpen: (filmId: string) => void;
}

export function RelatedPanel({ related, besideId, onBeside, onOpen }: RelatedPanelProps) {
  if (related.failure !== undefined)
    return (
      <p className="panel-note" role="alert">
        {wordsOf(related.failure)}
      </p>
    );
  if (related.exams === undefined) return <p className="panel-note dim">{text.loading}</p>;
  if (related.exams.length === 0) return <p className="panel-note dim">{text.noRelated}</p>;
  return (
    <ul className="related">
      {related.exams.map((exam) => {
        const isBeside = exam.filmId === besideId;
        return (
          <li key={exam.filmId} data-beside={isBeside}>
            <p className="related-line">
              {exam.modalities.map((modality) => (
                <span key={modality} className="code">
                  {modality}
                </span>
              ))}
              <strong>{exam.examItem}</strong>
            </p>
            <p className="dim">
              {formatExamAt(exam.examAt)} · {text.images(exam.instanceCount)} · {text.reports[exam.reportStatus]}
            </p>
            <p className="related-actions">
              {onBeside !== undefined && (
                <button
                  className="toggle"
                  type="button"
                  aria-pressed={isBeside}
                  onClick={() => onBeside(isBeside ? undefined : exam.filmId)}
                >
                  {isBeside ? text.closeBeside : text.beside}
                </button>
              )}
              <button className="toggle" type="button" onClick={() => onOpen(exam.filmId)}>
                {text.open}
              </button>
            </p>
          </li>
        );
      })}
    </ul>
  );
}
