import type { InstanceAcknowledged, JournalRecord, MessageAcknowledged, SpoolReceipt } from './journal';
import type { DataKey, SealContext } from './sealing';

/**
 * The spool keeps what was received, sealed, until the object store has it verified.
 * `open` → `write`… → `commit`: after `commit` resolves, file, folder, key and journal entry are all durable and the peer may be
 * told "received". `abort` leaves nothing behind.
 */
export interface Spool {
  /** Throws ProblemError `out-of-space` above the high-water mark. */
  open(tenantId: string): Promise<SpoolWriter>;
  /** The plaintext of an acknowledged entry (opened, tags checked). */
  read(entry: { readonly tenantId: string; readonly spool: SpoolReceipt }): Promise<Uint8Array>;
  /** The spool file as it lies on disk, with what opens it: for a worker that opens it itself. */
  readSealed(entry: { readonly tenantId: string; readonly spool: SpoolReceipt }): Promise<SealedSpoolFile>;
  /** Removes the file after recording it in the journal. Safe to call twice. */
  release(record: JournalRecord<InstanceAcknowledged | MessageAcknowledged>): Promise<void>;
}

export interface SealedSpoolFile {
  readonly sealed: Uint8Array;
  readonly key: DataKey;
  readonly context: SealContext;
}

export interface SpoolWriter {
  /** Seals and writes; resolves when the writer can take more (back-pressure). Copy nothing: the bytes are consumed before it resolves. */
  write(bytes: Uint8Array): Promise<void>;
  commit<E extends InstanceAcknowledged | MessageAcknowledged>(entry: Omit<E, 'spool'>): Promise<JournalRecord<E>>;
  abort(): Promise<void>;
}
