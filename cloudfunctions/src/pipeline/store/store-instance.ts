import type { Arrival } from '../../adapters/database/instances';
import type { InstanceAcknowledged, JournalRecord } from '../../ports/journal';
import type { Ports } from '../../ports/ports';
import type { DataKey } from '../../ports/sealing';
import type { ArchivedInstance } from '../../ports/transcoder';
import { readBack } from '../verify/read-back';
import type { ArrivalDecision } from './decide-arrival';
import { recordStored } from './record-stored';

export type StorePorts = Pick<
  Ports,
  'database' | 'objects' | 'transcoder' | 'outbox' | 'together' | 'fields' | 'clock' | 'random' | 'log'
>;

export interface StoreTask {
  readonly record: JournalRecord<InstanceAcknowledged>;
  readonly own: Arrival;
  readonly archived: ArchivedInstance;
  readonly objectKey: string;
  readonly key: DataKey;
  /** What the object was sealed for. */
  readonly generation: number;
}

/** As decided, or 'outdated': another arrival was stored meanwhile, and the object must be sealed for another generation. */
export type StoreOutcome = ArrivalDecision['kind'] | 'outdated';

/**
 * Puts the sealed object into the object store, reads it back, and then writes patient, study, series, instance and stored object in one
 * transaction, shared with what else is ready. The object comes first: a row never points at nothing; an object without a row is only
 * waste. Throws ProblemError where the object can't be written, or isn't read back as it was sealed.
 */
export async function storeInstance(ports: StorePorts, task: StoreTask): Promise<StoreOutcome> {
  const { rendition } = task.archived;
  if (rendition !== undefined) await ports.objects.put(rendition.objectKey, rendition.sealed);
  await putAndReadBack(ports, task);
  const outcome = await ports.together.run('store', task, (tasks: readonly StoreTask[]) => recordStored(ports, tasks));
  // Only after the transaction has ended for sure: an object whose commit is in doubt stays.
  if (outcome !== 'store') await removeObjects(ports, task);
  return outcome;
}

async function putAndReadBack(ports: StorePorts, task: StoreTask): Promise<void> {
  const { archived, objectKey, key, generation, record } = task;
  const context = { tenantId: record.entry.tenantId, objectKey, objectClass: 'dicom', generation } as const;
  await ports.objects.put(objectKey, archived.sealed);
  try {
    await readBack(ports, { key, context, receipt: archived.receipt });
  } catch (error) {
    await removeObjects(ports, task);
    throw error;
  }
}

async function removeObjects(ports: StorePorts, { objectKey, archived: { rendition } }: StoreTask): Promise<void> {
  await ports.objects.remove(objectKey);
  if (rendition !== undefined) await ports.objects.remove(rendition.objectKey);
}
