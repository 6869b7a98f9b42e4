import type { AuditTrail } from './audit-trail';
import type { Clock, RandomSource } from './clock-and-random';
import type { Database } from './database';
import type { DurableFiles } from './durable-files';
import type { FieldCipher } from './field-cipher';
import type { Journal } from './journal';
import type { Log } from './log';
import type { Notifier } from './notifier';
import type { ObjectStore } from './object-store';
import type { BatchOutbox } from './outbox';
import type { KeyProvider, KeyRing, Sealer } from './sealing';
import type { Spool } from './spool';
import type { TextMessages } from './text-message';
import type { Together } from './together';
import type { Transcoder } from './transcoder';

/** What the hospital has decided about its films. */
export interface PublishingRule {
  /** Milliseconds after its last image after which a film without a report is shown all the same; null: never. */
  readonly unreportedAfterMs: number | null;
}

/** Everything outside. A use case is a function of `Pick<Ports, …>` and its input; compose.ts builds the one real record. */
export interface Ports {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly log: Log;
  readonly database: Database;
  readonly outbox: BatchOutbox;
  readonly files: DurableFiles;
  readonly objects: ObjectStore;
  readonly sealer: Sealer;
  readonly keys: KeyRing;
  readonly keyProvider: KeyProvider;
  readonly fields: FieldCipher;
  readonly spool: Spool;
  readonly journal: Journal;
  readonly audit: AuditTrail;
  readonly transcoder: Transcoder;
  readonly together: Together;
  readonly notifier: Notifier;
  readonly textMessages: TextMessages;
  readonly publishing: PublishingRule;
}
