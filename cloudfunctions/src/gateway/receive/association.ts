import type { Socket } from 'node:net';
import { findTransferSyntax } from '@yingyun/shared/dicom/transfer-syntax';
import type { DicomPeer } from '../../config/settings';
import {
  type AssociateRequest,
  contextResult,
  decodeAssociateRequest,
  encodeAssociateAccept,
} from '../dimse/associate-pdus';
import { encodeAbort, encodeAssociateReject, encodeReleaseResponse, type Rejection } from '../dimse/control-pdus';
import { encodeCommandPdus } from '../dimse/data-pdus';
import { type PduEvent, PduReader } from '../dimse/pdu-reader';
import { ProtocolViolation, pduType } from '../dimse/pdu-types';
import { waitForDrain } from '../dimse/wait-for-drain';
import { type ExchangeContext, MessageExchange } from './message-exchange';
import { type AcceptedContext, answerContext, findRejection } from './negotiate';

export interface AssociationServer extends ExchangeContext {
  readonly aeTitle: string;
  readonly peers: readonly DicomPeer[];
  readonly privateStorageClasses: readonly string[];
  /** Takes one of the places for open associations; false where all are taken. `leave` gives it back. */
  enter(): boolean;
  leave(): void;
}

/** PS3.8 table 9-10, the acceptor's half: Sta2, Sta6 and Sta13. Sta3 and Sta8 take no time here: we answer at once. */
type AssociationState =
  | { readonly at: 'awaiting-request' }
  | { readonly at: 'open'; readonly request: AssociateRequest; readonly exchange: MessageExchange }
  | { readonly at: 'closing' };

/** One connection from a peer, from its first byte to its last. Nothing it sends can throw out of `serve`. */
export class Association {
  private state: AssociationState = { at: 'awaiting-request' };
  private readonly reader = new PduReader();
  private artim: NodeJS.Timeout | undefined;
  private idle: NodeJS.Timeout | undefined;
  /** While we work on what came, silence is ours, not the peer's. */
  private isWorking = false;
  private mustEnd = false;
  /** Asked at once: a socket that is closed has forgotten it, and who was refused is what the log is for. */
  private readonly address: string;

  constructor(
    private readonly socket: Socket,
    private readonly server: AssociationServer,
  ) {
    this.address = socket.remoteAddress ?? '';
  }

  /** Resolves when the connection is closed and nothing of it is left. */
  async serve(): Promise<void> {
    this.startArtim();
    try {
      // an awaited loop body is the back-pressure: the socket isn't read while the spool is busy
      for await (const chunk of this.socket) await this.takeChunk(chunk);
    } catch (error) {
      if (!isSocketFault(error)) this.server.ports.log.error('dicom-association-failed', {}, error);
    } finally {
      if (this.state.at === 'open') await this.end('aborted', 'connection lost');
      clearTimeout(this.artim);
      this.socket.destroy();
    }
  }

  /** Ends the association from our side; where something is being stored, after that (it may be about to be acknowledged). */
  async abort(): Promise<void> {
    if (this.isWorking) this.mustEnd = true;
    else if (this.state.at === 'open') await this.end('aborted', 'server closes', encodeAbort('user'));
    else this.socket.destroy();
  }

  /** Closes the connection without a word. */
  drop(): void {
    if (!this.isWorking) this.socket.destroy();
  }

  private async takeChunk(chunk: Uint8Array): Promise<void> {
    if (this.state.at === 'closing') return; // Sta13: whatever still comes is ignored until the connection closes
    this.isWorking = true;
    try {
      for (const event of this.reader.read(chunk)) {
        if (event.kind === 'fragment') await this.takeFragment(event);
        else await this.takeControl(event);
        if ((this.state as AssociationState).at === 'closing') return; // the awaits above may have changed it
      }
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      await this.end('aborted', `${error.reason}: ${error.message}`, encodeAbort('provider', error.reason));
    } finally {
      this.isWorking = false;
      this.idle?.refresh();
    }
    if (this.mustEnd) await this.abort();
  }

  private async takeFragment(event: Extract<PduEvent, { kind: 'fragment' }>): Promise<void> {
    if (this.state.at !== 'open') throw new ProtocolViolation('unexpected-pdu', 'P-DATA-TF before an association');
    await this.state.exchange.take(event);
  }

  private async takeControl(event: Extract<PduEvent, { kind: 'control' }>): Promise<void> {
    if (event.type === pduType.abort) {
      await this.end('aborted', 'by the peer');
      this.socket.destroy();
    } else if (event.type === pduType.associateRequest && this.state.at === 'awaiting-request') {
      await this.open(decodeAssociateRequest(event.body));
    } else if (event.type === pduType.releaseRequest && this.state.at === 'open') {
      await this.end('released', '', encodeReleaseResponse());
    } else {
      throw new ProtocolViolation('unexpected-pdu', `PDU type ${event.type} while ${this.state.at}`);
    }
  }

  private async open(request: AssociateRequest): Promise<void> {
    clearTimeout(this.artim);
    const rejection = findRejection(request, this.address, this.server);
    if (rejection !== undefined) return this.reject(request, rejection);
    if (!this.server.enter()) return this.reject(request, 'local-limit-exceeded');
    const answers = request.contexts.map((context) => answerContext(context, this.server.privateStorageClasses));
    const accepted = new Map<number, AcceptedContext>();
    for (const [i, answer] of answers.entries()) {
      const transferSyntax =
        answer.result === contextResult.accepted ? findTransferSyntax(answer.transferSyntax) : undefined;
      if (transferSyntax !== undefined)
        accepted.set(answer.id, { abstractSyntax: request.contexts[i]?.abstractSyntax ?? '', transferSyntax });
    }
    const reply = (contextId: number, command: Buffer) =>
      this.send(encodeCommandPdus(contextId, command, request.maxPduLength));
    this.state = {
      at: 'open',
      request,
      exchange: new MessageExchange(this.server, request.callingAeTitle, accepted, reply),
    };
    this.server.counters.countAssociation('accepted');
    this.server.ports.log.info('dicom-association-accepted', {
      callingAeTitle: loggable(request.callingAeTitle),
      contexts: request.contexts.length,
      accepted: accepted.size,
    });
    this.idle = setTimeout(() => void this.onSilence(), this.server.limits.idleMs);
    await this.send(encodeAssociateAccept(request, answers));
  }

  private reject(request: AssociateRequest, rejection: Rejection): void {
    this.server.counters.countAssociation('rejected');
    this.server.ports.log.warn('dicom-association-rejected', {
      rejection,
      callingAeTitle: loggable(request.callingAeTitle),
      calledAeTitle: loggable(request.calledAeTitle),
      address: this.address,
    });
    this.close(encodeAssociateReject(rejection));
  }

  private async end(fate: 'released' | 'aborted', detail: string, lastWord?: Uint8Array): Promise<void> {
    const state = this.state;
    this.close(lastWord);
    if (fate === 'aborted') this.server.counters.countAssociation('aborted');
    clearTimeout(this.idle);
    this.idle = undefined;
    if (state.at !== 'open') {
      if (fate === 'aborted') this.server.ports.log.warn('dicom-connection-refused', { detail, address: this.address });
      return;
    }
    this.server.leave();
    const { stored, refused } = state.exchange;
    this.server.ports.log.info(`dicom-association-${fate}`, {
      callingAeTitle: loggable(state.request.callingAeTitle),
      detail,
      stored,
      refused,
    });
    await state.exchange.abandon();
  }

  /** Sta13: say the last word, then wait for the peer to close, but not for ever. */
  private close(lastWord?: Uint8Array): void {
    this.state = { at: 'closing' };
    if (lastWord === undefined || !this.socket.writable) this.socket.end();
    else this.socket.end(lastWord);
    this.startArtim();
  }

  private startArtim(): void {
    clearTimeout(this.artim);
    this.artim = setTimeout(() => this.socket.destroy(), this.server.limits.artimMs);
  }

  private async onSilence(): Promise<void> {
    if (this.isWorking) this.idle?.refresh();
    else await this.end('aborted', 'idle', encodeAbort('provider', 'not-specified'));
  }

  private async send(bytes: Uint8Array): Promise<void> {
    if (this.socket.destroyed || !this.socket.writable) return;
    if (this.socket.write(bytes)) return;
    this.isWorking = false; // a peer that doesn't read its answers is silent
    this.idle?.refresh();
    await waitForDrain(this.socket);
    this.isWorking = true;
  }
}

/** AE titles come from the network: printable ASCII only, so that a log line stays one line. */
function loggable(aeTitle: string): string {
  return aeTitle.replace(/[^\x20-\x7e]/g, '?');
}

function isSocketFault(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return [
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'ECONNABORTED',
    'EHOSTUNREACH',
    'ERR_STREAM_PREMATURE_CLOSE',
    'ERR_STREAM_DESTROYED',
    'ABORT_ERR',
  ].includes(code);
}
