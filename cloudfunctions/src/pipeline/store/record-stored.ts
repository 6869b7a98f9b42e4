import { sealView } from '../../adapters/database/instance-view';
import {
  type Arrival,
  arrivalsOfEach,
  correctStudy,
  countInstances,
  placeInstance,
  type StudyPlace,
  updateInstance,
} from '../../adapters/database/instances';
import { insertStoredObjects, objectsOfKeys } from '../../adapters/database/journal-projection';
import { type IndexedRow, markInstancesStored } from '../../adapters/database/stored-instances';
import type { Transaction } from '../../ports/database';
import { renditionRow } from '../rendition-row';
import { decideArrival } from './decide-arrival';
import { settleUnstored } from './settle-unstored';
import type { StoreOutcome, StorePorts, StoreTask } from './store-instance';

/**
 * The rows and events of many objects in one transaction; outcomes in the order of the tasks. Study by study, in the order of their
 * UIDs, because each study's row is locked to the end and another transaction may want the same ones.
 */
export async function recordStored(ports: StorePorts, tasks: readonly StoreTask[]): Promise<StoreOutcome[]> {
  const outcomes = new Map<StoreTask, StoreOutcome>();
  await ports.database.transaction(async (transaction) => {
    for (const round of roundsOf(tasks)) {
      for (const [task, outcome] of await recordRound(ports, transaction, round)) outcomes.set(task, outcome);
    }
  });
  return tasks.map((task) => outcomes.get(task) ?? 'outdated');
}

/** Tasks of one study, and no SOP instance twice in a round: the second must see what became of the first. */
function roundsOf(tasks: readonly StoreTask[]): StoreTask[][] {
  const rounds = new Map<string, Map<string, StoreTask>>();
  for (const task of tasks) {
    const { tenantId, sopInstanceUid } = task.record.entry;
    for (let nth = 0; ; nth++) {
      const name = JSON.stringify([tenantId, task.archived.identity.studyInstanceUid, nth]);
      const round = rounds.get(name) ?? new Map<string, StoreTask>();
      if (round.has(sopInstanceUid)) continue;
      rounds.set(name, round.set(sopInstanceUid, task));
      break;
    }
  }
  const sorted = [...rounds.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([, round]) => [...round.values()]);
}

async function recordRound(
  ports: StorePorts,
  transaction: Transaction,
  round: readonly StoreTask[],
): Promise<[StoreTask, StoreOutcome][]> {
  const places = await placeAll(ports, transaction, round);
  // The study's row is locked now: what is read here stays so.
  const arrivals = await arrivalsOfEach(
    transaction,
    round.map(({ record: { entry } }) => ({ hospitalId: entry.tenantId, sopInstanceUid: entry.sopInstanceUid })),
  );
  const outcomes: [StoreTask, StoreOutcome][] = [];
  const toStore: { task: StoreTask; place: StudyPlace }[] = [];
  for (const [i, task] of round.entries()) {
    const place = places[i];
    if (place === undefined) throw new Error('every task has its place');
    const outcome = await decide(ports, transaction, task, place, arrivals[i] ?? []);
    if (outcome === 'store') toStore.push({ task, place });
    outcomes.push([task, outcome === 'recorded' ? 'store' : outcome]);
  }
  await store(ports, transaction, toStore);
  return outcomes;
}

/** Patient, study and series of each task; found or made once for each series and modality. */
async function placeAll(
  ports: StorePorts,
  transaction: Transaction,
  round: readonly StoreTask[],
): Promise<StudyPlace[]> {
  const known = new Map<string, StudyPlace>();
  const places: StudyPlace[] = [];
  for (const { record, archived } of round) {
    const { identity } = archived;
    const name = JSON.stringify([identity.seriesInstanceUid, identity.series.modality]);
    const { tenantId, receivedAt } = record.entry;
    const place =
      known.get(name) ?? (await placeInstance(ports, transaction, tenantId, identity, new Date(receivedAt)));
    known.set(name, place);
    places.push(place);
  }
  return places;
}

async function decide(
  ports: StorePorts,
  transaction: Transaction,
  { own, archived, generation, objectKey, record }: StoreTask,
  place: StudyPlace,
  arrivals: readonly Arrival[],
): Promise<StoreOutcome | 'recorded'> {
  const isUnderWay = arrivals.some((arrival) => arrival.id === own.id && arrival.state === own.state);
  if (!isUnderWay) {
    // Another run of the same event was faster; or this very one was, and nobody heard of its commit: its object must stay.
    const recorded = await objectsOfKeys(transaction, [record.entry.tenantId], [objectKey]);
    return recorded.length > 0 ? 'recorded' : 'outdated';
  }
  const decision = decideArrival(arrivals, own, archived);
  if (decision.kind === 'store') return decision.generation === generation ? 'store' : 'outdated';
  await settleUnstored(ports, transaction, own, decision, archived, place);
  return decision.kind;
}

async function store(
  ports: StorePorts,
  transaction: Transaction,
  toStore: readonly { readonly task: StoreTask; readonly place: StudyPlace }[],
): Promise<void> {
  const [first] = toStore;
  if (first === undefined) return;
  const now = ports.clock.now();
  const firstVersions = toStore.filter(({ task }) => task.generation === 1);
  await markInstancesStored(transaction, await Promise.all(firstVersions.map((one) => rowOf(ports, one))), now);
  if (firstVersions.length > 0) await countInstances(transaction, first.place.studyId, firstVersions.length);
  for (const one of toStore) {
    const { task, place } = one;
    if (task.generation === 1) continue;
    // A corrected header takes its predecessor's place only when it is verified.
    const change = {
      ...(await rowOf(ports, one)),
      studyId: place.studyId,
      generation: task.generation,
      isCurrent: false,
    };
    await updateInstance(transaction, task.own.id, { ...change, state: 'stored', stateReason: '', updatedAt: now });
    await correctStudy(ports, transaction, task.record.entry.tenantId, place.studyId, task.archived.identity);
  }
  const objects = toStore.map(({ task: { record, own, objectKey, generation, archived } }) => ({
    id: ports.random.uuid(),
    hospitalId: record.entry.tenantId,
    instanceId: own.id,
    objectKey,
    objectClass: 'dicom',
    generation,
    ...archived.receipt,
    createdAt: now,
  }));
  const renditions = toStore.flatMap(({ task: { record, own, generation, archived } }) =>
    archived.rendition === undefined
      ? []
      : [renditionRow(ports, record.entry.tenantId, own.id, generation, archived.rendition)],
  );
  await insertStoredObjects(transaction, [...objects, ...renditions]);
  // A first version is brought to its end by who stored it; a later one must also take its predecessor's place.
  await ports.outbox.addMany(
    transaction,
    objects.flatMap(({ id, generation }) => (generation === 1 ? [] : [{ kind: 'object-created', storedObjectId: id }])),
  );
}

async function rowOf(
  ports: StorePorts,
  { task, place }: { readonly task: StoreTask; readonly place: StudyPlace },
): Promise<IndexedRow> {
  const { own, archived, record } = task;
  const row = { hospitalId: record.entry.tenantId, id: own.id };
  return {
    id: own.id,
    ...place,
    headerSm3: archived.headerSm3,
    pixelSm3: archived.pixelSm3,
    instanceNumber: archived.identity.instanceNumber,
    frameCount: archived.view.frames.length,
    viewSealed: await sealView(ports.fields, row, archived.view),
  };
}
