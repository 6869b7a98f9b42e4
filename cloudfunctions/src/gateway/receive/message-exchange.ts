import { verificationSopClass } from '@yingyun/shared/dicom/sop-class';
import { parseDicomUid } from '@yingyun/shared/domain/dicom-uid';
import type { Ports } from '../../ports/ports';
import { type CommandSet, commandField, decodeCommandSet, encodeCommandSet } from '../dimse/command-set';
import type { PduEvent } from '../dimse/pdu-reader';
import { ProtocolViolation } from '../dimse/pdu-types';
import type { AcceptedContext } from './negotiate';
import type { ReceiveCounters } from './receive-counters';
import { type DataSetSink, receiveInstance, refusingSink } from './receive-instance';
import type { ReceiveLimits } from './receive-limits';
import { type StoreAnswer, statusText, storeStatus } from './store-status';

const maxCommandBytes = 65_536;

export interface ExchangeContext {
  readonly ports: Pick<Ports, 'spool' | 'sealer' | 'log' | 'clock'>;
  readonly tenantId: string;
  readonly limits: ReceiveLimits;
  readonly counters: ReceiveCounters;
  readonly onAcknowledged: () => void;
  /** Bytes of a data set have come. */
  readonly onReceiving: (length: number) => void;
}

/**
 * The DIMSE side of one open association: puts fragments together to messages (PS3.7 6.3, PS3.8 annex E) and answers C-ECHO and
 * C-STORE. One message at a time; the peer was not granted an asynchronous window. Throws ProtocolViolation.
 */
export class MessageExchange {
  private command: { readonly contextId: number; readonly parts: Uint8Array[]; length: number } | undefined;
  private awaited:
    | { readonly contextId: number; readonly request: CommandSet; readonly sink: DataSetSink; bytes: number }
    | undefined;
  stored = 0;
  refused = 0;

  constructor(
    private readonly server: ExchangeContext,
    private readonly callingAeTitle: string,
    private readonly contexts: ReadonlyMap<number, AcceptedContext>,
    private readonly reply: (contextId: number, command: Buffer) => Promise<void>,
  ) {}

  async take(fragment: Extract<PduEvent, { kind: 'fragment' }>): Promise<void> {
    const context = this.contexts.get(fragment.contextId);
    if (context === undefined)
      throw new ProtocolViolation(
        'unexpected-parameter',
        `presentation context ${fragment.contextId} was not accepted`,
      );
    if (fragment.isCommand) await this.takeCommand(fragment, context);
    else await this.takeDataSet(fragment);
  }

  /** The association is over: nothing half received stays behind. */
  async abandon(): Promise<void> {
    await this.awaited?.sink.abort();
    this.awaited = undefined;
  }

  private async takeCommand(
    fragment: Extract<PduEvent, { kind: 'fragment' }>,
    context: AcceptedContext,
  ): Promise<void> {
    if (this.awaited !== undefined)
      throw new ProtocolViolation('unexpected-parameter', 'command where a data set was announced');
    this.command ??= { contextId: fragment.contextId, parts: [], length: 0 };
    if (this.command.contextId !== fragment.contextId) {
      throw new ProtocolViolation('unexpected-parameter', 'one message in two presentation contexts');
    }
    this.command.length += fragment.bytes.length;
    if (this.command.length > maxCommandBytes) {
      throw new ProtocolViolation('invalid-parameter-value', `command set of more than ${maxCommandBytes} bytes`);
    }
    this.command.parts.push(Uint8Array.from(fragment.bytes));
    if (!fragment.isLast) return;
    const request = decodeCommandSet(Buffer.concat(this.command.parts));
    this.command = undefined;
    await this.start(fragment.contextId, request, context);
  }

  private async takeDataSet(fragment: Extract<PduEvent, { kind: 'fragment' }>): Promise<void> {
    const awaited = this.awaited;
    if (awaited === undefined || awaited.contextId !== fragment.contextId) {
      throw new ProtocolViolation('unexpected-parameter', 'data set that no command announced');
    }
    awaited.bytes += fragment.bytes.length;
    this.server.onReceiving(fragment.bytes.length);
    // a refused object is swallowed so that the next one may come, but not without end
    if (awaited.bytes > 2 * this.server.limits.maxObjectBytes) {
      throw new ProtocolViolation('not-specified', 'refused object goes on and on');
    }
    await awaited.sink.write(fragment.bytes);
    if (!fragment.isLast) return;
    const answer = await awaited.sink.finish();
    this.awaited = undefined;
    await this.answer(awaited.contextId, awaited.request, answer);
  }

  private async start(contextId: number, request: CommandSet, context: AcceptedContext): Promise<void> {
    if (request.commandField === commandField.cCancelRequest) return; // nothing we do can be cancelled (PS3.7 9.3.2.3)
    if (request.messageId === undefined || (request.commandField & commandField.response) !== 0) {
      throw new ProtocolViolation(
        'unexpected-parameter',
        `command ${statusText(request.commandField)} without a message id, or a response`,
      );
    }
    const sink = this.sinkFor(request, context);
    if (request.hasDataSet) this.awaited = { contextId, request, sink, bytes: 0 };
    else await this.answer(contextId, request, await sink.finish());
  }

  private sinkFor(request: CommandSet, context: AcceptedContext): DataSetSink {
    if (request.commandField === commandField.cEchoRequest) return refusingSink({ status: storeStatus.success });
    if (request.commandField !== commandField.cStoreRequest)
      return refusingSink({ status: storeStatus.unrecognizedOperation });
    if (context.abstractSyntax === verificationSopClass || request.affectedSopClassUid !== context.abstractSyntax) {
      return refusingSink({
        status: storeStatus.sopClassNotSupported,
        errorComment: 'Affected SOP Class UID is not that of the context',
      });
    }
    const sopClassUid = parseDicomUid(request.affectedSopClassUid);
    const sopInstanceUid = parseDicomUid(request.affectedSopInstanceUid ?? '');
    if (sopClassUid === undefined || sopInstanceUid === undefined) {
      return refusingSink({
        status: storeStatus.invalidSopInstance,
        errorComment: 'Affected SOP Instance UID is no valid UID',
      });
    }
    const { ports, tenantId, limits } = this.server;
    return receiveInstance(
      ports,
      {
        tenantId,
        callingAeTitle: this.callingAeTitle,
        sopClassUid,
        sopInstanceUid,
        transferSyntax: context.transferSyntax,
      },
      limits,
    );
  }

  private async answer(contextId: number, request: CommandSet, answer: StoreAnswer): Promise<void> {
    const isStore = request.commandField === commandField.cStoreRequest;
    if (isStore) this.countStored(request, answer);
    await this.reply(
      contextId,
      encodeCommandSet({
        commandField: request.commandField | commandField.response,
        ...(request.messageId === undefined ? {} : { messageIdBeingRespondedTo: request.messageId }),
        ...(request.affectedSopClassUid === undefined ? {} : { affectedSopClassUid: request.affectedSopClassUid }),
        ...(request.affectedSopInstanceUid === undefined
          ? {}
          : { affectedSopInstanceUid: request.affectedSopInstanceUid }),
        hasDataSet: false,
        status: answer.status,
        ...(answer.errorComment === undefined ? {} : { errorComment: answer.errorComment }),
      }),
    );
  }

  private countStored(request: CommandSet, answer: StoreAnswer): void {
    this.server.counters.countStored(answer.status);
    if (answer.status === storeStatus.success) {
      this.stored++;
      this.server.onAcknowledged();
      return;
    }
    this.refused++;
    this.server.ports.log.warn('dicom-store-refused', {
      callingAeTitle: this.callingAeTitle,
      sopInstanceUid: parseDicomUid(request.affectedSopInstanceUid ?? '') ?? 'invalid',
      status: statusText(answer.status),
      comment: answer.errorComment ?? '',
    });
  }
}
