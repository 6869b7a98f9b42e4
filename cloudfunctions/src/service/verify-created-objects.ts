import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { objectsOfKeys } from '../adapters/database/journal-projection';
import type { ArchivePorts } from '../pipeline/archive-ports';
import { verifyInstance } from '../pipeline/verify/verify-instance';
import type { HandlerOutcome } from '../ports/outbox';

/**
 * Verifies what the object store says was written. A key begins with its hospital (docs/object-layout.md). A key without a row is
 * `image-not-ready`: the object is written before its row is committed, and an object whose row never comes is only waste.
 */
export async function verifyCreatedObjects(
  ports: ArchivePorts,
  objectKeys: readonly string[],
): Promise<HandlerOutcome | Problem> {
  const hospitals = [...new Set(objectKeys.map((key) => key.split('/')[0] ?? ''))];
  const known = await ports.database.transaction((transaction) => objectsOfKeys(transaction, hospitals, objectKeys));
  for (const { id, objectClass } of known) {
    // a message was read back before the journal named it; every read of a rendition is checked
    if (objectClass !== 'dicom') continue;
    const outcome = await verifyInstance(ports, id);
    if (outcome.outcome !== 'done') return outcome;
  }
  const missing = objectKeys.filter((key) => !known.some((one) => one.objectKey === key));
  return missing.length === 0
    ? { outcome: 'done' }
    : problem('image-not-ready', `${missing.length} objects without a row`);
}
