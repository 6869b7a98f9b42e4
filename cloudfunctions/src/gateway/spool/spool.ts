import * as path from 'node:path';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import type { Clock, RandomSource } from '../../ports/clock-and-random';
import type { DurableFiles } from '../../ports/durable-files';
import type {
  InstanceAcknowledged,
  Journal,
  JournalRecord,
  MessageAcknowledged,
  SpoolReceipt,
} from '../../ports/journal';
import type { KeyRing, SealContext, Sealer } from '../../ports/sealing';
import type { SealedSpoolFile, Spool, SpoolWriter } from '../../ports/spool';
import { createBatchBufferPool } from './batch-buffers';
import { recoverSpool, type SpoolRecovery } from './recover-spool';
import { isSpoolPath, newSpoolPath } from './spool-path';
import { createSpoolWriter } from './spool-writer';

export interface SpoolOptions {
  readonly files: DurableFiles;
  readonly folder: string;
  readonly sealer: Sealer;
  readonly keys: KeyRing;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Fewer free bytes than this on the spool's volume, and nothing new is taken. */
  readonly highWaterFreeBytes: number;
}

interface SpooledEntry {
  readonly tenantId: string;
  readonly spool: SpoolReceipt;
}

export interface RecoverableSpool extends Spool {
  /** Once, after the journal was opened and before the first `open`. */
  recover(): Promise<SpoolRecovery>;
}

/** When a sender may try again after the disk ran full: space comes back as the pipeline stores and releases. */
const retryWhenFullSeconds = 60;

/**
 * The spool on files: `<tenant>/<yyyymmdd>/<uuid>.cfe1`, sealed with the tenant's spool key of the day.
 * Throws ProblemError `out-of-space`, `storage-unavailable`, `key-unavailable`; `read` also `image-damaged` where the file is gone
 * and `sealed-object-invalid` where its bytes were changed.
 */
export async function openSpool(options: SpoolOptions): Promise<RecoverableSpool> {
  const { files, folder, sealer, keys, journal, clock, random } = options;
  await files.makeFolder(folder);
  const releasing = new Map<string, Promise<void>>();
  const buffers = createBatchBufferPool();
  let writers = 0;
  /** When the disk last had room, in ms. */
  let askedAt = Number.NEGATIVE_INFINITY;

  async function open(tenantId: string): Promise<SpoolWriter> {
    await refuseWhenFull();
    const { day, file: spoolFile } = newSpoolPath(tenantId, clock.now(), random.uuid());
    const place = { file: path.join(folder, spoolFile), folder: path.join(folder, day) };
    writers++;
    try {
      const [key] = await Promise.all([keys.spoolKey(tenantId), files.makeFolder(place.folder)]);
      const file = await files.create(place.file);
      const sealing = sealer.startSealing(key, contextOf(tenantId, spoolFile));
      return createSpoolWriter({ files, journal, file, place, spoolFile, sealing, buffers, onEnd: () => writers-- });
    } catch (error) {
      writers--;
      throw error;
    }
  }

  /** The disk is asked at most once a second: what comes in a second is far less than the high-water mark keeps free. */
  async function refuseWhenFull(): Promise<void> {
    const now = clock.now().getTime();
    if (Math.abs(now - askedAt) < 1000) return;
    const free = await files.freeBytes(folder);
    if (free < options.highWaterFreeBytes) {
      const detail = `${free} bytes free, ${options.highWaterFreeBytes} wanted`;
      throw new ProblemError(problem('out-of-space', detail, retryWhenFullSeconds));
    }
    askedAt = now;
  }

  async function readSealed({ tenantId, spool: { spoolFile, keyId } }: SpooledEntry): Promise<SealedSpoolFile> {
    const sealed = await readFile(spoolFile);
    return { sealed, key: await keys.keyById(tenantId, keyId), context: contextOf(tenantId, spoolFile) };
  }

  async function read(entry: SpooledEntry): Promise<Uint8Array> {
    const { sealed, key, context } = await readSealed(entry);
    return sealer.open(key, context, sealed, entry.spool);
  }

  async function readFile(spoolFile: string): Promise<Uint8Array> {
    try {
      return await files.read(placeOf(spoolFile));
    } catch (error) {
      if (error instanceof ProblemError && error.problem.problem === 'not-found') {
        throw new ProblemError(problem('image-damaged', `spool file ${spoolFile} is gone`), { cause: error });
      }
      throw error;
    }
  }

  /** The record first: a file that outlives its release is removed by the next recovery, a release without record would be a loss. */
  function release(record: JournalRecord<InstanceAcknowledged | MessageAcknowledged>): Promise<void> {
    const spoolFile = record.entry.spool.spoolFile;
    const isUnderWay = releasing.get(spoolFile);
    if (isUnderWay !== undefined) return isUnderWay;
    const done = releaseOnce(record.sequence, placeOf(spoolFile)).finally(() => releasing.delete(spoolFile));
    releasing.set(spoolFile, done);
    return done;
  }

  async function releaseOnce(acknowledgedSequence: number, file: string): Promise<void> {
    if ((await files.size(file)) === undefined) return;
    await journal.append({ kind: 'spool-released', acknowledgedSequence });
    await files.remove(file);
  }

  function placeOf(spoolFile: string): string {
    if (!isSpoolPath(spoolFile)) throw new ProblemError(problem('storage-unavailable', 'not a spool path'));
    return path.join(folder, spoolFile);
  }

  async function recover(): Promise<SpoolRecovery> {
    if (writers > 0) throw new Error('recovery comes before the first writer');
    return recoverSpool({ files, folder, journal });
  }

  return { open, read, readSealed, release, recover };
}

function contextOf(tenantId: string, spoolFile: string): SealContext {
  return { tenantId, objectKey: spoolFile, objectClass: 'spool', generation: 1 };
}
