import type { InstanceAcknowledged, Journal, JournalRecord } from '../ports/journal';

/** The journal's record of one acknowledged instance; undefined where that sequence is something else, or not there. */
export async function findAcknowledgement(
  journal: Journal,
  sequence: number,
): Promise<JournalRecord<InstanceAcknowledged> | undefined> {
  for await (const { sequence: found, entry } of journal.read(sequence - 1)) {
    return found === sequence && entry.kind === 'instance-acknowledged' ? { sequence, entry } : undefined;
  }
  return undefined;
}
