import { type AbortReason, pduType } from './pdu-types';

/** PS3.8 table 9-21. `permanent`: asking again the same way is useless. */
export type Rejection =
  | 'no-reason-given'
  | 'application-context-not-supported'
  | 'calling-ae-title-not-recognized'
  | 'called-ae-title-not-recognized'
  | 'protocol-version-not-supported'
  | 'temporary-congestion'
  | 'local-limit-exceeded';

const rejections: Readonly<Record<Rejection, readonly [result: number, source: number, reason: number]>> = {
  'no-reason-given': [1, 1, 1],
  'application-context-not-supported': [1, 1, 2],
  'calling-ae-title-not-recognized': [1, 1, 3],
  'called-ae-title-not-recognized': [1, 1, 7],
  'protocol-version-not-supported': [1, 2, 2],
  'temporary-congestion': [2, 3, 1],
  'local-limit-exceeded': [2, 3, 2],
};

const abortReasons: Readonly<Record<AbortReason, number>> = {
  'not-specified': 0,
  'unrecognized-pdu': 1,
  'unexpected-pdu': 2,
  'unexpected-parameter': 5,
  'invalid-parameter-value': 6,
};

function shortPdu(type: number, tail: readonly [number, number, number, number]): Uint8Array {
  return Uint8Array.from([type, 0, 0, 0, 0, 4, ...tail]);
}

export function encodeAssociateReject(rejection: Rejection): Uint8Array {
  const [result, source, reason] = rejections[rejection];
  return shortPdu(pduType.associateReject, [0, result, source, reason]);
}

export function encodeReleaseRequest(): Uint8Array {
  return shortPdu(pduType.releaseRequest, [0, 0, 0, 0]);
}

export function encodeReleaseResponse(): Uint8Array {
  return shortPdu(pduType.releaseResponse, [0, 0, 0, 0]);
}

/** PS3.8 9.3.8: source 0 = the service user (we no longer want to), 2 = the upper layer (the peer broke the protocol). */
export function encodeAbort(source: 'user' | 'provider', reason: AbortReason = 'not-specified'): Uint8Array {
  return shortPdu(pduType.abort, [0, 0, source === 'user' ? 0 : 2, source === 'user' ? 0 : abortReasons[reason]]);
}

/** "permanent: called-ae-title-not-recognized" for an A-ASSOCIATE-RJ's 4 body bytes. */
export function describeReject(body: Uint8Array): string {
  const [, result = 0, source = 0, reason = 0] = body;
  const known = Object.entries(rejections).find(([, [, s, r]]) => s === source && r === reason);
  return `${result === 1 ? 'permanent' : 'transient'}: ${known === undefined ? `source ${source}, reason ${reason}` : known[0]}`;
}

/** "user", or "provider: unexpected-pdu", for an A-ABORT's 4 body bytes. */
export function describeAbort(body: Uint8Array): string {
  const [, , source = 0, reason = 0] = body;
  if (source === 0) return 'user';
  const known = Object.entries(abortReasons).find(([, code]) => code === reason);
  return `provider: ${known === undefined ? `reason ${reason}` : known[0]}`;
}
