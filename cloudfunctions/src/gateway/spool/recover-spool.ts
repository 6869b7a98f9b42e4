import * as path from 'node:path';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import type { DurableFiles } from '../../ports/durable-files';
import type { Journal, SpoolReceipt } from '../../ports/journal';
import { asideName, isDayFolder, isSpoolFile, isTenantFolder } from './spool-path';

export interface SpoolRecovery {
  /** Files that were removed: the journal shows them released, so their contents are stored and verified elsewhere. */
  readonly removed: readonly string[];
  /**
   * Files that the journal knows nothing of, renamed to `….unknown`. Mostly never acknowledged: the process ended while they were
   * written. Beside a journal that was restored from an older copy they may be acknowledged films: a person decides.
   */
  readonly movedAside: readonly string[];
  /** Acknowledged, not released, and there: work for the pipeline. */
  readonly waiting: number;
  /** Sequences of the messages among them, ascending. */
  readonly waitingMessages: readonly number[];
  /**
   * Acknowledged, not released, and gone or of the wrong length. An entry is written after its file is durable, so this is
   * damage of the disk or a deleted file, never the trace of a crash: a person must look, the PACS must send again.
   */
  readonly missing: readonly {
    readonly sequence: number;
    readonly spoolFile: string;
    readonly reason: 'gone' | 'wrong-length';
  }[];
}

/** More files than that beside a journal that never held a record: the journal was lost, and a person must look first. */
const maxFilesWithoutJournal = 100;

/** Brings the spool folder in line with the journal, once, before the first writer. */
export async function recoverSpool(parts: {
  readonly files: DurableFiles;
  readonly folder: string;
  readonly journal: Journal;
}): Promise<SpoolRecovery> {
  const { files, folder, journal } = parts;
  const present = new Set(await listSpool(files, folder));
  if (journal.lastSequence === 0 && present.size > maxFilesWithoutJournal) {
    const detail = `${present.size} spool files but an empty journal: restore the journal, or move the spool folder away`;
    throw new ProblemError(problem('storage-unavailable', detail));
  }
  const waiting = new Map<number, SpoolReceipt>();
  const removed: string[] = [];
  const messages = new Set<number>();
  for await (const { sequence, entry } of journal.read(0)) {
    if (entry.kind === 'instance-acknowledged' || entry.kind === 'message-acknowledged')
      waiting.set(sequence, entry.spool);
    if (entry.kind === 'message-acknowledged') messages.add(sequence);
    if (entry.kind !== 'spool-released') continue;
    const released = waiting.get(entry.acknowledgedSequence)?.spoolFile;
    waiting.delete(entry.acknowledgedSequence);
    if (released !== undefined && present.delete(released)) removed.push(released);
    messages.delete(entry.acknowledgedSequence);
  }
  const missing: { sequence: number; spoolFile: string; reason: 'gone' | 'wrong-length' }[] = [];
  for (const [sequence, receipt] of waiting) {
    const isThere = present.delete(receipt.spoolFile);
    const length = isThere ? await files.size(path.join(folder, receipt.spoolFile)) : undefined;
    if (length === receipt.cipherLength) continue;
    missing.push({ sequence, spoolFile: receipt.spoolFile, reason: length === undefined ? 'gone' : 'wrong-length' });
  }
  for (const spoolFile of removed) await files.remove(path.join(folder, spoolFile));
  for (const spoolFile of present) {
    // within its folder, where a rename is one change; not synced: one that a power loss undoes is done again at the next start
    await files.rename(path.join(folder, spoolFile), path.join(folder, asideName(spoolFile)));
  }
  for (const { sequence } of missing) messages.delete(sequence);
  return {
    removed,
    movedAside: [...present],
    waiting: waiting.size - missing.length,
    waitingMessages: [...messages],
    missing,
  };
}

async function listSpool(files: DurableFiles, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const tenant of (await files.list(folder)).filter(isTenantFolder)) {
    for (const day of (await files.list(path.join(folder, tenant))).filter(isDayFolder)) {
      const names = await files.list(path.join(folder, tenant, day));
      found.push(...names.filter(isSpoolFile).map((name) => `${tenant}/${day}/${name}`));
    }
  }
  return found;
}
