import { useEffect, useRef } from 'react';
import { filterCount } from './exam-query';
import { ExamRow } from './exam-row';
import { text } from './text-zh';
import type { Exams } from './use-exams';
import { wordsOf } from './words-of';

interface ExamRowsProps {
  readonly exams: Exams;
  readonly onOpen: (filmId: string) => void;
}

/** The rows, or why there are none; the next page comes when the end is near. */
export function ExamRows({ exams, onOpen }: ExamRowsProps) {
  const { state, failure, hasMore, loadMore } = exams;
  if (state === 'failed' && exams.exams.length === 0) {
    return (
      <div className="empty" role="alert">
        <p>{wordsOf(failure)}</p>
        {failure?.code !== 'forbidden' && (
          <button className="toggle" type="button" onClick={exams.reload}>
            {text.retry}
          </button>
        )}
      </div>
    );
  }
  if (state === 'loading' && exams.exams.length === 0) return <Bones />;
  if (exams.exams.length === 0) {
    const isOpen = exams.query.q.trim() === '' && filterCount(exams.query) === 0;
    return (
      <div className="empty" role="status">
        <h2>{isOpen ? text.noExams : text.noMatch}</h2>
        <p>{isOpen ? text.noExamsHint : text.noMatchHint}</p>
      </div>
    );
  }
  return (
    <>
      <div className="exam-head" aria-hidden="true">
        <span />
        <span>{text.columns.patient}</span>
        <span>{text.columns.number}</span>
        <span>{text.columns.modality}</span>
        <span>{text.columns.exam}</span>
        <span>{text.columns.accession}</span>
        <span>{text.columns.examAt}</span>
        <span className="right">{text.columns.images}</span>
        <span>{text.columns.report}</span>
        <span>{text.columns.film}</span>
      </div>
      <ul className="exam-rows" data-stale={state === 'loading'}>
        {exams.exams.map((exam) => (
          <ExamRow key={exam.filmId} exam={exam} onOpen={onOpen} />
        ))}
      </ul>
      {state === 'failed' && (
        <div className="list-end" role="alert">
          {wordsOf(failure)}
          <button className="toggle" type="button" onClick={loadMore}>
            {text.retry}
          </button>
        </div>
      )}
      {state !== 'failed' && (
        <p className="list-end dim" role="status">
          {text.count(exams.exams.length, hasMore)}
        </p>
      )}
      {hasMore && state !== 'failed' && <NearEnd onReach={loadMore} />}
    </>
  );
}

/** Tells when it comes within two screens of what is seen. */
function NearEnd({ onReach }: { readonly onReach: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const reach = useRef(onReach);
  reach.current = onReach;
  useEffect(() => {
    const target = box.current;
    if (target === null) return;
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) reach.current();
      },
      { rootMargin: '800px 0px' },
    );
    watch.observe(target);
    return () => watch.disconnect();
  });
  return <div ref={box} className="near-end" />;
}

function Bones() {
  return (
    <div className="bones" aria-busy="true" aria-label={text.loading}>
      {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key) => (
        <i key={key} className="bone bone-long" />
      ))}
    </div>
  );
}
