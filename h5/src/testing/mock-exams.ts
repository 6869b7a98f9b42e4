import type { ExamListItem } from '@yingyun/shared/contract/exam-routes';
import { examRoutes } from '@yingyun/shared/contract/exam-routes';
import type { StructuredDocument } from '@yingyun/shared/contract/film-document';
import type { FilmManifest, ReportManifest, SeriesManifest } from '@yingyun/shared/contract/film-manifest';
import type * as v from 'valibot';
import { findings, impression, manifest } from './mock-films';

/** Invented exams for the workstation's page tests, as a doctor sees them. */
export type ExamSearch = v.InferOutput<(typeof examRoutes)['searchExams']['body']>;

const people = [
  ['张建华', 'zhangjianhua', 'zjh'],
  ['李伟', 'liwei', 'lw'],
  ['王秀梅', 'wangxiumei', 'wxm'],
  ['欧阳雪', 'ouyangxue', 'oyx'],
  ['赵志强', 'zhaozhiqiang', 'zzq'],
  ['陈洁', 'chenjie', 'cj'],
  ['刘晓玲', 'liuxiaoling', 'lxl'],
  ['黄博', 'huangbo', 'hb'],
  ['周军', 'zhoujun', 'zj'],
  ['吴霞', 'wuxia', 'wx'],
  ['阿卜杜拉·热合曼', 'abudulareheman', 'abdlrhm'],
] as const;
const items = [
  ['胸部 CT 平扫', 'CT', 'CHEST', 'CT'],
  ['颅脑 MR 平扫 + 弥散', 'MR', 'BRAIN', 'MR'],
  ['胸部正侧位', 'DX', 'CHEST', 'DX'],
  ['腹部超声', 'US', 'ABDOMEN', 'US'],
  ['冠状动脉 CT 血管成像', 'CT', 'HEART', 'CT'],
] as const;

export const examId = (index: number): string => `7f6d0c1e-0000-4000-9000-${String(index + 1).padStart(12, '0')}`;

/** 120 exams, newest first; every eleventh is the same person's. The first is from today, so that shortcuts find it. */
const exams: readonly ExamListItem[] = Array.from({ length: 120 }, (_, i) => {
  const [patientName] = people[i % people.length] ?? ['张建华'];
  const [examItem, modality, bodyPart, prefix] = items[i % items.length] ?? items[0];
  return {
    filmId: examId(i),
    patientName,
    patientId: `P${10_230 + (i % people.length)}`,
    sex: i % 3 === 0 ? 'M' : 'F',
    age: `0${30 + (i % people.length) * 4}Y`,
    accessionNumber: `${prefix}2603${String(4100 - i).padStart(5, '0')}`,
    examItem,
    modalities: i % 7 === 0 ? [modality, 'SR'] : [modality],
    bodyPart,
    examAt: new Date(Date.now() + 8 * 3_600_000 - i * 97 * 60_000).toISOString().slice(0, 19),
    instanceCount: [486, 312, 2, 18, 1204][i % 5] ?? 1,
    state: i === 1 ? 'waiting' : i === 6 ? 'held' : i === 9 ? 'withdrawn' : 'published',
    reportStatus: i === 1 ? 'none' : i % 8 === 3 ? 'preliminary' : i === 4 ? 'amended' : 'approved',
    reading: i < 4 ? 'new' : i === 5 ? 'changed' : 'read',
  } satisfies ExamListItem;
});

export function matchingExams(wish: Omit<ExamSearch, 'cursor' | 'limit'>): ExamListItem[] {
  const q = wish.q.trim().toLowerCase();
  return exams.filter((exam, i) => {
    const [, spelling = '', initials = ''] = people[i % people.length] ?? [];
    const isNamed =
      exam.patientName.includes(q) ||
      spelling.includes(q) ||
      initials.startsWith(q) ||
      [exam.patientId, exam.accessionNumber].some((number) => number.toLowerCase() === q);
    const day = exam.examAt.slice(0, 10);
    return (
      (q === '' || isNamed) &&
      (wish.modalities.length === 0 || exam.modalities.some((one) => wish.modalities.includes(one))) &&
      (wish.from === undefined || day >= wish.from) &&
      (wish.to === undefined || day <= wish.to) &&
      (wish.state === undefined || exam.state === wish.state) &&
      (wish.reportStatus === undefined || exam.reportStatus === wish.reportStatus) &&
      (wish.bodyRegion === undefined || exam.bodyPart === { chest: 'CHEST', head: 'BRAIN' }[wish.bodyRegion as 'chest']) // the two the tests ask for
    );
  });
}

export function relatedTo(filmId: string): ExamListItem[] {
  const exam = exams.find((one) => one.filmId === filmId);
  return exams.filter((one) => one.patientName === exam?.patientName && one.filmId !== filmId).slice(0, 4);
}

const series = (
  tail: number,
  seriesNumber: number,
  description: string,
  count: number,
  voi: SeriesManifest['common']['voi'],
): SeriesManifest => {
  const [first] = manifest.series;
  if (first === undefined) throw new Error('the mock film has a series');
  return {
    ...first,
    seriesInstanceUid: `${first.seriesInstanceUid}.${tail}`,
    seriesNumber,
    description,
    common: {
      ...first.common,
      frameOfReferenceUid: '1.2.826.0.1.3680043.10.1338.9',
      ...(voi === undefined ? {} : { voi }),
    },
    frames: first.frames
      .slice(0, count)
      .map((frame) => ({ ...frame, sopInstanceUid: `${frame.sopInstanceUid}.${tail}` })),
  };
};

/** The manifest of any listed exam: three series, and a structured report without an image. */
export function examManifest(filmId: string): FilmManifest | undefined {
  const exam = exams.find((one) => one.filmId === filmId);
  if (exam === undefined) return undefined;
  return {
    ...manifest,
    filmId,
    examItem: exam.examItem,
    modalities: exam.modalities,
    bodyPart: exam.bodyPart,
    examAt: exam.examAt,
    accessionNumber: exam.accessionNumber,
    patient: {
      nameMasked: `${exam.patientName.slice(0, 1)}**`,
      name: exam.patientName,
      patientId: exam.patientId,
      sex: exam.sex,
      age: exam.age,
    },
    report:
      exam.reportStatus === 'none' || manifest.report === null
        ? null
        : { ...manifest.report, status: exam.reportStatus, version: 1 },
    // Two reports, each at its first version, are two as well: the count says it, no version number does.
    reportVersionCount: exam.reportStatus === 'amended' ? reportVersions.length : 1,
    series: [
      series(1, 2, '胸部 5mm 纵隔', 24, undefined),
      series(2, 3, '胸部 1mm 肺 HRCT', 20, [{ center: -600, width: 1500, explanation: '' }]),
      series(3, 201, '冠状位重建', 9, [{ center: 400, width: 2000, explanation: '' }]),
      {
        ...series(4, 999, '剂量报告', 0, undefined),
        modality: 'SR',
        withoutImage: [
          {
            sopInstanceUid: '1.2.826.0.1.3680043.10.1338.4.1',
            kind: 'structured-report',
            title: '剂量报告',
            reason: '结构化报告，没有图像。',
            hasDocument: true,
            standing: 'unreviewed',
          },
        ],
      },
    ],
  };
}

const dcm = (code: string, meaning: string) => ({ code, scheme: 'DCM', meaning });

/** What the structured report of every mock exam says. */
export const doseReport: StructuredDocument = {
  kind: 'structured-report',
  title: dcm('113701', 'X-Ray Radiation Dose Report'),
  completion: 'complete',
  verification: 'unverified',
  contentAt: '2026-03-01T08:40:00',
  content: [
    {
      relationship: 'CONTAINS',
      name: dcm('113813', 'CT Dose Length Product Total'),
      value: {
        type: 'number',
        number: '312.5',
        unit: { code: 'mGy.cm', scheme: 'UCUM', meaning: 'mGy.cm' },
        qualifier: null,
      },
      children: [],
    },
  ],
};

export const reportVersions: readonly ReportManifest[] = [
  ...(manifest.report === null ? [] : [{ ...manifest.report, status: 'amended' as const }]),
  {
    status: 'preliminary',
    version: 1,
    findings: findings.slice(0, 40),
    impression: impression.slice(0, 30),
    reportingDoctor: '李明',
    approvingDoctor: '',
    reportedAt: '2026-03-01T00:58:00Z',
    approvedAt: '',
  },
];
