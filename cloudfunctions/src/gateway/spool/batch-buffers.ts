/** Plaintext that goes into one seal-and-write: four CFE1 chunks, so that whole chunks are sealed without a second copy. */
export const batchLength = 256 * 1024;
/** Header, tags, and the chunk that the sealing stream held back. */
const sealedLength = batchLength + 65_536 + 1024;
/** As many as concurrent senders use all the time; more are made as they are needed and forgotten afterwards. */
const maxKept = 8;

/** What one spool writer works in: its plaintext until a batch is full, and the ciphertext until it is written. */
export interface BatchBuffers {
  readonly plain: Buffer;
  readonly sealed: Buffer;
}

export interface BatchBufferPool {
  take(): BatchBuffers;
  /** The plaintext is wiped. Nothing may still be writing from them. */
  give(buffers: BatchBuffers): void;
}

/** Buffers that are used again: new ones for every image would make the garbage collector run for every few images. */
export function createBatchBufferPool(): BatchBufferPool {
  const kept: BatchBuffers[] = [];
  return {
    take: () => kept.pop() ?? { plain: Buffer.alloc(batchLength), sealed: Buffer.alloc(sealedLength) },
    give(buffers) {
      buffers.plain.fill(0);
      if (kept.length < maxKept) kept.push(buffers);
    },
  };
}
