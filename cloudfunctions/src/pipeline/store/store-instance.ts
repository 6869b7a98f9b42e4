import {
  type Arrival,
  arrivalsOf,
  correctStudy,
  countInstance,
  insertStoredObject,
  placeInstance,
  updateInstance,
} from '../../adapters/database/instances';
import type { Queryable, Transaction } from '../../ports/database';
import type { InstanceAcknowledged, JournalRecord } from '../../ports/journal';
import type { Ports } from '../../ports/ports';
import type { ArchivedInstance } from '../../ports/transcoder';
import { type ArrivalDecision, decideArrival } from './decide-arrival';

export type StorePorts = Pick<Ports, 'database' | 'objects' | 'outbox' | 'fields' | 'clock' | 'random' | 'log'>;

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

/**
 * Puts the sealed object into the object store and then, in one transaction, writes patient, study, series, instance and stored object
 * and the event that it was created. The object comes first: a row never points at nothing; an object without a row is only waste.
 */
export async function storeInstance(ports: StorePorts, task: StoreTask): Promise<StoreOutcome> {
  const { archived, objectKey } = task;
  await ports.objects.put(objectKey, archived.sealed);
  const outcome = await ports.database.transaction((transaction) => record(ports, transaction, task));
  // Only after the transaction has ended for sure: an object whose commit is in doubt stays.
  if (outcome !== 'store') await ports.objects.remove(objectKey);
  return outcome;
}

async function record(ports: StorePorts, transaction: Transaction, task: StoreTask): Promise<StoreOutcome> {
  const { own, archived, objectKey, generation } = task;
  const { entry } = task.record;
  const hospitalId = entry.tenantId;
  const now = ports.clock.now();
  const place = await placeInstance(ports, transaction, hospitalId, archived.identity, new Date(entry.receivedAt));
  const arrivals = await arrivalsOf(transaction, hospitalId, entry.sopInstanceUid);
  // Another run of the same event was faster.
  const isUnderWay = arrivals.some((arrival) => arrival.id === own.id && arrival.state === own.state);
  if (!isUnderWay) return 'outdated';
  const decision = decideArrival(arrivals, own, archived);
  if (decision.kind !== 'store') {
    await settleUnstored(ports, transaction, own, decision, archived, place);
    return decision.kind;
  }
  if (decision.generation !== generation) return 'outdated';
  const storedObjectId = ports.random.uuid();
  await updateInstance(transaction, own.id, {
    ...place,
    state: 'stored',
    stateReason: '',
    headerSm3: archived.headerSm3,
    pixelSm3: archived.pixelSm3,
    generation,
    // A corrected header takes its predecessor's place only when it is verified.
    isCurrent: generation === 1,
    instanceNumber: archived.identity.instanceNumber,
    frameCount: archived.view.frames.length,
    viewJson: JSON.stringify(archived.view),
    updatedAt: now,
  });
  await insertStoredObject(transaction, {
    id: storedObjectId,
    hospitalId,
    instanceId: own.id,
    objectKey,
    objectClass: 'dicom',
    generation,
    ...archived.receipt,
    createdAt: now,
  });
  if (generation === 1) await countInstance(transaction, place.studyId, 1);
  else await correctStudy(ports, transaction, hospitalId, place.studyId, archived.identity);
  await ports.outbox.add(transaction, { kind: 'object-created', storedObjectId });
  return 'store';
}

/** A duplicate is at its end; a conflict rests for a person, with its spool file. Neither is what is shown. */
export async function settleUnstored(
  ports: Pick<Ports, 'clock'>,
  database: Queryable,
  own: Arrival,
  decision: Exclude<ArrivalDecision, { kind: 'store' }>,
  digests: { readonly headerSm3: string; readonly pixelSm3: string },
  place: { readonly studyId: string | null; readonly seriesId: string | null },
): Promise<void> {
  const isDuplicate = decision.kind === 'duplicate';
  await updateInstance(database, own.id, {
    studyId: place.studyId,
    seriesId: place.seriesId,
    state: isDuplicate ? 'verified' : 'conflict',
    stateReason: isDuplicate ? `duplicate of ${decision.of}` : `other pixels than ${decision.with}`,
    headerSm3: digests.headerSm3,
    pixelSm3: digests.pixelSm3,
    isCurrent: false,
    updatedAt: ports.clock.now(),
  });
}
