import type { FilmManifest, ReportManifest } from '@yingyun/shared/contract/film-manifest';
import { element } from '../lib/element';
import { formatExamAt, formatInstant } from '../lib/format-time';
import { formatAge, reportText } from './text-zh';

/**
 * A film's report as an article: whose examination, the impression, the findings, who stands for it, how complete the images are.
 * The impression comes first on screen, since it is what a reader looks for; on paper the findings do (report.css). The name is whole
 * where the manifest has it, which it has for staff who may see it.
 */
export function renderReport(manifest: FilmManifest): HTMLElement {
  const { report } = manifest;
  return element(
    'article',
    { class: 'report' },
    heading(manifest),
    ...(report === null ? [notice(reportText.none)] : reportBody(report)),
    ...(report === null || report.status === 'withdrawn' ? [] : [signatures(report)]),
    completeness(manifest),
  );
}

function heading({ hospitalName, examItem, bodyPart, examAt, patient, report }: FilmManifest): HTMLElement {
  const person: [string, string][] = [
    [reportText.name, patient.name ?? patient.nameMasked],
    [reportText.sexName, reportText.sex[patient.sex]],
    [reportText.ageName, formatAge(patient.age)],
    [reportText.patientId, patient.patientId ?? ''],
  ];
  // On screen the values speak for themselves; paper has forms' names before them.
  const parts = person
    .filter(([, value]) => value !== '')
    .map(([name, value]) => element('span', { 'data-name': name }, value));
  const status =
    report === null
      ? []
      : [
          element(
            'span',
            { class: 'report-status' },
            element('span', { class: 'report-version' }, reportText.version(report.version)),
            element('span', { class: 'chip', 'data-state': report.status }, reportText.status[report.status]),
          ),
        ];
  return element(
    'header',
    { class: 'report-head' },
    element('p', { class: 'report-from' }, element('span', { class: 'report-hospital' }, hospitalName), ...status),
    element('h1', {}, examItem === '' ? bodyPart : examItem),
    element('p', { class: 'report-person' }, ...parts),
    element('p', { class: 'report-when' }, `${reportText.examAt} `, element('time', {}, formatExamAt(examAt))),
  );
}

function reportBody(report: ReportManifest): HTMLElement[] {
  if (report.status === 'withdrawn') return [notice(reportText.withdrawn)];
  return [
    ...(report.status === 'preliminary' ? [notice(reportText.preliminary)] : []),
    ...(report.status === 'amended' ? [notice(reportText.amended)] : []),
    passage('report-impression', reportText.impression, report.impression),
    passage('report-findings', reportText.findings, report.findings),
  ];
}

function passage(className: string, title: string, body: string): HTMLElement {
  const words = body.trim() === '' ? reportText.empty : body.trim();
  return element(
    'section',
    { class: className },
    element('h2', {}, title),
    element('p', { class: 'report-text' }, words),
  );
}

function signatures(report: ReportManifest): HTMLElement {
  const rows: [string, string][] = [
    [reportText.reportingDoctor, report.reportingDoctor],
    [reportText.approvingDoctor, report.approvingDoctor],
    [reportText.reportedAt, formatInstant(report.reportedAt)],
    [reportText.approvedAt, formatInstant(report.approvedAt)],
  ];
  const filled = rows.filter(([, value]) => value !== '');
  const cells = filled.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value)));
  return element('dl', { class: 'report-signed' }, ...cells);
}

function completeness(manifest: FilmManifest): HTMLElement {
  return element(
    'footer',
    { class: 'report-foot' },
    element('p', { class: 'report-complete' }, `${reportText.completeness}：${manifest.completeness.text}`),
    element('p', {}, reportText.disclaimer),
  );
}

function notice(words: string): HTMLElement {
  return element('p', { class: 'report-notice' }, words);
}
