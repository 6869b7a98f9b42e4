import * as v from 'valibot';
import { markKinds } from '../measure/mark';
import { id, type RouteContract, uid, wholeNumber } from './route-contract';

/** What doctors draw on a film's images (measure/mark.ts). A patient's marks stay on the patient's device and have no route. */

const coordinate = v.pipe(v.number(), v.minValue(-100_000), v.maxValue(100_000));

/** A mark as it travels and is kept; points in pairs, in image coordinates. The series stands beside it. */
const keptMark = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[0-9a-z]{1,40}$/)),
  kind: v.picklist(markKinds),
  sopInstanceUid: uid,
  frameNumber: wholeNumber(1, 1_000_000),
  reach: v.picklist(['image', 'series']),
  points: v.pipe(v.array(v.strictTuple([coordinate, coordinate])), v.minLength(1), v.maxLength(2000)),
  text: v.pipe(v.string(), v.maxLength(200)),
  millimetres: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(100_000))),
});
export type KeptMark = v.InferOutput<typeof keptMark>;

const filmParams = v.strictObject({ filmId: id });

export const markRoutes = {
  examMarks: {
    method: 'GET',
    path: '/api/exams/:filmId/marks',
    audience: 'staff',
    summary: '一次检查的测量与标注（医生），按序列',
    params: filmParams,
  },
  saveExamMarks: {
    method: 'POST',
    path: '/api/exams/:filmId/marks/:seriesInstanceUid',
    audience: 'staff',
    summary: '保存一个序列的全部测量与标注（医生）；version 是所见的版本，他人已改动时答复 marks-changed',
    params: v.strictObject({ filmId: id, seriesInstanceUid: uid }),
    body: v.strictObject({
      /** Of the sheet this one stands upon; 0: there was none. */
      version: wholeNumber(0, 1_000_000_000),
      marks: v.pipe(v.array(keptMark), v.maxLength(300)),
    }),
  },
} as const satisfies Record<string, RouteContract>;

/** All marks of one series. */
export interface MarkSheet {
  readonly seriesInstanceUid: string;
  readonly version: number;
  readonly marks: readonly KeptMark[];
}

/** What `examMarks` answers: a series on which nothing was ever drawn has no sheet. */
export interface ExamMarks {
  readonly sheets: readonly MarkSheet[];
}

/** What `saveExamMarks` answers: the version that was made. */
export interface MarksSaved {
  readonly version: number;
}
