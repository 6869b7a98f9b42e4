import type { Ports } from '../ports/ports';
import type { storedObject } from '../ports/schema';
import type { SealContext } from '../ports/sealing';

/** The columns of a `stored_object` row that opening needs. */
export type SealedObjectRow = Pick<
  typeof storedObject.$inferSelect,
  'hospitalId' | 'objectKey' | 'objectClass' | 'generation' | 'keyId' | 'cipherLength' | 'plainLength' | 'commitment'
>;

/** What the object of a row was sealed for: the same four fields wherever it is opened. */
export function sealContextOf(row: SealedObjectRow): SealContext {
  return {
    tenantId: row.hospitalId,
    objectKey: row.objectKey,
    objectClass: row.objectClass as SealContext['objectClass'], // the column is only ever written from a SealContext
    generation: row.generation,
  };
}

/**
 * Plaintext bytes [start, start + length) of a stored object: only the sealed chunks they lie in are fetched, and each is
 * checked before it is opened. `start` and the lengths come from `StoredInstance.frames` (offset, bands).
 *
 * Throws ProblemError `sealed-object-invalid`, `image-damaged`, `key-unavailable` or `storage-unavailable`.
 */
export async function readFrameBytes(
  ports: Pick<Ports, 'objects' | 'sealer' | 'keys'>,
  row: SealedObjectRow,
  start: number,
  length: number,
): Promise<Uint8Array> {
  const key = await ports.keys.keyById(row.hospitalId, row.keyId);
  const readRange = (offset: number, count: number) => ports.objects.getRange(row.objectKey, offset, count);
  return ports.sealer.openRange(key, sealContextOf(row), row, readRange, start, length);
}
