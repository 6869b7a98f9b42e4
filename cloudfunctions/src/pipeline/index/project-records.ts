import {
  deleteInstances,
  hospitalIds,
  insertInstances,
  insertStoredObjects,
  instancesOfSequences,
  type KnownInstance,
  type KnownObject,
  markInstancesVerified,
  markObjectsVerified,
  type NewInstance,
  type NewStoredObject,
  objectsOfKeys,
  quarantineInstances,
  storedInstancesOf,
  withdrawEvents,
} from '../../adapters/database/journal-projection';
import { storedAmong } from '../../adapters/database/stored-messages';
import type { Clock, RandomSource } from '../../ports/clock-and-random';
import type { Transaction } from '../../ports/database';
import type {
  FilmAnnounced,
  InstanceAcknowledged,
  JournalRecord,
  MessageStored,
  ObjectStored,
  SpoolReleased,
} from '../../ports/journal';
import type { Log } from '../../ports/log';
import { type BatchOutbox, dedupeKeyOf, type OutboxEvent } from '../../ports/outbox';
import { recordAnnounced } from './record-announced';

export interface ProjectionPorts {
  readonly outbox: Pick<BatchOutbox, 'addMany' | 'wake'>;
  readonly random: RandomSource;
  readonly clock: Clock;
  readonly log: Log;
}

/** States from which "stored and verified" is a step forward. */
const behindVerified: ReadonlySet<string> = new Set(['acknowledged', 'indexed', 'transcoded', 'stored']);
const releasedWithoutObject = 'spool-released-without-object';

/**
 * Writes a batch of journal records as rows and outbox events (read-journal.ts says which). The whole batch is worked out in memory
 * first: two reads, then one statement for each kind of change. Throws where a record names a hospital that has no row.
 */
export async function projectRecords(
  ports: ProjectionPorts,
  transaction: Transaction,
  records: readonly JournalRecord[],
): Promise<void> {
  const hospitals = await hospitalIds(transaction);
  const unknown = records.find(({ entry }) => 'tenantId' in entry && !hospitals.includes(entry.tenantId));
  if (unknown !== undefined) throw new Error(`journal record ${unknown.sequence} is of a hospital that isn't set up`);
  const batch = new Batch(
    ports,
    await instancesOfSequences(transaction, hospitals, records.flatMap(sequencesOf)),
    await objectsOfKeys(
      transaction,
      hospitals,
      records.flatMap(({ entry }) => (entry.kind === 'object-stored' ? [entry.objectKey] : [])),
    ),
    await storedAmong(
      transaction,
      hospitals,
      records.flatMap(({ entry }) => (entry.kind === 'message-stored' ? [entry.acknowledgedSequence] : [])),
    ),
  );
  for (const record of records) batch.take(record);
  await batch.write(transaction, hospitals);
}

function sequencesOf({ sequence, entry }: JournalRecord): number[] {
  switch (entry.kind) {
    case 'instance-acknowledged':
      return [sequence];
    case 'object-stored':
    case 'spool-released':
      return [entry.acknowledgedSequence];
    case 'message-acknowledged':
    case 'message-stored':
    case 'film-announced':
      return [];
    default:
      return entry satisfies never;
  }
}

/** What a run of records comes to, taken together. */
class Batch {
  private readonly now: Date;
  private readonly instances: Map<number, KnownInstance>;
  private readonly objects: Map<string, KnownObject>;
  private readonly newInstances = new Map<string, NewInstance>();
  private readonly newObjects: NewStoredObject[] = [];
  private readonly verifiedInstances = new Set<string>();
  private readonly verifiedObjects: string[] = [];
  private readonly releasedEarly = new Map<string, KnownInstance>();
  private readonly events = new Map<string, OutboxEvent>();
  private readonly withdrawn = new Set<string>();
  private readonly announced: FilmAnnounced[] = [];

  constructor(
    private readonly ports: ProjectionPorts,
    instances: readonly KnownInstance[],
    objects: readonly KnownObject[],
    /** Acknowledgements of messages whose original has a row. */
    private readonly storedMessages: Set<number>,
  ) {
    this.now = ports.clock.now();
    this.instances = new Map(instances.map((one) => [one.journalSequence, one]));
    this.objects = new Map(objects.map((one) => [objectName(one), one]));
  }

  take({ sequence, entry }: JournalRecord): void {
    switch (entry.kind) {
      case 'instance-acknowledged':
        return this.takeInstance(sequence, entry);
      case 'message-acknowledged':
        return this.addEvent({ kind: 'message-acknowledged', journalSequence: sequence });
      case 'object-stored':
        return this.takeObject(entry);
      case 'message-stored':
        return this.takeMessage(entry);
      case 'film-announced':
        this.announced.push(entry);
        return;
      case 'spool-released':
        return this.takeRelease(entry);
      default:
        return entry satisfies never;
    }
  }

  private takeInstance(sequence: number, entry: InstanceAcknowledged): void {
    if (this.instances.has(sequence)) return;
    const id = this.ports.random.uuid();
    const state = 'acknowledged';
    this.newInstances.set(id, {
      id,
      hospitalId: entry.tenantId,
      studyInstanceUid: entry.studyInstanceUid,
      sopInstanceUid: entry.sopInstanceUid,
      sopClassUid: entry.sopClassUid,
      receivedTransferSyntaxUid: entry.transferSyntaxUid,
      state,
      journalSequence: sequence,
      receivedSm3: entry.receivedSm3,
      receivedAt: new Date(entry.receivedAt),
      updatedAt: this.now,
    });
    const known = {
      id,
      hospitalId: entry.tenantId,
      sopInstanceUid: entry.sopInstanceUid,
      journalSequence: sequence,
      state,
      studyId: null,
      hasView: false,
    };
    this.instances.set(sequence, known);
    this.addEvent({ kind: 'instance-acknowledged', journalSequence: sequence });
  }

  private takeObject(entry: ObjectStored): void {
    const instance = this.instances.get(entry.acknowledgedSequence);
    const known = this.objects.get(objectName({ ...entry, hospitalId: entry.tenantId }));
    if (known !== undefined) {
      if (known.verifiedAt === null) this.verifyObject(entry, known, instance);
    } else this.rebuildObject(entry, instance);
    if (entry.objectClass === 'dicom' && instance !== undefined && behindVerified.has(instance.state)) {
      this.verifiedInstances.add(instance.id);
      this.instances.set(entry.acknowledgedSequence, { ...instance, state: 'verified' });
    }
  }

  private verifyObject(entry: ObjectStored, known: KnownObject, instance: KnownInstance | undefined): void {
    this.verifiedObjects.push(known.id);
    const studyId = instance?.studyId ?? null;
    // A later version is shown only when it has taken its predecessor's place (verify-instance.ts).
    if (entry.objectClass === 'dicom' && entry.generation === 1 && studyId !== null) {
      this.addEvent({ kind: 'study-changed', studyId });
    }
  }

  /** The database doesn't know an object that is stored and verified: it was lost, and is being filled again. */
  private rebuildObject(entry: ObjectStored, instance: KnownInstance | undefined): void {
    const id = this.ports.random.uuid();
    this.newObjects.push({
      id,
      hospitalId: entry.tenantId,
      instanceId: instance?.id ?? null,
      objectKey: entry.objectKey,
      objectClass: entry.objectClass,
      generation: entry.generation,
      ...entry.seal,
      createdAt: this.now,
      verifiedAt: this.now,
    });
    this.objects.set(objectName({ ...entry, hospitalId: entry.tenantId }), {
      id,
      hospitalId: entry.tenantId,
      objectKey: entry.objectKey,
      objectClass: entry.objectClass,
      generation: entry.generation,
      verifiedAt: this.now,
    });
    // The contents are read again from the object: the spool file may be gone.
    this.withdraw({ kind: 'instance-acknowledged', journalSequence: entry.acknowledgedSequence });
    if (instance?.hasView !== true) this.addEvent({ kind: 'object-created', storedObjectId: id });
  }

  /** The acknowledgement's own event stays: whoever files the message finds by this row that it lies in the object store. */
  private takeMessage(entry: MessageStored): void {
    if (this.storedMessages.has(entry.acknowledgedSequence)) return; // stored twice by a crash: the other object is waste
    this.storedMessages.add(entry.acknowledgedSequence);
    this.newObjects.push({
      id: this.ports.random.uuid(),
      hospitalId: entry.tenantId,
      journalSequence: entry.acknowledgedSequence,
      objectKey: entry.objectKey,
      objectClass: 'hl7',
      generation: 1,
      ...entry.seal,
      createdAt: this.now,
      verifiedAt: this.now,
    });
  }

  private takeRelease(entry: SpoolReleased): void {
    const instance = this.instances.get(entry.acknowledgedSequence);
    if (instance?.state !== 'acknowledged') return; // a message, or an instance that went its way
    this.withdraw({ kind: 'instance-acknowledged', journalSequence: entry.acknowledgedSequence });
    this.releasedEarly.set(instance.id, instance);
  }

  private addEvent(event: OutboxEvent): void {
    this.events.set(dedupeKeyOf(event), event);
  }

  private withdraw(event: OutboxEvent): void {
    const key = dedupeKeyOf(event);
    if (!this.events.delete(key)) this.withdrawn.add(key);
  }

  async write(transaction: Transaction, hospitals: readonly string[]): Promise<void> {
    const { duplicates, lost } = await this.judgeReleased(transaction, hospitals);
    for (const id of duplicates) this.newInstances.delete(id);
    for (const [id, row] of this.newInstances) {
      if (this.verifiedInstances.delete(id)) row.state = 'verified';
      if (lost.delete(id)) Object.assign(row, { state: 'quarantined', stateReason: releasedWithoutObject });
    }
    await insertInstances(transaction, [...this.newInstances.values()]);
    await deleteInstances(transaction, [...duplicates]);
    await quarantineInstances(transaction, [...lost], releasedWithoutObject, this.now);
    await insertStoredObjects(transaction, this.newObjects);
    await markObjectsVerified(transaction, this.verifiedObjects, this.now);
    await markInstancesVerified(transaction, [...this.verifiedInstances], this.now);
    await withdrawEvents(transaction, [...this.withdrawn]);
    await recordAnnounced(this.ports, transaction, this.announced);
    await this.ports.outbox.addMany(transaction, [...this.events.values()]);
  }

  /** Released without ever being stored: a true duplicate where the same instance is stored from another reception, else a loss. */
  private async judgeReleased(
    transaction: Transaction,
    hospitals: readonly string[],
  ): Promise<{ duplicates: Set<string>; lost: Set<string> }> {
    const duplicates = new Set<string>();
    const lost = new Set<string>();
    if (this.releasedEarly.size === 0) return { duplicates, lost };
    const released = [...this.releasedEarly.values()];
    const stored = [
      ...(await storedInstancesOf(
        transaction,
        hospitals,
        released.map((one) => one.sopInstanceUid),
      )),
      ...[...this.instances.values()].filter((one) => one.state === 'verified'),
    ];
    const storedNames = new Set(stored.map((one) => `${one.hospitalId} ${one.sopInstanceUid}`));
    for (const one of released) {
      if (storedNames.has(`${one.hospitalId} ${one.sopInstanceUid}`)) duplicates.add(one.id);
      else {
        lost.add(one.id);
        this.ports.log.error('instance-released-without-object', {
          sequence: one.journalSequence,
          sopInstanceUid: one.sopInstanceUid,
        });
      }
    }
    return { duplicates, lost };
  }
}

function objectName(one: Pick<KnownObject, 'hospitalId' | 'objectKey' | 'generation'>): string {
  return `${one.hospitalId} ${one.generation} ${one.objectKey}`;
}
