import { isProblem, type Problem, ProblemError } from '@yingyun/shared/domain/problem';
import { type Arrival, arrivalsOfEach, type InstanceName, updateInstance } from '../adapters/database/instances';
import { storedObjectOf } from '../adapters/database/stored-instances';
import type { InstanceAcknowledged, JournalRecord } from '../ports/journal';
import type { HandlerOutcome } from '../ports/outbox';
import type { ArchiveTask } from '../ports/transcoder';
import type { ArchivePorts } from './archive-ports';
import { findAcknowledgement } from './find-acknowledgement';
import { newRenditionKey } from './rendition-row';
import { decideArrival, duplicateByBytes, isUnindexed, nextGeneration } from './store/decide-arrival';
import { settleUnstored } from './store/settle-unstored';
import { putObjects, recordInstance, removeObjects, type StoreOutcome, type StoreTask } from './store/store-instance';
import { type ObjectToRead, readBack } from './verify/read-back';
import { verifyInstance } from './verify/verify-instance';

const statesToArchive: readonly string[] = ['received', 'spooled', 'acknowledged', 'indexed', 'transcoded'];

/**
 * Takes one acknowledged instance from the spool to the object store: index, transcode, store, verify (docs/flow.md 4 to 7). May run
 * twice, and goes on where an earlier run ended. Its spool file goes when the object was read back and the journal says that it is
 * stored, or when the instance is a duplicate. The journal's projection then makes the rows `verified`.
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
  if (own.state === 'stored' && own.generation === 1) return verifyFirstVersion(ports, own);
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
  if (decision.kind === 'store') {
    const task = { record, own, archived, objectKey, generation };
    outcome = await store(ports, task, { key, context, receipt: archived.receipt });
  } else {
    const stored = arrivals.find(
      (arrival) => arrival.journalSequence === (decision.kind === 'duplicate' ? decision.of : decision.with),
    );
    await settleUnstored(ports, ports.database, own, decision, archived, stored ?? own);
  }
  switch (outcome) {
    case 'store': {
      ports.outbox.wake();
      if (generation > 1) return { outcome: 'done' };
      const { tenantId, studyInstanceUid, sopInstanceUid } = entry;
      await ports.journal.append({
        kind: 'object-stored',
        tenantId,
        acknowledgedSequence: record.sequence,
        studyInstanceUid,
        sopInstanceUid,
        objectKey,
        objectClass: 'dicom',
        generation,
        seal: archived.receipt,
      });
      return release(ports, record);
    }
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

/** The object, then that it is there and whole, then its rows. Throws ProblemError where it isn't read back as it was sealed. */
async function store(ports: ArchivePorts, task: StoreTask, object: ObjectToRead): Promise<StoreOutcome> {
  await putObjects(ports, task);
  try {
    await readBack(ports, object);
  } catch (error) {
    await removeObjects(ports, task);
    throw error;
  }
  return recordInstance(ports, task);
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

/** An earlier run ended between its rows and the journal. */
async function verifyFirstVersion(ports: ArchivePorts, own: Arrival): Promise<HandlerOutcome> {
  const id = await storedObjectOf(ports.database, own.id, own.generation);
  return id === undefined ? { outcome: 'dead', reason: 'no-such-object' } : verifyInstance(ports, id);
}

/** What was journalled, or a duplicate, and whose release was cut off, is released now. */
async function finish(
  ports: ArchivePorts,
  record: JournalRecord<InstanceAcknowledged>,
  own: Arrival,
): Promise<HandlerOutcome> {
  const isSafe = own.state === 'verified' && own.headerSm3 !== '';
  return isSafe ? release(ports, record) : { outcome: 'done' };
}

async function release(ports: ArchivePorts, record: JournalRecord<InstanceAcknowledged>): Promise<HandlerOutcome> {
  await ports.spool.release(record);
  return { outcome: 'done' };
}

async function sourceOf(ports: ArchivePorts, entry: InstanceAcknowledged): Promise<ArchiveTask['source']> {
  return { ...(await ports.spool.readSealed(entry)), expected: entry.spool };
}
