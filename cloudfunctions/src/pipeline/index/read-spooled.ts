import { ProblemError } from '@yingyun/shared/domain/problem';
import type { JournalRecord, MessageAcknowledged } from '../../ports/journal';
import type { HandlerOutcome } from '../../ports/outbox';
import type { Ports } from '../../ports/ports';

/** An acknowledged message's bytes as received, or why they can't be opened (and whether that may pass). */
export async function readSpooled(
  ports: Pick<Ports, 'spool' | 'log'>,
  record: JournalRecord<MessageAcknowledged>,
): Promise<Uint8Array | HandlerOutcome> {
  try {
    return await ports.spool.read(record.entry);
  } catch (cause) {
    if (!(cause instanceof ProblemError)) throw cause;
    const code = cause.problem.problem;
    ports.log.error('message-not-opened', { sequence: record.sequence, problem: code });
    return { outcome: code === 'sealed-object-invalid' ? 'dead' : 'retry', reason: code };
  }
}
