import type { DurableFile, DurableFiles } from '../../ports/durable-files';
import type {
  InstanceAcknowledged,
  Journal,
  JournalEntry,
  JournalRecord,
  MessageAcknowledged,
} from '../../ports/journal';
import type { SealingStream } from '../../ports/sealing';
import type { SpoolWriter } from '../../ports/spool';
import { type BatchBufferPool, batchLength } from './batch-buffers';
import { maxBatchesOfOne, type ReceivedBytes } from './received-bytes';

export interface SpoolWriterParts {
  readonly files: DurableFiles;
  readonly journal: Journal;
  readonly file: DurableFile;
  /** Absolute path of the file and of its folder. */
  readonly place: { readonly file: string; readonly folder: string };
  /** Path relative to the spool folder. */
  readonly spoolFile: string;
  readonly sealing: SealingStream;
  readonly buffers: BatchBufferPool;
  readonly received: Pick<ReceivedBytes, 'keep'>;
  readonly onEnd: () => void;
}

/** Seals what comes in batches of 256 KB and keeps one write under way, so that the disk works while the next bytes arrive. */
export function createSpoolWriter(parts: SpoolWriterParts): SpoolWriter {
  const { files, journal, file, place, sealing } = parts;
  const room = parts.buffers.takeSealed();
  let gathered = parts.buffers.takePlain();
  let gatheredLength = 0;
  /** Full batches before `gathered`; undefined where the object is too large to be kept in memory. */
  let before: Buffer[] | undefined = [];
  let underWay: Promise<void> = Promise.resolve();
  let state: 'open' | 'committing' | 'ended' = 'open';
  let isSealed = false;

  async function write(bytes: Uint8Array): Promise<void> {
    if (state !== 'open') throw new Error('this spool writer has ended');
    let rest = bytes;
    while (rest.length > 0) {
      if (gatheredLength === 0 && rest.length >= batchLength) {
        const direct = rest.length - (rest.length % batchLength);
        keepNoMore();
        await sealAndWrite(rest.subarray(0, direct));
        rest = rest.subarray(direct);
        continue;
      }
      const taken = Math.min(rest.length, batchLength - gatheredLength);
      gathered.set(rest.subarray(0, taken), gatheredLength);
      gatheredLength += taken;
      rest = rest.subarray(taken);
      if (gatheredLength === batchLength) {
        gatheredLength = 0;
        const full = gathered;
        if (before !== undefined && before.length < maxBatchesOfOne) {
          before.push(full);
          gathered = parts.buffers.takePlain();
        } else keepNoMore();
        await sealAndWrite(full);
      }
    }
  }

  function keepNoMore(): void {
    for (const batch of before ?? []) parts.buffers.givePlain(batch);
    before = undefined;
  }

  async function sealAndWrite(plain: Uint8Array): Promise<void> {
    await underWay;
    underWay = file.write(sealing.update(plain, room));
    underWay.catch(() => undefined); // whoever waits for `underWay` next hears of it
  }

  /**
   * File and folder are synced together, then the journal entry is appended. The entry could be synced at the same time (measured: no
   * faster, ADR 0013), but then it could outlive its file; like this an entry proves that its file is whole and durable.
   */
  async function commit<E extends InstanceAcknowledged | MessageAcknowledged>(
    entry: Omit<E, 'spool'>,
  ): Promise<JournalRecord<E>> {
    if (state !== 'open') throw new Error('this spool writer has ended');
    state = 'committing';
    let end: ReturnType<SealingStream['finish']>;
    try {
      await underWay;
      const head = sealing.update(gathered.subarray(0, gatheredLength), room);
      isSealed = true;
      end = sealing.finish(room.subarray(head.length));
      await file.write(room.subarray(0, head.length + end.sealed.length));
      await Promise.all([file.sync(), files.syncFolder(place.folder)]);
    } catch (error) {
      await discard();
      throw error;
    }
    const complete = { ...entry, spool: { ...end.receipt, spoolFile: parts.spoolFile } } as unknown as E; // entry is E without `spool`
    try {
      // Where this fails the file stays: whether the entry reached the disk is unclear, and the next recovery knows.
      const [sequence] = await Promise.all([journal.append(complete satisfies JournalEntry), file.close()]);
      if (before !== undefined) {
        parts.received.keep(parts.spoolFile, before, gathered.subarray(0, gatheredLength));
        before = undefined;
      }
      return { sequence, entry: complete };
    } finally {
      markEnded();
    }
  }

  async function abort(): Promise<void> {
    if (state !== 'open') return;
    state = 'committing';
    await discard();
  }

  async function discard(): Promise<void> {
    try {
      if (!isSealed) sealing.finish(); // wipes the keys
      await underWay.catch(() => undefined);
      await file.close();
      await files.remove(place.file);
    } catch {
      // A file that can't be removed now has no journal entry: the next recovery removes it.
    } finally {
      markEnded();
    }
  }

  function markEnded(): void {
    state = 'ended';
    parts.buffers.giveSealed(room);
    keepNoMore();
    parts.buffers.givePlain(gathered);
    parts.onEnd();
  }

  return { write, commit, abort };
}
