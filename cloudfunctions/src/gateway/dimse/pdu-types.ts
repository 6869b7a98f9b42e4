/** PS3.8 section 9.3: the seven PDU types. */
export const pduType = {
  associateRequest: 0x01,
  associateAccept: 0x02,
  associateReject: 0x03,
  data: 0x04,
  releaseRequest: 0x05,
  releaseResponse: 0x06,
  abort: 0x07,
} as const;

/** The largest P-DATA-TF we announce and take (PS3.8 D.1): the PDU-length field's value. */
export const maxReceivePduLength = 262_144;

/** PS3.8 table 9-26: why the upper layer itself aborts. */
export type AbortReason =
  | 'not-specified'
  | 'unrecognized-pdu'
  | 'unexpected-pdu'
  | 'unexpected-parameter'
  | 'invalid-parameter-value';

/** The peer broke the protocol; the association ends with an A-ABORT of this reason. Expected, but only at the stream's edge. */
export class ProtocolViolation extends Error {
  constructor(
    readonly reason: AbortReason,
    detail: string,
  ) {
    super(detail);
    this.name = 'ProtocolViolation';
  }
}
