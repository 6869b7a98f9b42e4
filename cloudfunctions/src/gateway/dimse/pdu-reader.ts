import { maxReceivePduLength, ProtocolViolation, pduType } from './pdu-types';

/** What a stream of bytes turns into. `bytes` are views of the chunk that was read: use them before the next chunk, or copy. */
export type PduEvent =
  | { readonly kind: 'control'; readonly type: number; readonly body: Uint8Array }
  | {
      readonly kind: 'fragment';
      readonly contextId: number;
      readonly isCommand: boolean;
      readonly bytes: Uint8Array;
      /** The PDV ends with these bytes and was flagged as the message's last fragment (PS3.8 annex E.2). */
      readonly isLast: boolean;
    };

type ReaderState =
  | { readonly at: 'pdu-header' }
  | { readonly at: 'control-body'; readonly type: number; readonly body: Uint8Array; filled: number }
  | { readonly at: 'pdv-header' }
  | { readonly at: 'pdv-body'; readonly contextId: number; readonly flags: number; left: number };

/**
 * Cuts a byte stream into PDUs (PS3.8 9.3) as it arrives, at any chunk size. Pixel bytes are never copied nor collected: a PDV is
 * handed on piece by piece. A length is judged by its header alone, before anything is allocated.
 */
export class PduReader {
  private state: ReaderState = { at: 'pdu-header' };
  private readonly header = new Uint8Array(6);
  private headerFilled = 0;
  /** Bytes left in the current P-DATA-TF. */
  private dataLeft = 0;

  constructor(private readonly maxPduLength: number = maxReceivePduLength) {}

  /** True where the last byte read ended a PDU. */
  get isBetweenPdus(): boolean {
    return this.state.at === 'pdu-header' && this.headerFilled === 0;
  }

  /** Events in order of arrival. Throws ProtocolViolation on the first byte that can't be; the reader is of no further use then. */
  *read(chunk: Uint8Array): Generator<PduEvent, void, undefined> {
    let at = 0;
    while (at < chunk.length) {
      const state = this.state;
      switch (state.at) {
        case 'pdu-header':
          at = this.fillHeader(chunk, at);
          if (this.headerFilled < 6) return;
          this.headerFilled = 0;
          this.state = this.startPdu();
          if (this.state.at === 'control-body' && this.state.body.length === 0) {
            yield { kind: 'control', type: this.state.type, body: this.state.body };
            this.state = { at: 'pdu-header' };
          }
          break;
        case 'control-body': {
          const take = Math.min(state.body.length - state.filled, chunk.length - at);
          state.body.set(chunk.subarray(at, at + take), state.filled);
          state.filled += take;
          at += take;
          if (state.filled === state.body.length) {
            this.state = { at: 'pdu-header' };
            yield { kind: 'control', type: state.type, body: state.body };
          }
          break;
        }
        case 'pdv-header':
          at = this.fillHeader(chunk, at);
          if (this.headerFilled < 6) return;
          this.headerFilled = 0;
          this.state = this.startPdv();
          if (this.state.left > 0) break;
          yield this.fragment(this.state, chunk.subarray(at, at), true);
          this.state = this.afterPdv();
          break;
        case 'pdv-body': {
          const take = Math.min(state.left, chunk.length - at);
          state.left -= take;
          this.dataLeft -= take;
          const bytes = chunk.subarray(at, at + take);
          at += take;
          const isDone = state.left === 0;
          if (isDone) this.state = this.afterPdv();
          yield this.fragment(state, bytes, isDone);
          break;
        }
        default:
          state satisfies never;
      }
    }
  }

  private fillHeader(chunk: Uint8Array, at: number): number {
    const take = Math.min(6 - this.headerFilled, chunk.length - at);
    this.header.set(chunk.subarray(at, at + take), this.headerFilled);
    this.headerFilled += take;
    return at + take;
  }

  private startPdu(): ReaderState {
    const type = this.header[0] ?? 0;
    const length = readUint32(this.header, 2);
    switch (type) {
      case pduType.data:
        if (length > this.maxPduLength) {
          throw new ProtocolViolation(
            'invalid-parameter-value',
            `P-DATA-TF of ${length} bytes, ${this.maxPduLength} announced`,
          );
        }
        if (length < 6) throw new ProtocolViolation('invalid-parameter-value', `P-DATA-TF of ${length} bytes`);
        this.dataLeft = length;
        return { at: 'pdv-header' };
      case pduType.associateRequest:
      case pduType.associateAccept:
        // PS3.8 sets no limit here; 128 contexts of 64 UIDs with 64 characters each would still fit
        if (length > maxReceivePduLength * 3)
          throw new ProtocolViolation('invalid-parameter-value', `A-ASSOCIATE of ${length} bytes`);
        return { at: 'control-body', type, body: new Uint8Array(length), filled: 0 };
      case pduType.associateReject:
      case pduType.releaseRequest:
      case pduType.releaseResponse:
      case pduType.abort:
        if (length !== 4)
          throw new ProtocolViolation('invalid-parameter-value', `PDU type ${type} of ${length} bytes, not 4`);
        return { at: 'control-body', type, body: new Uint8Array(4), filled: 0 };
      default:
        throw new ProtocolViolation('unrecognized-pdu', `PDU type ${type}`);
    }
  }

  private startPdv(): Extract<ReaderState, { at: 'pdv-body' }> {
    const length = readUint32(this.header, 0);
    if (length < 2 || length + 4 > this.dataLeft) {
      throw new ProtocolViolation(
        'invalid-parameter-value',
        `PDV of ${length} bytes where ${this.dataLeft} are left in the PDU`,
      );
    }
    this.dataLeft -= 6;
    return { at: 'pdv-body', contextId: this.header[4] ?? 0, flags: this.header[5] ?? 0, left: length - 2 };
  }

  private afterPdv(): ReaderState {
    if (this.dataLeft === 0) return { at: 'pdu-header' };
    if (this.dataLeft < 6)
      throw new ProtocolViolation('invalid-parameter-value', `${this.dataLeft} stray bytes after a PDV`);
    return { at: 'pdv-header' };
  }

  private fragment(pdv: { contextId: number; flags: number }, bytes: Uint8Array, isDone: boolean): PduEvent {
    return {
      kind: 'fragment',
      contextId: pdv.contextId,
      isCommand: (pdv.flags & 1) === 1,
      bytes,
      isLast: isDone && (pdv.flags & 2) === 2,
    };
  }
}

function readUint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}
