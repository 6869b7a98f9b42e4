import { blocks, counts, hash, innerStart, keys, lengths, outerStart, tags } from './memory-layout';
import { compress, startHash } from './sm3-lanes';

/* HMAC-SM3 (RFC 2104 with GB/T 32905) of four chunks at once: tag = HMAC(Ka, u64 index ‖ u8 last ‖ u32 length ‖ ciphertext). And SM3 alone. */

const prefixLength: u32 = 13;

/** The states after the key's block: the same for every chunk of an object. */
export function expandMacKey(): void {
  keyBlock(innerStart, 0x36);
  keyBlock(outerStart, 0x5c);
}

function keyBlock(start: usize, pad: u8): void {
  v128.store(blocks, v128.xor(v128.load(keys, 16), i8x16.splat(pad)), 0);
  v128.store(blocks, v128.xor(v128.load(keys, 32), i8x16.splat(pad)), 16);
  v128.store(blocks, i8x16.splat(pad), 32);
  v128.store(blocks, i8x16.splat(pad), 48);
  startHash(start);
  compress(start, blocks, blocks, blocks, blocks, i32x4.splat(-1));
}

/**
 * Tags of the four slots' chunks, `lengths` bytes each at `data`, `data + stride` …, into `tags`. Chunk n is `first + n`; `last` is the
 * number of the slot that holds the object's last chunk, or 4. Writes 13 bytes before each chunk and up to 72 behind it.
 */
export function tagChunks(first: u32, last: u32, data: usize, stride: u32): void {
  for (let lane: u32 = 0; lane < 4; lane++) {
    const chunk = data + lane * stride;
    const length = load<u32>(lengths + 4 * lane);
    prefix(chunk - prefixLength, first + lane, lane === last, length);
    store<u32>(counts + 4 * lane, pad(chunk - prefixLength, prefixLength + length, 64));
  }
  memory.copy(hash, innerStart, 128);
  hashLanes(data - prefixLength, stride);
  // the outer hash: the inner digest of each lane as a block of its own
  for (let lane: u32 = 0; lane < 4; lane++) {
    writeDigest(lane, blocks + 64 * lane);
    pad(blocks + 64 * lane, 32, 64);
  }
  memory.copy(hash, outerStart, 128);
  compress(hash, blocks, blocks + 64, blocks + 128, blocks + 192, i32x4.splat(-1));
  for (let lane: u32 = 0; lane < 4; lane++) writeDigest(lane, tags + 32 * lane);
}

/** SM3 of the slots' bytes themselves, into `tags`. Writes up to 72 bytes behind each. */
export function digestPieces(data: usize, stride: u32): void {
  for (let lane: u32 = 0; lane < 4; lane++) {
    store<u32>(counts + 4 * lane, pad(data + lane * stride, load<u32>(lengths + 4 * lane), 0));
  }
  startHash(hash);
  hashLanes(data, stride);
  for (let lane: u32 = 0; lane < 4; lane++) writeDigest(lane, tags + 32 * lane);
}

/** `counts` blocks of each message, the first at `message`, `message + stride` …, into `hash`. */
function hashLanes(message: usize, stride: u32): void {
  const wanted = v128.load(counts);
  for (let block: u32 = 0; ; block++) {
    const active = i32x4.gt_u(wanted, i32x4.splat(block));
    if (!v128.any_true(active)) return;
    const m0 = message + 64 * block;
    compress(hash, m0, m0 + stride, m0 + 2 * stride, m0 + 3 * stride, active);
  }
}

/** u64 index ‖ u8 last ‖ u32 length */
function prefix(at: usize, index: u32, isLast: bool, length: u32): void {
  store<u32>(at, 0);
  store<u32>(at, bswap(index), 4);
  store<u8>(at, isLast ? 1 : 0, 8);
  store<u32>(at, bswap(length), 9);
}

/** Puts SM3's padding behind a message (GB/T 32905 5.2), `before` bytes of which are hashed already; the number of blocks. */
function pad(message: usize, length: u32, before: u32): u32 {
  const count = (length + 9 + 63) >> 6;
  memory.fill(message + length, 0, 64 * count - length);
  store<u8>(message + length, 0x80);
  store<u64>(message + 64 * count - 8, bswap<u64>(((before + length) as u64) << 3));
  return count;
}

function writeDigest(lane: u32, to: usize): void {
  for (let word: u32 = 0; word < 8; word++) {
    store<u32>(to + 4 * word, bswap(load<u32>(hash + 16 * word + 4 * lane)));
  }
}
