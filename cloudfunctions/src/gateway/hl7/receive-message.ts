import { ProblemError } from '@yingyun/shared/domain/problem';
import type { MessageAcknowledged } from '../../ports/journal';
import type { Ports } from '../../ports/ports';
import { type AcceptedMessage, acceptMessage } from './accept-message';
import { isRefusal, type Refusal, refusal } from './refusal';

export interface MessageReceiver {
  readonly ports: Pick<Ports, 'spool' | 'log' | 'clock'>;
  readonly tenantId: string;
  /** Minutes east of UTC for times without a zone. */
  readonly utcOffsetMinutes: number;
  /** Called after each commit: something waits in the journal. */
  readonly onAcknowledged: () => void;
}

/**
 * Takes one message: checks it, seals it into the spool as received and journals it. Undefined means AA may be sent: file, folder, key
 * and journal entry are durable. The same MSH-10 again is taken again; filing is what is idempotent.
 */
export async function receiveMessage(receiver: MessageReceiver, bytes: Uint8Array): Promise<Refusal | undefined> {
  const { log } = receiver.ports;
  const accepted = acceptMessage(bytes, receiver.utcOffsetMinutes);
  if (isRefusal(accepted)) {
    log.warn('hl7-refused', {
      answer: accepted.acknowledgementCode,
      error: accepted.errorCode,
      problem: accepted.problem,
    });
    return accepted;
  }
  const refused = await spoolMessage(receiver, bytes, accepted);
  if (refused === undefined) receiver.onAcknowledged();
  return refused;
}

async function spoolMessage(
  { ports, tenantId }: MessageReceiver,
  bytes: Uint8Array,
  accepted: AcceptedMessage,
): Promise<Refusal | undefined> {
  let abort: (() => Promise<void>) | undefined;
  try {
    const writer = await ports.spool.open(tenantId);
    abort = () => writer.abort();
    await writer.write(bytes);
    const record = await writer.commit<MessageAcknowledged>({
      kind: 'message-acknowledged',
      tenantId,
      ...accepted,
      receivedAt: ports.clock.now().toISOString(),
    });
    ports.log.info('hl7-acknowledged', { sequence: record.sequence, bytes: bytes.length });
    return undefined;
  } catch (cause) {
    const code = cause instanceof ProblemError ? cause.problem.problem : 'unexpected';
    ports.log.error('hl7-not-stored', { problem: code }, cause);
    // the spool also cleans up at its next start; this message was not acknowledged
    await abort?.().catch((fault) => ports.log.warn('hl7-abort-failed', { reason: String(fault) }));
    return refusal('AR', 207, '', code, 'not stored, send again later');
  }
}
