import type { ExamListItem } from '@yingyun/shared/contract/exam-routes';
import { memo } from 'react';
import { formatExamAt } from '../../lib/format-time';
import { formatAge, reportText } from '../../ui/text-zh';
import { text } from './text-zh';

interface ExamRowProps {
  readonly exam: ExamListItem;
  readonly onOpen: (filmId: string) => void;
}

/** One exam of the list: a line on a wide screen, a card on a narrow one. */
export const ExamRow = memo(function ExamRow({ exam, onOpen }: ExamRowProps) {
  const person = [reportText.sex[exam.sex], formatAge(exam.age)].filter((part) => part !== '').join(' ');
  return (
    <li>
      <button
        id={`exam-${exam.filmId}`}
        className="exam-row"
        type="button"
        data-reading={exam.reading}
        onClick={() => onOpen(exam.filmId)}
      >
        <span className="cell-mark">
          {exam.reading !== 'read' && <span className="mark">{text.reading[exam.reading]}</span>}
        </span>
        <span className="cell-patient">
          <strong>{exam.patientName}</strong>
          <span className="dim">{person}</span>
        </span>
        <span className="cell-number dim">{exam.patientId}</span>
        <span className="cell-modality">
          {exam.modalities.map((modality) => (
            <span key={modality} className="code">
              {modality}
            </span>
          ))}
        </span>
        <span className="cell-exam">{exam.examItem}</span>
        <span className="cell-accession dim">{exam.accessionNumber}</span>
        <span className="cell-at">{formatExamAt(exam.examAt)}</span>
        <span className="cell-images dim">{text.images(exam.instanceCount)}</span>
        <span className="cell-report">
          <span className="status" data-state={exam.reportStatus}>
            {text.reports[exam.reportStatus]}
          </span>
        </span>
        <span className="cell-film">
          {exam.state !== 'published' && (
            <span className="status" data-state={exam.state}>
              {text.states[exam.state]}
            </span>
          )}
        </span>
      </button>
    </li>
  );
});
