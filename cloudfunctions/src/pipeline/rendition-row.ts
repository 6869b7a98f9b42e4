import type { NewStoredObject } from '../adapters/database/journal-projection';
import type { Ports } from '../ports/ports';
import type { SealedRendition } from '../ports/transcoder';

/** A new name, as every sealing has one of its own (docs/object-layout.md). */
export function newRenditionKey(ports: Pick<Ports, 'random'>, hospitalId: string, keyId: string): string {
  return `${hospitalId}/${keyId}/${ports.random.uuid()}.view.cfe1`;
}

/**
 * The row of a rendition. It is never verified or journalled: every read of it is checked (CFE1), and it is made again from the object it
 * was made of when the database is.
 */
export function renditionRow(
  ports: Pick<Ports, 'random' | 'clock'>,
  hospitalId: string,
  instanceId: string,
  generation: number,
  { objectKey, receipt }: SealedRendition,
): NewStoredObject {
  const id = ports.random.uuid();
  const createdAt = ports.clock.now();
  return { id, hospitalId, instanceId, objectKey, objectClass: 'rendition', generation, ...receipt, createdAt };
}
