import type { BatchBufferPool } from './batch-buffers';

/** More of one object, and it is read from its file: a few large ones must not take all the room. */
export const maxBatchesOfOne = 16;

/** What was received a moment ago, in the clear, until the archive asks for it (design D2b): one reading and one opening less for an image. */
export interface ReceivedBytes {
  /** Takes the pool's batches over, wipes them at once where there is no room. `rest` is a view of what follows them, copied. */
  keep(spoolFile: string, batches: readonly Buffer[], rest: Uint8Array): void;
  /** Once: the bytes in a buffer of their own, and nothing is kept any more. Undefined where they never were, or are taken. */
  take(spoolFile: string): Uint8Array | undefined;
  drop(spoolFile: string): void;
}

/**
 * Keeps the first `maxBytes` of buffers, not the newest: the archive works in the order of arrival, and would find every image forgotten
 * just before its turn.
 */
export function createReceivedBytes(pool: BatchBufferPool, maxBytes: number): ReceivedBytes {
  const kept = new Map<string, readonly Buffer[]>();
  let used = 0;

  function drop(spoolFile: string): void {
    const parts = kept.get(spoolFile) ?? [];
    kept.delete(spoolFile);
    used -= lengthOf(parts);
    for (const part of parts) pool.givePlain(part);
  }

  return {
    keep(spoolFile, batches, rest) {
      const parts = [...batches, Buffer.from(rest)];
      used += lengthOf(parts);
      kept.set(spoolFile, parts);
      if (used > maxBytes) drop(spoolFile);
    },
    take(spoolFile) {
      const found = kept.get(spoolFile);
      if (found === undefined) return undefined;
      const bytes = Buffer.concat(found);
      drop(spoolFile);
      return bytes;
    },
    drop,
  };
}

function lengthOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
