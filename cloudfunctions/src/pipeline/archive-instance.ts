import { isProblem, type Problem, ProblemError } from '@yingyun/shared/domain/problem';
import { type Arrival, arrivalsOfEach, type InstanceName, updateInstance } from '../adapters/database/instances';
import type { InstanceAcknowledged, JournalRecord } from '../ports/journal';
import type { HandlerOutcome } from '../ports/outbox';
import type { ArchiveTask } from '../ports/transcoder';
import type { ArchivePorts } from './archive-ports';
import { findAcknowledgement } from './find-acknowledgement';
import { newRenditionKey } from './rendition-row';
import { decideArrival, duplicateByBytes, isUnindexed, nextGeneration } from './store/decide-arrival';
import { settleUnstored } from './store/settle-unstored';
import { type StoreOutcome, storeInstance } from './store/store-instance';

const statesToArchive: readonly string[] = ['received', 'spooled', 'acknowledged', 'indexed', 'transcoded'];

/**
 * Takes one acknowledged instance from the spool to the object store: index, transcode, store (docs/flow.md 4 to 6). May run twice:
 * an instance that has left the states before `stored` is done. Its spool file stays until `verify-instance` has seen the object, or
 * at once goes where the instance is a duplicate.
 */
export async function archiveInstance(ports: ArchivePorts, journalSequence: number): Promise<HandlerOutcome> {
  const record = await findAcknowledgement(ports.journal, journalSequence);
  if (record === undefined) return { outcome: 'dead', reason: 'no-such-acknowledgement' };
  const { entry } = record;
  const name = { hospitalId: entry.tenantId, sopInstanceUid: entry.sopInstanceUid };
  const arrivals = await ports.together.run('arrivals', name, (names: readonly InstanceName[]) =>
    arrivalsOfEach(ports.database, names),
  );
  const own = arrivals.find((arrival) => arrival.journalSequence === journalSequence);
  if (own === undefined) return { outcome: 'dead', reason: 'no-such-instance' };
  if (!statesToArchive.includes(own.state)) return finish(ports, record, own);
  // After a rebuild of the database: what this one must be compared with is not indexed again yet.
  if (arrivals.some(isUnindexed)) return { outcome: 'retry', reason: 'another-arrival-is-not-indexed-yet' };
  const twin = duplicateByBytes(arrivals, own);
  if (twin !== undefined) {
    const digests = arrivals.find((arrival) => arrival.journalSequence === twin) ?? own;
    await settleUnstored(ports, ports.database, own, { kind: 'duplicate', of: twin }, digests, digests);
    return release(ports, record);
  }
  try {
    return await archive(ports, record, own, arrivals);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { outcome: 'retry', reason: error.problem.problem };
  }
}

async function archive(
  ports: ArchivePorts,
  record: JournalRecord<InstanceAcknowledged>,
  own: Arrival,
  arrivals: readonly Arrival[],
): Promise<HandlerOutcome> {
  const { entry } = record;
  const generation = nextGeneration(arrivals, own);
  const key = await ports.keys.studyKey(entry.tenantId, entry.studyInstanceUid);
  // A name of its own for every attempt: a second run never replaces what a first one's row already points at. No UID in a path.
  const objectKey = `${entry.tenantId}/${key.keyId}/${ports.random.uuid()}.dcm.cfe1`;
  const context = { tenantId: entry.tenantId, objectKey, objectClass: 'dicom', generation } as const;
  const archived = await ports.transcoder.archive(async () => ({
    source: await sourceOf(ports, entry),
    expectedUids: entry,
    target: { key, context, renditionKey: newRenditionKey(ports, entry.tenantId, key.keyId) },
    text: { assumeChinese: true },
  }));
  if (isProblem(archived)) return fail(ports, record, own, archived);
  const decision = decideArrival(arrivals, own, archived);
  let outcome: StoreOutcome = decision.kind;
  if (decision.kind === 'store') outcome = await storeInstance(ports, { record, own, archived, objectKey, generation });
  else {
    const stored = arrivals.find(
      (arrival) => arrival.journalSequence === (decision.kind === 'duplicate' ? decision.of : decision.with),
    );
    await settleUnstored(ports, ports.database, own, decision, archived, stored ?? own);
  }
  switch (outcome) {
    case 'store':
      ports.outbox.wake();
      return { outcome: 'done' };
    case 'duplicate':
      return release(ports, record);
    case 'conflict':
      ports.log.warn('instance-conflict', { sopInstanceUid: entry.sopInstanceUid, journalSequence: record.sequence });
      return { outcome: 'done' };
    case 'outdated':
      return { outcome: 'retry', reason: 'another-arrival-was-first' };
    default:
      return outcome satisfies never;
  }
}

/** What the image itself is guilty of rests as `quarantined`, its spool file kept; anything else is tried again. */
async function fail(
  ports: ArchivePorts,
  record: JournalRecord<InstanceAcknowledged>,
  own: Arrival,
  why: Problem,
): Promise<HandlerOutcome> {
  const { sopInstanceUid } = record.entry;
  ports.log.warn('instance-not-archived', { sopInstanceUid, code: why.problem, detail: why.detail ?? '' });
  if (!why.problem.startsWith('dicom-')) return { outcome: 'retry', reason: why.problem };
  await updateInstance(ports.database, own.id, {
    state: 'quarantined',
    stateReason: why.detail === undefined ? why.problem : `${why.problem}: ${why.detail}`,
    isCurrent: false,
    updatedAt: ports.clock.now(),
  });
  return { outcome: 'done' };
}

/** A duplicate whose release was cut off is released now. */
async function finish(
  ports: ArchivePorts,
  record: JournalRecord<InstanceAcknowledged>,
  own: Arrival,
): Promise<HandlerOutcome> {
  const isDuplicate = own.state === 'verified' && !own.isCurrent && own.generation === 1 && own.headerSm3 !== '';
  return isDuplicate ? release(ports, record) : { outcome: 'done' };
}

async function release(ports: ArchivePorts, record: JournalRecord<InstanceAcknowledged>): Promise<HandlerOutcome> {
  await ports.spool.release(record);
  return { outcome: 'done' };
}

async function sourceOf(ports: ArchivePorts, entry: InstanceAcknowledged): Promise<ArchiveTask['source']> {
  return { ...(await ports.spool.readSealed(entry)), expected: entry.spool };
}
