/**
 * The closed list of everything that can go wrong in an expected way (docs/errors.md lists status, Chinese message
 * and whether a retry is safe). An expected failure is a value of this type; a bug throws.
 */
export const problemCodes = [
  // who is asking
  'unauthenticated',
  'sign-in-refused',
  'sign-in-locked',
  // a code sent by text message: wrong, too late, used, tried too often, or never sent
  'code-refused',
  'forbidden',
  'not-found',
  // a share: unknown, expired, revoked, used up and wrong passcode all answer with this one code
  'share-unavailable',
  'share-locked',
  // what was asked
  'invalid-request',
  'too-many-requests',
  'payload-too-large',
  // a film and its images
  'film-not-published',
  // a report among a film's objects, to a patient or share, before a doctor has approved it
  'document-not-released',
  // the manifest the client holds no longer describes the stored images: frame numbers would mean other slices
  'film-changed',
  // another doctor has saved marks on the series meanwhile
  'marks-changed',
  'image-not-ready',
  'image-damaged',
  // DICOM, HL7
  'dicom-malformed',
  'dicom-limit-exceeded',
  'dicom-identifier-missing',
  'dicom-identifier-mismatch',
  'dicom-unsupported',
  'hl7-malformed',
  'hl7-unsupported',
  'hl7-charset-invalid',
  // the store
  'out-of-space',
  'storage-unavailable',
  'sealed-object-invalid',
  'key-unavailable',
  'unexpected',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** An expected failure. `detail` is for engineers: UIDs, tags, sizes, never patient data. */
export interface Problem {
  readonly problem: ProblemCode;
  readonly detail?: string;
  /** Seconds after which a retry makes sense. */
  readonly retryAfterSeconds?: number;
}

export function problem(code: ProblemCode, detail?: string, retryAfterSeconds?: number): Problem {
  return {
    problem: code,
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'problem' in value;
}

/** For edges that must throw (streams, worker threads): carries the problem and the foreign cause. */
export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    options?: { cause?: unknown },
  ) {
    super(problem.detail === undefined ? problem.problem : `${problem.problem}: ${problem.detail}`, options);
    this.name = 'ProblemError';
  }
}
