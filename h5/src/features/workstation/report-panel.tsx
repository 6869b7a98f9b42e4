import type { FilmManifest, ReportManifest } from '@yingyun/shared/contract/film-manifest';
import { useState } from 'react';
import { formatInstant } from '../../lib/format-time';
import type { StaffApi } from '../../staff/staff-session';
import { otherVersions } from './other-versions';
import { text } from './text-zh';
import { wordsOf } from './words-of';

interface ReportPanelProps {
  readonly api: StaffApi;
  readonly film: FilmManifest;
}

/** The report beside the images: impression first, then findings, who stands for it, and the versions before it. */
export function ReportPanel({ api, film }: ReportPanelProps) {
  const [older, setOlder] = useState<readonly ReportManifest[]>();
  const [error, setError] = useState('');
  const { report } = film;
  const showVersions = async () => {
    if (older !== undefined) return setOlder(undefined);
    setError('');
    const result = await api.call('examReports', { params: { filmId: film.filmId } });
    if (!result.ok) return setError(wordsOf(result));
    setOlder(otherVersions(report, result.value.versions));
  };
  return (
    <article className="report-panel" lang="zh-CN">
      {report === null ? <p className="panel-note">{text.noReport}</p> : <Version report={report} />}
      {report !== null && (film.reportVersionCount ?? 0) > 1 && (
        <button className="plain" type="button" aria-expanded={older !== undefined} onClick={() => void showVersions()}>
          {older === undefined ? text.versions : text.hideVersions}
        </button>
      )}
      <p className="error" role="alert">
        {error}
      </p>
      {older?.map((version, i) => (
        <div key={`${i} ${version.version}`} className="older">
          <Version report={version} />
        </div>
      ))}
      <p className="panel-foot dim">{film.completeness.text}</p>
      {report !== null && (
        <button className="plain" type="button" onClick={() => window.print()}>
          {text.printReport}
        </button>
      )}
    </article>
  );
}

function Version({ report }: { readonly report: ReportManifest }) {
  const signed: readonly (readonly [string, string, string])[] = [
    [text.reportingDoctor, report.reportingDoctor, formatInstant(report.reportedAt)],
    [text.approvingDoctor, report.approvingDoctor, formatInstant(report.approvedAt)],
  ];
  return (
    <>
      <p className="report-line">
        <span className="status" data-state={report.status}>
          {report.status === 'preliminary' ? text.preliminaryMark : text.reports[report.status]}
        </span>
        <span className="dim">{text.version(report.version)}</span>
      </p>
      {report.status === 'preliminary' && <p className="panel-note">{text.preliminaryNote}</p>}
      {report.status === 'withdrawn' && <p className="panel-note">{text.withdrawnReport}</p>}
      <h3>{text.impression}</h3>
      <p className="report-words strong">{report.impression.trim() || text.empty}</p>
      <h3>{text.findings}</h3>
      <p className="report-words">{report.findings.trim() || text.empty}</p>
      <dl className="signed">
        {signed
          .filter(([, doctor]) => doctor !== '')
          .map(([role, doctor, at]) => (
            <div key={role}>
              <dt>{role}</dt>
              <dd>
                {doctor} <span className="dim">{at}</span>
              </dd>
            </div>
          ))}
      </dl>
    </>
  );
}
