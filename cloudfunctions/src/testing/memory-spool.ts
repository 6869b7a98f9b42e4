import { createHash } from 'node:crypto';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import type { InstanceAcknowledged, JournalRecord, MessageAcknowledged } from '../ports/journal';
import type { Spool, SpoolWriter } from '../ports/spool';

export interface MemorySpool extends Spool {
  /** What was committed, in order, with the plaintext that `read` would give. */
  readonly committed: {
    readonly record: JournalRecord<InstanceAcknowledged | MessageAcknowledged>;
    readonly bytes: Buffer;
  }[];
  /** Writers that were opened and neither committed nor aborted. */
  openWriters: number;
  aborted: number;
}

export interface MemorySpoolOptions {
  /** Keeps only lengths and digests, for objects that must not stay in memory. */
  readonly keepsBytes?: boolean;
  readonly writeDelayMs?: number;
  /** Plaintext bytes after which the volume is full. */
  readonly capacity?: number;
  readonly failsToCommit?: boolean;
}

/** A spool that implements the port honestly, but in memory: nothing is sealed, and nothing survives. */
export function openMemorySpool(options: MemorySpoolOptions = {}): MemorySpool {
  let used = 0;
  let sequence = 0;
  const spool: MemorySpool = {
    committed: [],
    openWriters: 0,
    aborted: 0,
    open: async (): Promise<SpoolWriter> => {
      if (used >= (options.capacity ?? Number.POSITIVE_INFINITY)) throw new ProblemError(problem('out-of-space'));
      const parts: Buffer[] = [];
      const digest = createHash('sm3');
      let length = 0;
      let isOpen = true;
      spool.openWriters++;
      const end = () => {
        if (!isOpen) throw new Error('writer was used after its end');
        isOpen = false;
        spool.openWriters--;
      };
      return {
        write: async (bytes) => {
          if (!isOpen) throw new Error('writer was used after its end');
          if (options.writeDelayMs !== undefined)
            await new Promise((resolve) => setTimeout(resolve, options.writeDelayMs));
          length += bytes.length;
          used += bytes.length;
          if (used > (options.capacity ?? Number.POSITIVE_INFINITY)) throw new ProblemError(problem('out-of-space'));
          digest.update(bytes);
          if (options.keepsBytes !== false) parts.push(Buffer.from(bytes));
        },
        commit: async <E extends InstanceAcknowledged | MessageAcknowledged>(
          entry: Omit<E, 'spool'>,
        ): Promise<JournalRecord<E>> => {
          if (options.failsToCommit) throw new ProblemError(problem('storage-unavailable'));
          end();
          sequence++;
          const receipt = {
            keyId: 'memory',
            cipherLength: length,
            plainLength: length,
            commitment: digest.digest('hex'),
          };
          const record = { sequence, entry: { ...entry, spool: { ...receipt, spoolFile: String(sequence) } } };
          spool.committed.push({
            record: record as unknown as JournalRecord<InstanceAcknowledged>,
            bytes: Buffer.concat(parts),
          }); // E is one of the two
          return record as unknown as JournalRecord<E>; // Omit<E, 'spool'> plus spool is E
        },
        abort: async () => {
          if (!isOpen) return;
          end();
          used -= length;
          spool.aborted++;
        },
      };
    },
    read: async (entry) => {
      const found = spool.committed.find(({ record }) => record.entry.spool.spoolFile === entry.spool.spoolFile);
      if (found === undefined) throw new ProblemError(problem('sealed-object-invalid'));
      return found.bytes;
    },
    readSealed: async () => {
      throw new Error('nothing is sealed in a memory spool');
    },
    release: async (record) => {
      const at = spool.committed.findIndex((one) => one.record.sequence === record.sequence);
      if (at >= 0) spool.committed.splice(at, 1);
    },
  };
  return spool;
}
