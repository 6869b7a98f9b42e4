/** Plaintext that goes into one seal-and-write: four CFE1 chunks, so that whole chunks are sealed without a second copy. */
export const batchLength = 256 * 1024;
/** Header, tags, and the chunk that the sealing stream held back. */
const sealedLength = batchLength + 65_536 + 1024;
/** As many as concurrent senders use all the time; more are made as they are needed and forgotten afterwards. */
const maxKept = 16;

export interface BatchBufferPool {
  /** For plaintext until a batch is full. */
  takePlain(): Buffer;
  /** It is wiped, and kept where it is one of ours. Nothing may still be reading from it. */
  givePlain(plain: Buffer): void;
  /** For ciphertext until it is written. */
  takeSealed(): Buffer;
  /** Nothing may still be writing from it. */
  giveSealed(sealed: Buffer): void;
}

/** Buffers that are used again: new ones for every image would make the garbage collector run for every few images. */
export function createBatchBufferPool(): BatchBufferPool {
  const plains: Buffer[] = [];
  const sealeds: Buffer[] = [];
  return {
    takePlain: () => plains.pop() ?? Buffer.allocUnsafeSlow(batchLength),
    givePlain(plain) {
      plain.fill(0);
      if (plain.length === batchLength && plains.length < maxKept) plains.push(plain);
    },
    takeSealed: () => sealeds.pop() ?? Buffer.allocUnsafeSlow(sealedLength),
    giveSealed(sealed) {
      if (sealeds.length < maxKept) sealeds.push(sealed);
    },
  };
}
