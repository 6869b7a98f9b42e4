import { ProblemError } from '@yingyun/shared/domain/problem';
import type { JournalRecord, MessageAcknowledged } from '../ports/journal';
import type { HandlerOutcome } from '../ports/outbox';
import { fileMessage } from './index/file-message';
import { readMessage } from './index/read-message';
import type { FileReportPorts } from './index/report-versions';
import { type StoreMessagePorts, storeMessage } from './store/store-message';

export type ArchiveMessagePorts = FileReportPorts & StoreMessagePorts;

/**
 * Takes one acknowledged HL7 message to its end: filed (index/file-message.ts), then its original goes from the spool into the object store.
 * Runs any number of times for one record with the result of one run. What can't be read stays in the spool.
 */
export async function archiveMessage(
  ports: ArchiveMessagePorts,
  record: JournalRecord<MessageAcknowledged>,
): Promise<HandlerOutcome> {
  const original = await readMessage(ports, record);
  if ('outcome' in original) return original;
  const filed = await fileMessage(ports, record, original.bytes);
  if (filed.outcome !== 'done') return filed;
  if (!original.isStored) return store(ports, record, original.bytes);
  await ports.spool.release(record); // an earlier run ended between the journal and this
  return filed;
}

/** Whatever is wrong with the object store: the message is safe in the spool, and is stored another time. */
async function store(
  ports: ArchiveMessagePorts,
  record: JournalRecord<MessageAcknowledged>,
  bytes: Uint8Array,
): Promise<HandlerOutcome> {
  try {
    await storeMessage(ports, record, bytes);
    return { outcome: 'done' };
  } catch (cause) {
    if (!(cause instanceof ProblemError)) throw cause;
    const code = cause.problem.problem;
    ports.log.error('message-not-stored', { sequence: record.sequence, problem: code });
    return { outcome: 'retry', reason: code };
  }
}
