/*
 * CFE1's work on chunks (docs/object-layout.md) in WebAssembly with SIMD: SM4-CTR bit-sliced, HMAC-SM3 of four chunks at once.
 * The caller puts keys, chunks and their lengths into memory and calls `prepare`, then `crypt` and `tagSlots` in the order it needs.
 */
import { digestPieces, expandMacKey, tagChunks } from './hmac-lanes';
import { dataInSlot, fixedEnd, keys, lengths, slotOverhead, slots, tags } from './memory-layout';
import { applyKeyStream, expandKey } from './sm4-counter';

/** For the published vectors of SM4, whose counter blocks no chunk has. */
export { applyKeyStream };

export const keysAt: usize = keys;
export const lengthsAt: usize = lengths;
export const tagsAt: usize = tags;
/** The first chunk's bytes. */
export const dataAt: usize = slots + dataInSlot;
/** Bytes between slots, besides the longest chunk. */
export const overhead: usize = slotOverhead;

/** Expands the keys that lie at `keysAt`. */
export function prepare(): void {
  expandKey();
  expandMacKey();
}

/** Encrypts or decrypts the first `count` slots in place; slot n holds chunk `first + n`. */
export function crypt(first: u32, count: u32, stride: u32): void {
  for (let slot: u32 = 0; slot < count; slot++) {
    applyKeyStream(first + slot, 0, slots + dataInSlot + slot * stride, load<u32>(lengths + 4 * slot));
  }
}

/** Tags of all four slots; `last` is the slot that holds the object's last chunk, or 4. */
export function tagSlots(first: u32, last: u32, stride: u32): void {
  tagChunks(first, last, slots + dataInSlot, stride);
}

/** SM3 of each of the four slots. */
export function digestSlots(stride: u32): void {
  digestPieces(slots + dataInSlot, stride);
}

/** Wipes keys and everything made of them. */
export function forgetKeys(): void {
  memory.fill(keys, 0, fixedEnd - keys);
}
