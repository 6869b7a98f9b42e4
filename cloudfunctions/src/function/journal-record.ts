import { type Problem, problem } from '@yingyun/shared/domain/problem';
import type { Journal, JournalEntry, JournalRecord } from '../ports/journal';

type EntryOf<K extends JournalEntry['kind']> = Extract<JournalEntry, { readonly kind: K }>;

/** The record of a sequence, where it is of the wanted kind; otherwise the problem `not-found`. */
export async function journalRecord<K extends JournalEntry['kind']>(
  journal: Pick<Journal, 'read'>,
  sequence: number,
  kind: K,
): Promise<JournalRecord<EntryOf<K>> | Problem> {
  for await (const record of journal.read(sequence - 1)) {
    if (record.sequence !== sequence || record.entry.kind !== kind) break;
    return { sequence, entry: record.entry as EntryOf<K> }; // its kind was compared
  }
  return problem('not-found', `journal record ${sequence} (${kind})`);
}
