import { View } from '@tarojs/components';
import type { FilmManifest, ReportManifest } from '@yingyun/shared/contract/film-manifest';
import { ageWords, examWords, instantWords } from '../../ui/format-time';
import { Notice } from '../../ui/notice';
import { text } from './text-zh';

/** The report: whose examination, the impression first (it is what a reader looks for), the findings, who stands for it. */
export function Report({ film }: { film: FilmManifest }) {
  const { report, patient } = film;
  const person = [patient.nameMasked, text.sex[patient.sex], ageWords(patient.age)].filter((part) => part !== '');
  return (
    <View className="report">
      <View className="report-head">
        <View className="report-title">{film.examItem === '' ? film.bodyPart : film.examItem}</View>
        {report !== null && <View className={`chip chip-${report.status}`}>{text.status[report.status]}</View>}
      </View>
      <View className="report-line">{person.join('  ')}</View>
      <View className="report-line">{[examWords(film.examAt), film.hospitalName].join('  ')}</View>
      {report === null ? <Notice tone="calm">{text.noReport}</Notice> : <ReportBody report={report} />}
      <View className="report-foot">
        <View>
          {text.completeness}：{film.completeness.text}
        </View>
        <View>{text.disclaimer}</View>
      </View>
    </View>
  );
}

function ReportBody({ report }: { report: ReportManifest }) {
  if (report.status === 'withdrawn') return <Notice tone="bad">{text.withdrawn}</Notice>;
  return (
    <View>
      {report.status === 'preliminary' && <Notice tone="warn">{text.preliminary}</Notice>}
      {report.status === 'amended' && <Notice tone="warn">{text.amended}</Notice>}
      <Passage title={text.impression} words={report.impression} />
      <Passage title={text.findings} words={report.findings} />
      <Signed report={report} />
    </View>
  );
}

function Passage({ title, words }: { title: string; words: string }) {
  return (
    <View className="passage">
      <View className="passage-title">{title}</View>
      <View className="passage-words">{words.trim() === '' ? text.emptyPassage : words.trim()}</View>
    </View>
  );
}

function Signed({ report }: { report: ReportManifest }) {
  const rows = [
    [text.reportingDoctor, report.reportingDoctor],
    [text.approvingDoctor, report.approvingDoctor],
    [text.reportedAt, instantWords(report.reportedAt)],
    [text.approvedAt, instantWords(report.approvedAt)],
  ] as const;
  return (
    <View className="signed">
      {rows
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <View className="signed-row" key={name}>
            <View className="signed-name">{name}</View>
            <View>{value}</View>
          </View>
        ))}
    </View>
  );
}
