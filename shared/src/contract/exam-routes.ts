import * as v from 'valibot';
import type { ReportManifest } from './film-manifest';
import { id, type RouteContract, wholeNumber } from './route-contract';

/** What a doctor asks at the workstation. Unlike a film list it names people in full, and shows what isn't published yet. */

const day = v.pipe(v.string(), v.isoDate(), v.regex(/^(19|2[01])/));

export const bodyRegions = [
  'head',
  'neck',
  'chest',
  'heart',
  'breast',
  'abdomen',
  'pelvis',
  'spine',
  'upper-limb',
  'lower-limb',
] as const;
export type BodyRegion = (typeof bodyRegions)[number];

export const examStates = ['waiting', 'published', 'held', 'withdrawn'] as const;
export const examReportStatuses = ['none', 'preliminary', 'approved', 'amended', 'withdrawn'] as const;

const examParams = v.strictObject({ filmId: id });

export const examRoutes = {
  // A search, and yet a POST: a patient's name must not stand in an address.
  searchExams: {
    method: 'POST',
    path: '/api/exams/search',
    audience: 'staff',
    summary: '检查列表（医生），可按姓名（汉字、拼音、首字母）、患者编号、检查号、设备类型、日期、状态、部位查询',
    body: v.strictObject({
      q: v.optional(v.pipe(v.string(), v.maxLength(64)), ''),
      /** DICOM modalities, any of them; empty: all. */
      modalities: v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^[A-Z]{2,8}$/))), v.maxLength(8)), []),
      /** First and last day of the examination, both included, as the hospital's calendar has them: "2026-03-01". */
      from: v.optional(day),
      to: v.optional(day),
      state: v.optional(v.picklist(examStates)),
      reportStatus: v.optional(v.picklist(examReportStatuses)),
      bodyRegion: v.optional(v.picklist(bodyRegions)),
      cursor: v.optional(v.pipe(v.string(), v.maxLength(128))),
      limit: v.optional(wholeNumber(1, 100), 40),
      /** `ExamList.revision` of the answer the asker holds: where nothing has changed since, the answer is without rows. */
      knownRevision: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/))),
    }),
  },
  relatedExams: {
    method: 'GET',
    path: '/api/exams/:filmId/related',
    audience: 'staff',
    summary: '同一患者的其他检查（医生），由新到旧',
    params: examParams,
  },
  examReports: {
    method: 'GET',
    path: '/api/exams/:filmId/reports',
    audience: 'staff',
    summary: '一次检查的报告的全部版本（医生），由新到旧',
    params: examParams,
  },
} as const satisfies Record<string, RouteContract>;

export interface ExamListItem {
  readonly filmId: string;
  /** In full, as it is written in the hospital: "林晓云", "Smith John". */
  readonly patientName: string;
  readonly patientId: string;
  readonly sex: 'M' | 'F' | 'O' | '';
  /** As DICOM writes it (PS3.5 6.2, VR AS): "058Y". */
  readonly age: string;
  readonly accessionNumber: string;
  readonly examItem: string;
  readonly modalities: readonly string[];
  readonly bodyPart: string;
  /** As `FilmManifest.examAt`. */
  readonly examAt: string;
  readonly instanceCount: number;
  readonly state: (typeof examStates)[number];
  readonly reportStatus: (typeof examReportStatuses)[number];
  /** For the doctor who asks: never opened, changed since it was last opened (images or report), or read. */
  readonly reading: 'new' | 'changed' | 'read';
}

/** What `searchExams` answers, newest examination first. */
export interface ExamList {
  readonly exams: readonly ExamListItem[];
  readonly nextCursor: string | null;
  /** Changes with any word of the answer. */
  readonly revision: string;
  /** The asker's `knownRevision` holds: `exams` is left empty. */
  readonly isUnchanged?: true;
}

/** What `relatedExams` answers: at most 50. */
export interface RelatedExams {
  readonly exams: readonly ExamListItem[];
}

/** What `examReports` answers, newest first; empty where no report has come. */
export interface ExamReports {
  readonly versions: readonly ReportManifest[];
}
