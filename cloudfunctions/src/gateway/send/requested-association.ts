import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  type AssociateAccept,
  contextResult,
  decodeAssociateAccept,
  encodeAssociateRequest,
  type ProposedContext,
} from '../dimse/associate-pdus';
import { type CommandSet, decodeCommandSet, encodeCommandSet } from '../dimse/command-set';
import { describeAbort, describeReject, encodeAbort, encodeReleaseRequest } from '../dimse/control-pdus';
import { encodeCommandPdus, encodeDataHead, largestFragment } from '../dimse/data-pdus';
import { type PduEvent, PduReader } from '../dimse/pdu-reader';
import { ProtocolViolation, pduType } from '../dimse/pdu-types';
import { waitForDrain } from '../dimse/wait-for-drain';

export interface PeerAddress {
  readonly host: string;
  readonly port: number;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  /** DICOM over TLS, PEM. The peer's certificate must be of `ca` and name `host`; `cert` and `key` where the peer asks for ours. */
  readonly tls?: { readonly ca: string; readonly cert?: string; readonly key?: string };
  /** For connecting, for the association and for every answer; default 60 000. */
  readonly timeoutMs?: number;
}

/** Why an association could not be had, or ended before its time. */
export class AssociationFault extends Error {
  constructor(
    readonly kind: 'unreachable' | 'rejected' | 'aborted' | 'timeout' | 'protocol',
    detail: string,
    options?: { cause?: unknown },
  ) {
    super(`${kind}: ${detail}`, options);
    this.name = 'AssociationFault';
  }
}

/** What the peer said to one request. */
export type PeerAnswer = CommandSet & { readonly status: number };

interface Waiter<T> {
  resolve(value: T): void;
  reject(fault: AssociationFault): void;
}

/** An association that we asked for (PS3.8 table 9-10, the requestor's half). One request at a time. */
export class RequestedAssociation {
  private readonly reader = new PduReader();
  private readonly command: Uint8Array[] = [];
  private accepted: AssociateAccept | undefined;
  private fault: AssociationFault | undefined;
  private waiting: Waiter<AssociateAccept | CommandSet | 'released'> | undefined;
  private messageId = 0;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly timeoutMs: number,
  ) {
    socket.on('data', (chunk: Uint8Array) => this.takeChunk(chunk));
    socket.on('error', (error) => this.fail(new AssociationFault('unreachable', error.message, { cause: error })));
    socket.on('close', () => this.fail(new AssociationFault('aborted', 'connection closed')));
  }

  /** Connects and proposes `contexts` (odd ids, at most 128). Throws AssociationFault. */
  static async open(peer: PeerAddress, contexts: readonly ProposedContext[]): Promise<RequestedAssociation> {
    const address = { host: peer.host, port: peer.port, noDelay: true };
    const socket =
      peer.tls === undefined ? connect(address) : connectTls({ ...address, ...peer.tls, minVersion: 'TLSv1.2' });
    const association = new RequestedAssociation(socket, peer.timeoutMs ?? 60_000);
    const request = encodeAssociateRequest({
      calledAeTitle: peer.calledAeTitle,
      callingAeTitle: peer.callingAeTitle,
      contexts,
    });
    association.accepted = (await association.exchange(() => socket.write(request))) as AssociateAccept; // the first answer is the AC
    return association;
  }

  /** The transfer syntax the peer took for a proposed context; undefined where it took none. */
  acceptedSyntax(contextId: number): string | undefined {
    const answer = this.accepted?.contexts.find((context) => context.id === contextId);
    return answer?.result === contextResult.accepted ? answer.transferSyntax : undefined;
  }

  get isUsable(): boolean {
    return this.fault === undefined;
  }

  /** Largest piece of a data set worth handing to `request` at once. */
  get pieceLength(): number {
    return largestFragment(this.accepted?.maxPduLength ?? 0);
  }

  /** Sends a command (the message id is ours to give), then `dataSet` of exactly `length` bytes; waits for the answer. */
  async request(
    contextId: number,
    command: Omit<CommandSet, 'messageId' | 'hasDataSet'>,
    dataSet?: { readonly pieces: AsyncIterable<Uint8Array>; readonly length: number },
  ): Promise<PeerAnswer> {
    this.messageId = (this.messageId % 0xffff) + 1;
    const bytes = encodeCommandSet({ ...command, messageId: this.messageId, hasDataSet: dataSet !== undefined });
    const answer = (await this.exchange(async () => {
      this.socket.write(encodeCommandPdus(contextId, bytes, this.accepted?.maxPduLength ?? 0));
      if (dataSet !== undefined) await this.sendDataSet(contextId, dataSet);
    })) as CommandSet; // only commands come while the association is open
    if (answer.messageIdBeingRespondedTo !== this.messageId || answer.status === undefined) {
      throw this.violation('answer to another message');
    }
    return { ...answer, status: answer.status };
  }

  /** Releases the association in order; a peer that is gone already is no fault any more. */
  async release(): Promise<void> {
    try {
      await this.exchange(() => this.socket.write(encodeReleaseRequest()));
    } catch (error) {
      if (!(error instanceof AssociationFault)) throw error;
    }
    this.socket.destroy();
  }

  abort(): void {
    if (this.socket.writable) this.socket.end(encodeAbort('user'));
    this.fail(new AssociationFault('aborted', 'by us'));
  }

  private async sendDataSet(
    contextId: number,
    dataSet: { readonly pieces: AsyncIterable<Uint8Array>; readonly length: number },
  ): Promise<void> {
    let left = dataSet.length;
    if (left === 0) this.socket.write(encodeDataHead(contextId, false, true, 0));
    for await (const piece of dataSet.pieces) {
      for (let at = 0; at < piece.length && this.fault === undefined; at += this.pieceLength) {
        const fragment = piece.subarray(at, at + this.pieceLength);
        left -= fragment.length;
        this.socket.cork();
        this.socket.write(encodeDataHead(contextId, false, left === 0, fragment.length));
        this.socket.write(fragment);
        this.socket.uncork();
        await waitForDrain(this.socket);
        this.timer?.refresh(); // a peer that takes bytes is alive, however long the object
      }
    }
    if (left !== 0 && this.fault === undefined) throw new Error(`data set is ${left} bytes shorter than announced`);
  }

  /** Does `send` and waits for what comes back, under one time-out. */
  private async exchange(send: () => unknown): Promise<AssociateAccept | CommandSet | 'released'> {
    if (this.fault !== undefined) throw this.fault;
    const answer = new Promise<AssociateAccept | CommandSet | 'released'>((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
    answer.catch(() => {}); // awaited below, but `send` may still be under way when it fails
    const onTimeout = () => this.fail(new AssociationFault('timeout', `no answer for ${this.timeoutMs} ms`));
    this.timer = setTimeout(onTimeout, this.timeoutMs);
    try {
      await send();
      this.timer.refresh();
      return await answer;
    } finally {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.waiting = undefined;
    }
  }

  private takeChunk(chunk: Uint8Array): void {
    try {
      for (const event of this.reader.read(chunk)) this.takeEvent(event);
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.violation(error.message);
    }
  }

  private takeEvent(event: PduEvent): void {
    if (event.kind === 'fragment') this.takeFragment(event);
    else if (event.type === pduType.associateAccept && this.accepted === undefined)
      this.waiting?.resolve(decodeAssociateAccept(event.body));
    else if (event.type === pduType.associateReject)
      this.fail(new AssociationFault('rejected', describeReject(event.body)));
    else if (event.type === pduType.abort) this.fail(new AssociationFault('aborted', describeAbort(event.body)));
    else if (event.type === pduType.releaseResponse) this.waiting?.resolve('released');
    else throw new ProtocolViolation('unexpected-pdu', `PDU type ${event.type}`);
  }

  private takeFragment(event: Extract<PduEvent, { kind: 'fragment' }>): void {
    if (!event.isCommand) throw new ProtocolViolation('unexpected-parameter', 'data set in an answer that has none');
    this.command.push(Uint8Array.from(event.bytes));
    if (!event.isLast) return;
    const bytes = Buffer.concat(this.command.splice(0));
    this.waiting?.resolve(decodeCommandSet(bytes));
  }

  private violation(detail: string): AssociationFault {
    if (this.socket.writable) this.socket.end(encodeAbort('provider', 'invalid-parameter-value'));
    const fault = new AssociationFault('protocol', detail);
    this.fail(fault);
    return fault;
  }

  private fail(fault: AssociationFault): void {
    this.fault ??= fault;
    this.waiting?.reject(this.fault);
    this.socket.destroySoon();
  }
}
