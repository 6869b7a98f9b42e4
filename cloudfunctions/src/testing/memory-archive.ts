import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import { createCfe1Sealer } from '../adapters/sealing/cfe1-sealer';
import type { RandomSource } from '../ports/clock-and-random';
import type { Journal, JournalEntry, JournalRecord } from '../ports/journal';
import type { ObjectStore } from '../ports/object-store';
import type { KeyRing } from '../ports/sealing';

/** A journal, a key ring and an object store in memory, with the real sealer: enough to store what was received, not to lose it. */
export function createMemoryArchive(random: RandomSource) {
  const objects = new Map<string, Uint8Array>();
  const at = (objectKey: string) => {
    const found = objects.get(objectKey);
    if (found === undefined) throw new ProblemError(problem('image-damaged'));
    return found;
  };
  const store: ObjectStore = {
    put: async (objectKey, sealed) => void objects.set(objectKey, sealed),
    get: async (objectKey) => at(objectKey),
    getRange: async (objectKey, offset, length) => at(objectKey).subarray(offset, offset + length),
    size: async (objectKey) => objects.get(objectKey)?.length,
    remove: async (objectKey) => void objects.delete(objectKey),
  };
  const key = { keyId: random.uuid(), bytes: random.bytes(32) };
  const keys: KeyRing = {
    studyKey: async () => key,
    messageKey: async () => key,
    spoolKey: async () => key,
    keyById: async () => key,
  };
  return {
    objects: store,
    keys,
    sealer: createCfe1Sealer({ random }),
    journal: createMemoryJournal(),
    stored: objects,
  };
}

export function createMemoryJournal(): Journal & { readonly records: readonly JournalRecord[]; reads: number } {
  const records: JournalRecord[] = [];
  return {
    records,
    reads: 0,
    append: async (entry: JournalEntry) => records.push({ sequence: records.length + 1, entry }),
    async *read(after: number) {
      this.reads++;
      for (let at = after; at < records.length; at++) {
        const record = records[at];
        if (record !== undefined) yield record;
      }
    },
    get lastSequence() {
      return records.length;
    },
    close: async () => {},
  };
}
