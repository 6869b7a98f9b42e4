import type { DataKey, SealContext, SealingStream, SealReceipt } from '../../ports/sealing';
import { encodeBoundHeader, headerLength, layoutOf, tagLength } from './cfe1-format';
import type { ChunkCrypto } from './chunk-crypto';
import { deriveObjectKeys } from './object-keys';

/** A chunk's index is a u32 in its counter block. */
const maxChunks = 2 ** 32;

/**
 * Seals plaintext as it comes. Full chunks leave at once, straight from the caller's bytes where they cover a whole chunk; at most
 * one unfinished chunk is held back. A full chunk is never the last one: `finish` adds the short (maybe empty) end.
 */
export function startSealing(
  crypto: ChunkCrypto,
  key: DataKey,
  context: SealContext,
  salt: Uint8Array,
  log2Chunk: number,
): SealingStream {
  const bound = encodeBoundHeader(log2Chunk, key.keyId, salt);
  const keys = deriveObjectKeys(key.bytes, bound, context);
  const commitment = Buffer.from(keys.commitment).toString('hex');
  const header = Buffer.concat([bound, keys.commitment]);
  const chunkLength = 2 ** log2Chunk;
  let held: Buffer | undefined;
  let heldLength = 0;
  let plainLength = 0;
  let nextIndex = 0;
  let isHeaderOut = false;
  let isFinished = false;

  function outputFor(sealedLength: number, room?: Uint8Array): { out: Uint8Array; at: number } {
    const at = isHeaderOut ? 0 : headerLength;
    const length = at + sealedLength;
    const out = room !== undefined && room.length >= length ? room.subarray(0, length) : Buffer.allocUnsafe(length);
    if (!isHeaderOut) out.set(header, 0);
    isHeaderOut = true;
    return { out, at };
  }

  function hold(bytes: Uint8Array): void {
    held ??= Buffer.allocUnsafe(chunkLength);
    held.set(bytes, heldLength);
    heldLength += bytes.length;
  }

  function update(plain: Uint8Array, room?: Uint8Array): Uint8Array {
    if (isFinished) throw new Error('this sealing stream is finished');
    const fullChunks = Math.floor((heldLength + plain.length) / chunkLength);
    if (nextIndex + fullChunks >= maxChunks) throw new RangeError('object too long for CFE1');
    plainLength += plain.length;
    const { out, at: start } = outputFor(fullChunks * (chunkLength + tagLength), room);
    let at = start;
    const sealRun = (chunks: Uint8Array): void => {
      crypto.seal(keys, { firstIndex: nextIndex, chunkLength, isEnd: false }, chunks, out, at);
      nextIndex += chunks.length / chunkLength;
      at += chunks.length + tagLength * (chunks.length / chunkLength);
    };
    let taken = 0;
    if (heldLength > 0 && fullChunks > 0) {
      taken = chunkLength - heldLength;
      hold(plain.subarray(0, taken));
      sealRun((held as Buffer).subarray(0, chunkLength)); // `hold` has just made it
      heldLength = 0;
    }
    const direct = plain.length - taken - ((plain.length - taken) % chunkLength);
    if (direct > 0) sealRun(plain.subarray(taken, taken + direct));
    taken += direct;
    if (taken < plain.length) hold(plain.subarray(taken));
    return out;
  }

  function finish(room?: Uint8Array): { sealed: Uint8Array; receipt: SealReceipt } {
    if (isFinished) throw new Error('this sealing stream is finished');
    isFinished = true;
    const rest = held === undefined ? new Uint8Array(0) : held.subarray(0, heldLength);
    const { out, at } = outputFor(rest.length + tagLength, room);
    crypto.seal(keys, { firstIndex: nextIndex, chunkLength, isEnd: true }, rest, out, at);
    keys.wipe();
    held?.fill(0);
    const { cipherLength } = layoutOf(plainLength, log2Chunk);
    return {
      sealed: out,
      receipt: { keyId: key.keyId, cipherLength, plainLength, commitment },
    };
  }

  return { update, finish };
}
