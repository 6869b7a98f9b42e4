import type { ProblemCode } from '@yingyun/shared/domain/problem';
import { type Problem } from '@yingyun/shared/domain/problem';

/** PS3.4 table B.2-1 and PS3.7 annex C: the C-STORE statuses we answer with. */
export const storeStatus = {
  success: 0x0000,
  processingFailure: 0x0110,
  invalidSopInstance: 0x0117,
  sopClassNotSupported: 0x0122,
  unrecognizedOperation: 0x0211,
  outOfResources: 0xa700,
  dataSetDoesNotMatchSopClass: 0xa900,
  cannotUnderstand: 0xc000,
  limitExceeded: 0xc010,
} as const;

/** What goes into a response beside the identifiers. */
export interface StoreAnswer {
  readonly status: number;
  /** At most 64 ASCII characters for the peer's engineer: tags, sizes, never a value of the object. */
  readonly errorComment?: string;
}

const statusOfProblem: Readonly<Partial<Record<ProblemCode, number>>> = {
  'out-of-space': storeStatus.outOfResources,
  'storage-unavailable': storeStatus.outOfResources,
  'dicom-identifier-missing': storeStatus.dataSetDoesNotMatchSopClass,
  'dicom-identifier-mismatch': storeStatus.dataSetDoesNotMatchSopClass,
  'dicom-unsupported': storeStatus.sopClassNotSupported,
  'dicom-malformed': storeStatus.cannotUnderstand,
  'dicom-limit-exceeded': storeStatus.limitExceeded,
};

// What went wrong inside (disks, keys) is for our log; what is wrong with the object is for the sender.
const told: readonly ProblemCode[] = [
  'dicom-identifier-missing',
  'dicom-identifier-mismatch',
  'dicom-unsupported',
  'dicom-malformed',
  'dicom-limit-exceeded',
];

/** The one place where a problem becomes a DIMSE status; any problem without a status of its own is a processing failure. */
export function answerOfProblem(found: Problem): StoreAnswer {
  const status = statusOfProblem[found.problem] ?? storeStatus.processingFailure;
  const comment = told.includes(found.problem) ? (found.detail ?? found.problem) : found.problem;
  return { status, errorComment: comment.replace(/[^\x20-\x5b\x5d-\x7e]/g, '?').slice(0, 64) };
}

/** "0xA900", as PS3.4 writes it. */
export function statusText(status: number): string {
  return `0x${status.toString(16).toUpperCase().padStart(4, '0')}`;
}
