import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import { DurableLog } from '../../durable-log/durable-log';
import type { DurableFiles } from '../../ports/durable-files';
import type { Journal, JournalEntry, JournalRecord } from '../../ports/journal';

/** Every kind of entry; a record with another kind was written by a newer program, and must not be skipped in silence. */
const kinds: Record<JournalEntry['kind'], true> = {
  'instance-acknowledged': true,
  'message-acknowledged': true,
  'object-stored': true,
  'message-stored': true,
  'film-announced': true,
  'spool-released': true,
};

export interface OpenedJournal extends Journal {
  /** Bytes of a torn, never acknowledged tail that were cut at open. */
  readonly cutBytes: number;
  /** Calls the listener after each append that has become durable. */
  onAppend(listener: () => void): void;
}

/**
 * Opens the gateway's journal in its folder (`journal-<first sequence>.log`, 64 MB a segment; docs/object-layout.md).
 * Throws ProblemError `storage-unavailable` where acknowledged records are damaged, saying in which segment, byte and record.
 */
export async function openJournal(options: {
  readonly files: DurableFiles;
  readonly folder: string;
  readonly segmentLength?: number;
}): Promise<OpenedJournal> {
  const log = await DurableLog.open({ ...options, prefix: 'journal' });
  const listeners: (() => void)[] = [];
  return {
    async append(entry) {
      const sequence = await log.append(JSON.stringify(entry));
      for (const listener of listeners) listener();
      return sequence;
    },
    onAppend: (listener) => void listeners.push(listener),
    read: (after) => readEntries(log, after),
    get lastSequence() {
      return log.lastSequence;
    },
    close: () => log.close(),
    cutBytes: log.cutBytes,
  };
}

async function* readEntries(log: DurableLog, after: number): AsyncGenerator<JournalRecord> {
  for await (const { sequence, json } of log.read(after)) yield { sequence, entry: parseEntry(sequence, json) };
}

function parseEntry(sequence: number, json: string): JournalEntry {
  const value: unknown = JSON.parse(json);
  if (typeof value === 'object' && value !== null && 'kind' in value && Object.hasOwn(kinds, String(value.kind))) {
    return value as JournalEntry; // the line's checksum proved that `append` wrote it, from a JournalEntry of this kind
  }
  throw new ProblemError(problem('storage-unavailable', `journal record ${sequence} is of an unknown kind`));
}
