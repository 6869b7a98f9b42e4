import type { ProblemCode } from '@yingyun/shared/domain/problem';

/**
 * A message that is not taken. `acknowledgementCode` after HL7 table 0008: AE where its content or form is at fault (sending it again
 * unchanged is useless); AR where we don't do this kind of message, or can't at the moment (`errorCode` 207: send it again later).
 */
export interface Refusal {
  readonly acknowledgementCode: 'AE' | 'AR';
  /** HL7 table 0357. */
  readonly errorCode: 100 | 101 | 102 | 103 | 104 | 200 | 201 | 202 | 203 | 207;
  /** `segment^sequence^field` (ERL), '' for the whole message. */
  readonly location: string;
  readonly problem: ProblemCode;
  /** English, for the sender's engineer; positions and codes only, no patient data. */
  readonly reason: string;
}

export function refusal(
  acknowledgementCode: Refusal['acknowledgementCode'],
  errorCode: Refusal['errorCode'],
  location: string,
  problemCode: ProblemCode,
  reason: string,
): Refusal {
  return { acknowledgementCode, errorCode, location, problem: problemCode, reason };
}

export function isRefusal(value: object): value is Refusal {
  return 'acknowledgementCode' in value;
}
