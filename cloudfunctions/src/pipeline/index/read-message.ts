import { ProblemError } from '@yingyun/shared/domain/problem';
import { storedMessageOf } from '../../adapters/database/stored-messages';
import type { JournalRecord, MessageAcknowledged } from '../../ports/journal';
import type { HandlerOutcome } from '../../ports/outbox';
import type { Ports } from '../../ports/ports';
import { sealContextOf } from '../read-stored-object';

export interface OriginalMessage {
  /** As received, without MLLP framing. */
  readonly bytes: Uint8Array;
  /** It lies in the object store, and the journal says so: the spool file may go. */
  readonly isStored: boolean;
}

/** An acknowledged message from the object store or, before it is there, from the spool; or why it can't be opened, and whether that may pass. */
export async function readMessage(
  ports: Pick<Ports, 'database' | 'spool' | 'objects' | 'sealer' | 'keys' | 'log'>,
  record: JournalRecord<MessageAcknowledged>,
): Promise<OriginalMessage | HandlerOutcome> {
  const { entry, sequence } = record;
  try {
    const row = await storedMessageOf(ports.database, entry.tenantId, sequence);
    // Where the projection lags behind a release, the file is gone before the row is there: tried again.
    if (row === undefined) return { bytes: await ports.spool.read(entry), isStored: false };
    const key = await ports.keys.keyById(row.hospitalId, row.keyId);
    const sealed = await ports.objects.get(row.objectKey);
    return { bytes: ports.sealer.open(key, sealContextOf(row), sealed, row), isStored: true };
  } catch (cause) {
    if (!(cause instanceof ProblemError)) throw cause;
    const code = cause.problem.problem;
    ports.log.error('message-not-opened', { sequence, problem: code });
    return { outcome: code === 'sealed-object-invalid' ? 'dead' : 'retry', reason: code };
  }
}
