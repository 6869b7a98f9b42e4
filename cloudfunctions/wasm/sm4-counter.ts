import { keys, planes, roundKeys, state } from './memory-layout';
import { inputConstant, outputConstant, substitute } from './sm4-substitute';

/*
 * SM4 (GB/T 32907-2016) in counter mode, bit-sliced: 128 blocks at once, each of their 128 bits in a plane of its own (a v128 with one lane
 * a block). Plane 32 w + i of the state is bit i of word w, counted from the least significant. Rotating a word is choosing other planes.
 */

const blocksAtOnce: u32 = 128;
const planeBytes: u32 = 16;
/** The planes of one byte of a word. */
const rowBytes: u32 = 8 * planeBytes;
const wordBytes: u32 = 4 * rowBytes;
/** The words lie in reverse, as the cipher gives them out: X35 first. */
const word0: usize = state + 3 * wordBytes;
const word1: usize = state + 2 * wordBytes;
const word2: usize = state + wordBytes;
const word3: usize = state;

/**
 * GB/T 32907 7.3. The S-box constants are put into the round keys: L(output constant in each byte) is 0x4F4F4F4F, so after each round the new
 * word misses that much, and after eight times it cancels out.
 */
export function expandKey(): void {
  let k0: u32 = bswap(load<u32>(keys)) ^ 0xa3b1bac6;
  let k1: u32 = bswap(load<u32>(keys, 4)) ^ 0x56aa3350;
  let k2: u32 = bswap(load<u32>(keys, 8)) ^ 0x677d9197;
  let k3: u32 = bswap(load<u32>(keys, 12)) ^ 0xb27022dc;
  for (let round: u32 = 0; round < 32; round++) {
    const b = substituteWord(k1 ^ k2 ^ k3 ^ roundConstant(round));
    const next = k0 ^ b ^ rotl<u32>(b, 13) ^ rotl<u32>(b, 23);
    k0 = k1;
    k1 = k2;
    k2 = k3;
    k3 = next;
    // words round + 1 … round + 3 of the state: word n has been renewed n / 4 times
    const missing = ((round + 1) >> 2) + ((round + 2) >> 2) + ((round + 3) >> 2);
    const constants = (inputConstant * 0x01010101) ^ ((missing & 1) !== 0 ? 0x4f4f4f4f : 0);
    spread(roundKeys + round * wordBytes, next ^ constants);
  }
}

/** CK of GB/T 32907 7.3: byte j of round i is 7 (4 i + j) mod 256. */
function roundConstant(round: u32): u32 {
  const first = 28 * round;
  return ((first & 255) << 24) | (((first + 7) & 255) << 16) | (((first + 14) & 255) << 8) | ((first + 21) & 255);
}

/** The S-box on the four bytes of a word, through the same gates: byte n in lane n. */
function substituteWord(word: u32): u32 {
  const x = word ^ (inputConstant * 0x01010101);
  for (let bit: u32 = 0; bit < 8; bit++) {
    const lanes = ((x >> bit) & 1) | ((x >> (bit + 7)) & 2) | ((x >> (bit + 14)) & 4) | ((x >> (bit + 21)) & 8);
    v128.store(planes + bit * planeBytes, i32x4.splat(lanes));
  }
  substitute(planes);
  let out: u32 = outputConstant * 0x01010101;
  for (let bit: u32 = 0; bit < 8; bit++) {
    const lanes = load<u32>(planes + bit * planeBytes);
    out ^=
      ((lanes & 1) << bit) ^ ((lanes & 2) << (bit + 7)) ^ ((lanes & 4) << (bit + 14)) ^ ((lanes & 8) << (bit + 21));
  }
  return out;
}

/** Each bit of a word as a plane: the same in all lanes. */
function spread(at: usize, word: u32): void {
  for (let bit: u32 = 0; bit < 32; bit++) v128.store(at + bit * planeBytes, i32x4.splat(-((word >> bit) & 1)));
}

/**
 * XORs the key stream of chunk `index` over `length` bytes at `data`; up to 2047 bytes behind them are changed too.
 * Counter block = nonce base (8) ‖ u32 index ‖ u32 block, the blocks from `first`, a multiple of 128.
 */
export function applyKeyStream(index: u32, first: u32, data: usize, length: u32): void {
  const nonce0 = bswap(load<u32>(keys, 48));
  const nonce1 = bswap(load<u32>(keys, 52));
  const bytesAtOnce = blocksAtOnce * 16;
  for (let done: u32 = 0; done < length; done += bytesAtOnce) {
    spread(word0, nonce0);
    spread(word1, nonce1);
    spread(word2, index);
    countFrom(first + done / 16);
    for (let k: usize = roundKeys; k < roundKeys + 32 * wordBytes; k += 4 * wordBytes) {
      round(word0, word1, word2, word3, k);
      round(word1, word2, word3, word0, k + wordBytes);
      round(word2, word3, word0, word1, k + 2 * wordBytes);
      round(word3, word0, word1, word2, k + 3 * wordBytes);
    }
    transpose();
    xorBigEndian(data + done);
  }
}

/** Word 3 of 128 blocks from `first`, a multiple of 128: the low seven bits count through the lanes. */
function countFrom(first: u32): void {
  spread(word3, first);
  v128.store(word3, i64x2.splat(0xaaaaaaaaaaaaaaaa));
  v128.store(word3, i64x2.splat(0xcccccccccccccccc), 16);
  v128.store(word3, i64x2.splat(0xf0f0f0f0f0f0f0f0), 32);
  v128.store(word3, i64x2.splat(0xff00ff00ff00ff00), 48);
  v128.store(word3, i64x2.splat(0xffff0000ffff0000), 64);
  v128.store(word3, i64x2.splat(0xffffffff00000000), 80);
  v128.store(word3, i64x2(0, -1), 96);
}

/** x0 ^= L(S(x1 ^ x2 ^ x3 ^ key)) */
function round(x0: usize, x1: usize, x2: usize, x3: usize, key: usize): void {
  for (let i: usize = 0; i < wordBytes; i += 4 * planeBytes) {
    mixIn(x1 + i, x2 + i, x3 + i, key + i, planes + i);
    mixIn(x1 + i + 16, x2 + i + 16, x3 + i + 16, key + i + 16, planes + i + 16);
    mixIn(x1 + i + 32, x2 + i + 32, x3 + i + 32, key + i + 32, planes + i + 32);
    mixIn(x1 + i + 48, x2 + i + 48, x3 + i + 48, key + i + 48, planes + i + 48);
  }
  substitute(planes);
  substitute(planes + rowBytes);
  substitute(planes + 2 * rowBytes);
  substitute(planes + 3 * rowBytes);
  for (let i: usize = 0; i < rowBytes; i += planeBytes) v128.store(planes + 4 * rowBytes + i, v128.load(planes + i));
  // bits 0 and 1 of a byte come from bits 6 and 7 of the byte below
  diffuse(x0, planes, planes + 6 * planeBytes);
  diffuse(x0 + planeBytes, planes + planeBytes, planes + 7 * planeBytes);
  for (let bit: usize = 2 * planeBytes; bit < rowBytes; bit += planeBytes) {
    diffuse(x0 + bit, planes + bit, planes + bit - 2 * planeBytes + rowBytes);
  }
}

function mixIn(x1: usize, x2: usize, x3: usize, key: usize, to: usize): void {
  v128.store(to, v128.xor(v128.xor(v128.load(x1), v128.load(x2)), v128.xor(v128.load(x3), v128.load(key))));
}

/**
 * x ^= L(B) = B ^ B<<<2 ^ B<<<10 ^ B<<<18 ^ B<<<24, for one bit of each of the four bytes: `s` is that bit of B, `u` the bit two places
 * lower, counted from the byte above the one it comes from. Behind byte 3 byte 0 stands again.
 */
function diffuse(x: usize, s: usize, u: usize): void {
  const u0 = v128.load(u, 0);
  const u1 = v128.load(u, 128);
  const u2 = v128.load(u, 256);
  const u3 = v128.load(u, 384);
  const all = v128.xor(v128.xor(u0, u1), v128.xor(u2, u3));
  const s0 = v128.load(s, 0);
  const s1 = v128.load(s, 128);
  const s2 = v128.load(s, 256);
  const s3 = v128.load(s, 384);
  v128.store(x, v128.xor(v128.xor(v128.load(x, 0), v128.xor(s0, s1)), v128.xor(all, u0)), 0);
  v128.store(x, v128.xor(v128.xor(v128.load(x, 128), v128.xor(s1, s2)), v128.xor(all, u1)), 128);
  v128.store(x, v128.xor(v128.xor(v128.load(x, 256), v128.xor(s2, s3)), v128.xor(all, u2)), 256);
  v128.store(x, v128.xor(v128.xor(v128.load(x, 384), v128.xor(s3, s0)), v128.xor(all, u3)), 384);
}

/** Planes to blocks: the 128 x 128 bits of the state are mirrored at their diagonal, in steps of 1, 2, 4 … 64 bits. */
function transpose(): void {
  exchange(1, 0x5555555555555555);
  exchange(2, 0x3333333333333333);
  exchange(4, 0x0f0f0f0f0f0f0f0f);
  exchange(8, 0x00ff00ff00ff00ff);
  exchange(16, 0x0000ffff0000ffff);
  exchange(32, 0x00000000ffffffff);
  for (let low: usize = state; low < state + 64 * planeBytes; low += planeBytes) {
    const high = low + 64 * planeBytes;
    const a = v128.load(low);
    const b = v128.load(high);
    v128.store(low, v128.shuffle<u64>(a, b, 0, 2));
    v128.store(high, v128.shuffle<u64>(a, b, 1, 3));
  }
}

function exchange(step: u32, mask: u64): void {
  const lower = i64x2.splat(mask);
  for (let i: u32 = 0; i < 128; i = (i + step + 1) & ~step) {
    const low: usize = state + i * planeBytes;
    const high: usize = low + step * planeBytes;
    const a = v128.load(low);
    const b = v128.load(high);
    const moved = v128.and(v128.xor(v128.shr<u64>(a, step), b), lower);
    v128.store(high, v128.xor(b, moved));
    v128.store(low, v128.xor(a, v128.shl<u64>(moved, step)));
  }
}

function xorBigEndian(data: usize): void {
  for (let i: usize = 0; i < 128 * 16; i += 16) {
    const block = v128.load(state + i);
    const stream = i8x16.shuffle(block, block, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
    v128.store(data + i, v128.xor(v128.load(data + i), stream));
  }
}
