import { lockJournalPosition, setJournalPosition } from '../../adapters/database/journal-projection';
import type { Database } from '../../ports/database';
import type { Journal, JournalRecord } from '../../ports/journal';
import { type ProjectionPorts, projectRecords } from './project-records';

export interface JournalReaderOptions extends ProjectionPorts {
  readonly database: Database;
  readonly journal: Pick<Journal, 'read' | 'lastSequence'>;
  /** How long records gather before a batch is written, in ms; asked before each. Default 40. */
  readonly gatherMs?: () => number;
}

export interface JournalReader {
  /** The journal has grown. Cheap: call it after every acknowledgement. */
  wake(): void;
  /** Resolves when everything that stood in the journal at the call is in the database. Rejects when the reader is stopped first. */
  caughtUp(): Promise<void>;
  /** Finishes the batch it is writing. */
  stop(): Promise<void>;
}

const batchSize = 256;
const retryMs = 1000;

/**
 * Projects the journal into the database: batches of up to 256 records, each in one transaction with the position it has read to, so that
 * nothing is projected twice or left out whatever crashes. The hospital's row must be there before its first record.
 *
 * | record                  | rows                                                   | event                                       |
 * |-------------------------|--------------------------------------------------------|---------------------------------------------|
 * | `instance-acknowledged` | instance, state `acknowledged`, unless it is there     | `instance-acknowledged`                     |
 * | `message-acknowledged`  | –                                                      | `message-acknowledged`                      |
 * | `object-stored`         | stored object (inserted or marked verified); instance  | `study-changed` where a first version is    |
 * |                         | `verified` where it was behind                         | verified; in a rebuild `object-created`     |
 * | `message-stored`        | stored object, unless it is there                      | –                                           |
 * | `film-announced`        | notification, unless it is there                       | –                                           |
 * | `spool-released`        | nothing, unless the instance never went anywhere:      | –                                           |
 * |                         | a duplicate's row goes, a loss is `quarantined`        |                                             |
 *
 * **Rebuild.** With a lost database the journal is read again from the beginning. Where an `object-stored` record meets no row, its spool
 * file may be gone; so the acknowledgement's own event is withdrawn and `object-created` is added for the new stored object.
 * The verify stage's part of the contract: when it handles `object-created` and the instance's `view_sealed` is null, it indexes again **from the stored object**, exactly as the index stage does from the spool file, and adds `study-changed`.
 * The index stage's part: an `instance-acknowledged` whose instance is already `verified` or `packed` is done.
 * A message's event stays: file-message reads it from wherever it lies.
 * Await `caughtUp()` before the outbox runner starts, and none of the withdrawn events is ever seen.
 */
export function startJournalReader(options: JournalReaderOptions): JournalReader {
  const { database, journal, log } = options;
  const gatherMs = options.gatherMs ?? (() => 40);
  let position: number | undefined;
  let waiters: { readonly target: number; resolve(): void; reject(error: Error): void }[] = [];
  let isStopping = false;
  let stopNow = () => {};
  const whenStopping = new Promise<void>((resolve) => {
    stopNow = resolve;
  });
  let grown = () => {};
  let hasGrown = true;
  let isAwaited = () => {};

  const pause = (ms: number, ...orElse: Promise<void>[]) => {
    let timer: NodeJS.Timeout | undefined;
    const elapsed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    return Promise.race([elapsed, whenStopping, ...orElse]).finally(() => clearTimeout(timer));
  };

  function settleWaiters(): void {
    const at = position ?? 0;
    for (const one of waiters) if (one.target <= at) one.resolve();
    waiters = waiters.filter((one) => one.target > at);
  }

  /** Writes one batch and answers the new position; where another process has moved it meanwhile, only that. */
  async function writeBatch(after: number, records: readonly JournalRecord[]): Promise<number> {
    const last = records.at(-1);
    if (last === undefined) return after;
    const reached = await database.transaction(async (transaction) => {
      const locked = await lockJournalPosition(transaction);
      if (locked !== after) return locked;
      await projectRecords(options, transaction, records);
      await setJournalPosition(transaction, last.sequence);
      return last.sequence;
    });
    options.outbox.wake();
    return reached;
  }

  async function readOn(): Promise<void> {
    position ??= await database.transaction(lockJournalPosition);
    settleWaiters();
    let batch: JournalRecord[] = [];
    for await (const record of journal.read(position)) {
      batch.push(record);
      if (batch.length < batchSize) continue;
      const after: number = await writeBatch(position, batch);
      const hasMoved = after !== record.sequence; // another process reads too: read on from where it is now
      position = after;
      batch = [];
      settleWaiters();
      if (hasMoved || isStopping) break;
    }
    if (batch.length > 0) position = await writeBatch(position, batch);
    settleWaiters();
    if (journal.lastSequence > position) hasGrown = true;
  }

  async function loop(): Promise<void> {
    while (!isStopping) {
      const nextGrowth = new Promise<void>((resolve) => {
        grown = resolve;
      });
      const awaited = new Promise<void>((resolve) => {
        isAwaited = resolve;
      });
      if (!hasGrown) await Promise.race([nextGrowth, whenStopping]);
      if (waiters.length === 0) await pause(gatherMs(), awaited);
      if (isStopping) return;
      hasGrown = false;
      try {
        await readOn();
      } catch (error) {
        log.error('journal-projection-failed', { position: position ?? -1 }, error);
        position = undefined; // the database may have been restored or moved on: ask it again
        hasGrown = true;
        await pause(retryMs);
      }
    }
  }

  const wake = () => {
    hasGrown = true;
    grown();
  };
  const looping = loop();

  return {
    wake,
    caughtUp: () =>
      new Promise<void>((resolve, reject) => {
        if (isStopping) return reject(new Error('the journal reader is stopped'));
        waiters.push({ target: journal.lastSequence, resolve, reject });
        isAwaited();
        wake();
      }),
    async stop() {
      isStopping = true;
      stopNow();
      await looping;
      for (const one of waiters.splice(0)) one.reject(new Error('the journal reader is stopped'));
    },
  };
}
