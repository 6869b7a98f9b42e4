import { sealedObjectInvalid, tagLength } from './cfe1-format';

/** Consecutive chunks of one object. */
export interface ChunkRun {
  readonly firstIndex: number;
  /** Plaintext bytes of a full chunk. */
  readonly chunkLength: number;
  /** The run ends with the object's last chunk, shorter than a full one (maybe empty); otherwise all its chunks are full. */
  readonly isEnd: boolean;
}

export interface PlacedChunk {
  readonly index: number;
  readonly isLast: boolean;
  /** A view. */
  readonly bytes: Uint8Array;
}

/** The chunks of a plaintext. Throws RangeError where it is no whole number of chunks, with the short one at the end. */
export function cutPlain(run: ChunkRun, plain: Uint8Array): readonly PlacedChunk[] {
  if (!run.isEnd && plain.length % run.chunkLength !== 0)
    throw new RangeError('a run within an object has full chunks');
  return cut(run, plain, run.chunkLength);
}

/** The sealed chunks (ciphertext ‖ tag). Throws ProblemError `sealed-object-invalid` where one is cut short. */
export function cutSealed(run: ChunkRun, sealed: Uint8Array): readonly PlacedChunk[] {
  const stride = run.chunkLength + tagLength;
  const rest = sealed.length % stride;
  if (run.isEnd ? rest < tagLength : rest !== 0) throw sealedObjectInvalid('a chunk is cut');
  return cut(run, sealed, stride);
}

function cut(run: ChunkRun, bytes: Uint8Array, stride: number): readonly PlacedChunk[] {
  const count = Math.floor(bytes.length / stride) + (run.isEnd ? 1 : 0);
  return Array.from({ length: count }, (_, i) => ({
    index: run.firstIndex + i,
    isLast: run.isEnd && i === count - 1,
    bytes: bytes.subarray(i * stride, (i + 1) * stride),
  }));
}
