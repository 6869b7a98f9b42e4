import { blocks, hash, innerStart, keys, lengths, outerStart, tags } from './memory-layout';
import { compress, startHash } from './sm3-lanes';

/* HMAC-SM3 (RFC 2104 with GB/T 32905) of four chunks at once: tag = HMAC(Ka, u64 index ‖ u8 last ‖ u32 length ‖ ciphertext). */

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
  let longest: u32 = 0;
  let blocks0: u32 = 0;
  let blocks1: u32 = 0;
  let blocks2: u32 = 0;
  let blocks3: u32 = 0;
  for (let lane: u32 = 0; lane < 4; lane++) {
    const count = frame(first + lane, lane === last, data + lane * stride, load<u32>(lengths + 4 * lane));
    if (lane === 0) blocks0 = count;
    else if (lane === 1) blocks1 = count;
    else if (lane === 2) blocks2 = count;
    else blocks3 = count;
    if (count > longest) longest = count;
  }
  const counts = i32x4.replace_lane(
    i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(blocks0), 1, blocks1), 2, blocks2),
    3,
    blocks3,
  );
  memory.copy(hash, innerStart, 128);
  let m0 = data - prefixLength;
  for (let block: u32 = 0; block < longest; block++) {
    compress(hash, m0, m0 + stride, m0 + 2 * stride, m0 + 3 * stride, i32x4.gt_u(counts, i32x4.splat(block)));
    m0 += 64;
  }
  outer();
}

/** Puts the prefix before a chunk and SM3's padding behind it; the number of blocks. The key's block counts as hashed already. */
function frame(index: u32, isLast: bool, data: usize, length: u32): u32 {
  const start = data - prefixLength;
  store<u32>(start, 0);
  store<u32>(start, bswap(index), 4);
  store<u8>(start, isLast ? 1 : 0, 8);
  store<u32>(start, bswap(length), 9);
  const count = (prefixLength + length + 9 + 63) >> 6;
  const end: usize = start + 64 * count;
  memory.fill(data + length, 0, end - data - length);
  store<u8>(data + length, 0x80);
  store<u64>(end - 8, bswap<u64>(((64 + prefixLength + length) as u64) << 3));
  return count;
}

/** The outer hash: the inner digest of each lane as a block of its own. */
function outer(): void {
  for (let lane: usize = 0; lane < 4; lane++) {
    const block = blocks + 64 * lane;
    for (let word: usize = 0; word < 8; word++)
      store<u32>(block + 4 * word, bswap(load<u32>(hash + 16 * word + 4 * lane)));
    store<u64>(block, 0x80, 32);
    store<u64>(block, 0, 40);
    store<u64>(block, 0, 48);
    store<u64>(block, bswap<u64>((64 + 32) << 3), 56);
  }
  memory.copy(hash, outerStart, 128);
  compress(hash, blocks, blocks + 64, blocks + 128, blocks + 192, i32x4.splat(-1));
  for (let lane: usize = 0; lane < 4; lane++) {
    for (let word: usize = 0; word < 8; word++)
      store<u32>(tags + 32 * lane + 4 * word, bswap(load<u32>(hash + 16 * word + 4 * lane)));
  }
}
