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
  readonly onEnd: () => void;
}

/** Seals what comes in batches of 256 KB and keeps one write under way, so that the disk works while the next bytes arrive. */
export function createSpoolWriter(parts: SpoolWriterParts): SpoolWriter {
  const { files, journal, file, place, sealing } = parts;
  const buffers = parts.buffers.take();
  const gathered = buffers.plain;
  let gatheredLength = 0;
  let underWay: Promise<void> = Promise.resolve();
  let state: 'open' | 'committing' | 'ended' = 'open';
  let isSealed = false;

  async function write(bytes: Uint8Array): Promise<void> {
    if (state !== 'open') throw new Error('this spool writer has ended');
    let rest = bytes;
    while (rest.length > 0) {
      if (gatheredLength === 0 && rest.length >= batchLength) {
        const direct = rest.length - (rest.length % batchLength);
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
        await sealAndWrite(gathered);
      }
    }
  }

  async function sealAndWrite(plain: Uint8Array): Promise<void> {
    await underWay;
    underWay = file.write(sealing.update(plain, buffers.sealed));
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
      const head = sealing.update(gathered.subarray(0, gatheredLength), buffers.sealed);
      isSealed = true;
      end = sealing.finish(buffers.sealed.subarray(head.length));
      await file.write(buffers.sealed.subarray(0, head.length + end.sealed.length));
      await Promise.all([file.sync(), files.syncFolder(place.folder)]);
    } catch (error) {
      await discard();
      throw error;
    }
    const complete = { ...entry, spool: { ...end.receipt, spoolFile: parts.spoolFile } } as unknown as E; // entry is E without `spool`
    try {
      // Where this fails the file stays: whether the entry reached the disk is unclear, and the next recovery knows.
      const [sequence] = await Promise.all([journal.append(complete satisfies JournalEntry), file.close()]);
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
    parts.buffers.give(buffers);
    parts.onEnd();
  }

  return { write, commit, abort };
}
