import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import type { JournalRecord, MessageAcknowledged } from '../../ports/journal';
import type { Ports } from '../../ports/ports';

export type StoreMessagePorts = Pick<Ports, 'journal' | 'spool' | 'keys' | 'sealer' | 'objects' | 'random'>;

/**
 * Brings the original of a message from the spool into the object store: sealed anew, put, read back and compared; then the journal says
 * so, and only then the spool file goes. Cut off anywhere and run again it may leave an object that no record names, never a gap.
 * Throws ProblemError where it can't be written, or isn't read back as it was sealed.
 */
export async function storeMessage(
  ports: StoreMessagePorts,
  record: JournalRecord<MessageAcknowledged>,
  message: Uint8Array,
): Promise<void> {
  const { tenantId } = record.entry;
  const key = await ports.keys.messageKey(tenantId);
  const objectKey = `${tenantId}/${key.keyId}/${ports.random.uuid()}.hl7.cfe1`;
  const context = { tenantId, objectKey, objectClass: 'hl7', generation: 1 } as const;
  const { sealed, receipt } = ports.sealer.seal(key, context, message);
  await ports.objects.put(objectKey, sealed);
  const readBack = ports.sealer.open(key, context, await ports.objects.get(objectKey), receipt);
  if (!Buffer.from(readBack).equals(message)) {
    throw new ProblemError(problem('image-damaged', `object ${objectKey} is not what was sealed`));
  }
  await ports.journal.append({
    kind: 'message-stored',
    tenantId,
    acknowledgedSequence: record.sequence,
    objectKey,
    seal: receipt,
  });
  await ports.spool.release(record);
}
