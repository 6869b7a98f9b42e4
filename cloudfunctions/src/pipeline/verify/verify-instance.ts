import { parseDicomUid } from '@yingyun/shared/domain/dicom-uid';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import { sealView } from '../../adapters/database/instance-view';
import {
  arrivalsOf,
  correctStudy,
  countInstances,
  markObjectVerified,
  placeInstance,
  retireOlder,
  type StoredObjectOfInstance,
  storedObjectsByIds,
  updateInstance,
} from '../../adapters/database/instances';
import { insertStoredObjects } from '../../adapters/database/journal-projection';
import type { Transaction } from '../../ports/database';
import type { HandlerOutcome } from '../../ports/outbox';
import type { IndexedObject, VerifiedObject } from '../../ports/transcoder';
import type { ArchivePorts } from '../archive-ports';
import { findAcknowledgement } from '../find-acknowledgement';
import { sealContextOf } from '../read-stored-object';
import { newRenditionKey, renditionRow } from '../rendition-row';
import { readBack } from './read-back';

/**
 * Reads a stored object back and checks every tag and its digest; then the journal says that it is stored, the rows that it is
 * verified, and only then the spool file goes: for what `archiveInstance` didn't bring to that end itself. Where the rows were rebuilt from the journal (no view), the object is indexed again
 * instead. May run twice.
 */
export async function verifyInstance(ports: ArchivePorts, storedObjectId: string): Promise<HandlerOutcome> {
  const found = await ports.together.run('stored-objects', storedObjectId, (ids: readonly string[]) =>
    storedObjectsByIds(ports.database, ids),
  );
  if (found === undefined) return { outcome: 'dead', reason: 'no-such-object' };
  try {
    const isRebuilt = !found.instance.hasView;
    // The journal's projection sets this when it has read our own record: then only what follows may be missing.
    const isJournalled = found.object.verifiedAt !== null;
    const verified = isJournalled && !isRebuilt ? undefined : await readObject(ports, found, isRebuilt);
    if (!isJournalled) await journalStored(ports, found);
    await recordVerified(ports, found, verified?.indexed);
    ports.outbox.wake();
    const record = await findAcknowledgement(ports.journal, found.instance.journalSequence);
    if (record !== undefined) await ports.spool.release(record);
    return { outcome: 'done' };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    ports.log.error('object-not-verified', { objectKey: found.object.objectKey, code: error.problem.problem });
    return { outcome: 'retry', reason: error.problem.problem };
  }
}

async function readObject(
  ports: ArchivePorts,
  { object, instance }: StoredObjectOfInstance,
  isRebuilt: boolean,
): Promise<VerifiedObject> {
  const { hospitalId, keyId, cipherLength, plainLength, commitment, plainSm3 } = object;
  const key = await ports.keys.keyById(hospitalId, keyId);
  const receipt = { keyId, cipherLength, plainLength, commitment, plainSm3 };
  const index = { text: { assumeChinese: true }, renditionKey: newRenditionKey(ports, hospitalId, keyId) };
  const verified = await readBack(
    ports,
    { key, context: sealContextOf(object), receipt },
    isRebuilt ? index : undefined,
  );
  const indexed = verified.indexed;
  if (indexed !== undefined && indexed.identity.sopInstanceUid !== instance.sopInstanceUid) {
    throw new ProblemError(problem('dicom-identifier-mismatch', `object ${object.objectKey}`));
  }
  return verified;
}

async function journalStored(ports: ArchivePorts, { object, instance }: StoredObjectOfInstance): Promise<void> {
  const studyInstanceUid = parseDicomUid(instance.studyInstanceUid);
  const sopInstanceUid = parseDicomUid(instance.sopInstanceUid);
  if (studyInstanceUid === undefined || sopInstanceUid === undefined) throw new Error('a row holds a UID that is none');
  await ports.journal.append({
    kind: 'object-stored',
    tenantId: object.hospitalId,
    acknowledgedSequence: instance.journalSequence,
    studyInstanceUid,
    sopInstanceUid,
    objectKey: object.objectKey,
    objectClass: 'dicom',
    generation: object.generation,
    seal: {
      keyId: object.keyId,
      cipherLength: object.cipherLength,
      plainLength: object.plainLength,
      commitment: object.commitment,
      plainSm3: object.plainSm3,
    },
  });
}

async function recordVerified(
  ports: ArchivePorts,
  found: StoredObjectOfInstance,
  indexed: IndexedObject | undefined,
): Promise<void> {
  const { object, instance } = found;
  // The object comes before its row, as with every other.
  if (indexed?.rendition !== undefined) await ports.objects.put(indexed.rendition.objectKey, indexed.rendition.sealed);
  await ports.database.transaction(async (transaction) => {
    const now = ports.clock.now();
    const rebuilt = indexed === undefined ? undefined : await indexAgain(ports, transaction, found, indexed);
    // A first version is what is shown already, unless a later one has taken its place.
    const isNewest = await takesOver(transaction, found, indexed !== undefined);
    await markObjectVerified(transaction, object.id, now);
    await updateInstance(transaction, instance.id, { ...rebuilt, ...isNewest, state: 'verified', updatedAt: now });
    const studyId = rebuilt?.studyId ?? instance.studyId;
    if (studyId !== null) await ports.outbox.add(transaction, { kind: 'study-changed', studyId });
  });
}

/** Patient, study, series and the instance's own columns, as they were before the database was lost. */
async function indexAgain(
  ports: ArchivePorts,
  transaction: Transaction,
  { object, instance }: StoredObjectOfInstance,
  indexed: IndexedObject,
) {
  const place = await placeInstance(ports, transaction, object.hospitalId, indexed.identity, instance.receivedAt);
  // The study's row is locked now: has another run of this event been here?
  const arrivals = await arrivalsOf(transaction, object.hospitalId, instance.sopInstanceUid);
  const isCounted = arrivals.some((arrival) => arrival.headerSm3 !== '');
  if (!isCounted) await countInstances(transaction, place.studyId, 1);
  if (indexed.rendition !== undefined) {
    const row = renditionRow(ports, object.hospitalId, instance.id, object.generation, indexed.rendition);
    await insertStoredObjects(transaction, [row]);
  }
  if (object.generation > 1) await correctStudy(ports, transaction, object.hospitalId, place.studyId, indexed.identity);
  return {
    ...place,
    headerSm3: indexed.headerSm3,
    pixelSm3: indexed.pixelSm3,
    generation: object.generation,
    instanceNumber: indexed.identity.instanceNumber,
    frameCount: indexed.view.frames.length,
    viewSealed: await sealView(ports.fields, { hospitalId: object.hospitalId, id: instance.id }, indexed.view),
  };
}

/** The newest verified generation of a SOP instance is what is shown. */
async function takesOver(
  transaction: Transaction,
  { object, instance }: StoredObjectOfInstance,
  isRebuilt: boolean,
): Promise<{ readonly isCurrent?: boolean }> {
  const { generation, hospitalId } = object;
  if (generation === 1 && !isRebuilt) return {};
  const arrivals = await arrivalsOf(transaction, hospitalId, instance.sopInstanceUid);
  const isOutdone = arrivals.some((other) => {
    const isShown = other.state === 'verified' || other.state === 'packed';
    return isShown && other.isCurrent && other.headerSm3 !== '' && other.generation > generation;
  });
  if (isOutdone) return { isCurrent: false };
  await retireOlder(transaction, hospitalId, instance.sopInstanceUid, { id: instance.id, generation });
  return { isCurrent: true };
}
