import type { Arrival } from '../../adapters/database/instances';
import type { InstanceAcknowledged, JournalRecord } from '../../ports/journal';
import type { Ports } from '../../ports/ports';
import type { ArchivedInstance } from '../../ports/transcoder';
import type { ArrivalDecision } from './decide-arrival';
import { recordStored } from './record-stored';

export type StorePorts = Pick<
  Ports,
  'database' | 'objects' | 'outbox' | 'together' | 'fields' | 'clock' | 'random' | 'log'
>;

export interface StoreTask {
  readonly record: JournalRecord<InstanceAcknowledged>;
  readonly own: Arrival;
  readonly archived: ArchivedInstance;
  readonly objectKey: string;
  /** What the object was sealed for. */
  readonly generation: number;
}

/** As decided, or 'outdated': another arrival was stored meanwhile, and the object must be sealed for another generation. */
export type StoreOutcome = ArrivalDecision['kind'] | 'outdated';

/** Puts the sealed object, and what is derived for it, into the object store. Throws ProblemError where it can't be written. */
export async function putObjects(ports: StorePorts, { objectKey, archived }: StoreTask): Promise<void> {
  const { rendition } = archived;
  if (rendition !== undefined) await ports.objects.put(rendition.objectKey, rendition.sealed);
  await ports.objects.put(objectKey, archived.sealed);
}

/**
 * Writes patient, study, series, instance and stored object in one transaction, shared with what else is ready. The object comes first:
 * a row never points at nothing; an object without a row is only waste.
 */
export async function recordInstance(ports: StorePorts, task: StoreTask): Promise<StoreOutcome> {
  const outcome = await ports.together.run('store', task, (tasks: readonly StoreTask[]) => recordStored(ports, tasks));
  // Only after the transaction has ended for sure: an object whose commit is in doubt stays.
  if (outcome !== 'store') await removeObjects(ports, task);
  return outcome;
}

/** Only where no row points at them. */
export async function removeObjects(ports: StorePorts, { objectKey, archived }: StoreTask): Promise<void> {
  const { rendition } = archived;
  await ports.objects.remove(objectKey);
  if (rendition !== undefined) await ports.objects.remove(rendition.objectKey);
}
