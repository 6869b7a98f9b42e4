import { words } from './memory-layout';

/* SM3 (GB/T 32905-2016) on four messages at once: lane n of every vector belongs to message n. A state is 8 vectors, A … H. */

/** The initial value in all four lanes. */
export function startHash(at: usize): void {
  v128.store(at, i32x4.splat(0x7380166f), 0);
  v128.store(at, i32x4.splat(0x4914b2b9), 16);
  v128.store(at, i32x4.splat(0x172442d7), 32);
  v128.store(at, i32x4.splat(0xda8a0600), 48);
  v128.store(at, i32x4.splat(0xa96f30bc), 64);
  v128.store(at, i32x4.splat(0x163138aa), 80);
  v128.store(at, i32x4.splat(0xe38dee4d), 96);
  v128.store(at, i32x4.splat(0xb0fb0e4e), 112);
}

/** One block of each message, 64 bytes at m0 … m3, into the state; only in the lanes whose bits are set in `active`. */
export function compress(state: usize, m0: usize, m1: usize, m2: usize, m3: usize, active: v128): void {
  expand(m0, m1, m2, m3);
  let a = v128.load(state, 0);
  let b = v128.load(state, 16);
  let c = v128.load(state, 32);
  let d = v128.load(state, 48);
  let e = v128.load(state, 64);
  let f = v128.load(state, 80);
  let g = v128.load(state, 96);
  let h = v128.load(state, 112);
  // the eight variables move on by one each round: after four rounds each is back in its place
  for (let j: u32 = 0; j < 64; j += 4) {
    const w: usize = words + 16 * j;
    const isEarly = j < 16;

    let a12 = rotate(a, 12);
    let ss1 = rotate(i32x4.add(i32x4.add(a12, e), constantOf(j)), 7);
    d = newA(isEarly, a, b, c, d, v128.xor(ss1, a12), w);
    h = newE(isEarly, e, f, g, h, ss1, w);
    b = rotate(b, 9);
    f = rotate(f, 19);

    a12 = rotate(d, 12);
    ss1 = rotate(i32x4.add(i32x4.add(a12, h), constantOf(j + 1)), 7);
    c = newA(isEarly, d, a, b, c, v128.xor(ss1, a12), w + 16);
    g = newE(isEarly, h, e, f, g, ss1, w + 16);
    a = rotate(a, 9);
    e = rotate(e, 19);

    a12 = rotate(c, 12);
    ss1 = rotate(i32x4.add(i32x4.add(a12, g), constantOf(j + 2)), 7);
    b = newA(isEarly, c, d, a, b, v128.xor(ss1, a12), w + 32);
    f = newE(isEarly, g, h, e, f, ss1, w + 32);
    d = rotate(d, 9);
    h = rotate(h, 19);

    a12 = rotate(b, 12);
    ss1 = rotate(i32x4.add(i32x4.add(a12, f), constantOf(j + 3)), 7);
    a = newA(isEarly, b, c, d, a, v128.xor(ss1, a12), w + 48);
    e = newE(isEarly, f, g, h, e, ss1, w + 48);
    c = rotate(c, 9);
    g = rotate(g, 19);
  }
  addTo(state, a, active);
  addTo(state + 16, b, active);
  addTo(state + 32, c, active);
  addTo(state + 48, d, active);
  addTo(state + 64, e, active);
  addTo(state + 80, f, active);
  addTo(state + 96, g, active);
  addTo(state + 112, h, active);
}

/** TT1 of GB/T 32905 5.3.3. */
function newA(isEarly: bool, a: v128, b: v128, c: v128, d: v128, ss2: v128, w: usize): v128 {
  const mixed = isEarly ? v128.xor(v128.xor(a, b), c) : v128.or(v128.and(a, b), v128.and(v128.or(a, b), c));
  return i32x4.add(i32x4.add(i32x4.add(mixed, d), ss2), v128.xor(v128.load(w), v128.load(w, 64)));
}

/** P0(TT2) of GB/T 32905 5.3.3. */
function newE(isEarly: bool, e: v128, f: v128, g: v128, h: v128, ss1: v128, w: usize): v128 {
  const mixed = isEarly ? v128.xor(v128.xor(e, f), g) : v128.xor(v128.and(v128.xor(f, g), e), g);
  const tt2 = i32x4.add(i32x4.add(i32x4.add(mixed, h), ss1), v128.load(w));
  return v128.xor(v128.xor(tt2, rotate(tt2, 9)), rotate(tt2, 17));
}

function constantOf(j: u32): v128 {
  return i32x4.splat(rotl<u32>(j < 16 ? 0x79cc4519 : 0x7a879d8a, j & 31));
}

function rotate(x: v128, by: i32): v128 {
  return v128.or(v128.shl<u32>(x, by), v128.shr<u32>(x, 32 - by));
}

/** SM3 adds the old state by XOR. */
function addTo(at: usize, value: v128, active: v128): void {
  v128.store(at, v128.xor(v128.load(at), v128.and(value, active)));
}

/** Words 0 … 67 of the block of each lane (GB/T 32905 5.3.2). */
function expand(m0: usize, m1: usize, m2: usize, m3: usize): void {
  for (let i: usize = 0; i < 64; i += 16)
    gather(v128.load(m0 + i), v128.load(m1 + i), v128.load(m2 + i), v128.load(m3 + i), words + 4 * i);
  for (let w: usize = words; w < words + 52 * 16; w += 16) {
    const x = v128.xor(v128.xor(v128.load(w), v128.load(w, 7 * 16)), rotate(v128.load(w, 13 * 16), 15));
    const p1 = v128.xor(v128.xor(x, rotate(x, 15)), rotate(x, 23));
    v128.store(w, v128.xor(v128.xor(p1, rotate(v128.load(w, 3 * 16), 7)), v128.load(w, 10 * 16)), 16 * 16);
  }
}

/** Four big-endian words of each lane, word by word. */
function gather(a: v128, b: v128, c: v128, d: v128, to: usize): void {
  const ab0 = i8x16.shuffle(a, b, 3, 2, 1, 0, 19, 18, 17, 16, 7, 6, 5, 4, 23, 22, 21, 20);
  const ab2 = i8x16.shuffle(a, b, 11, 10, 9, 8, 27, 26, 25, 24, 15, 14, 13, 12, 31, 30, 29, 28);
  const cd0 = i8x16.shuffle(c, d, 3, 2, 1, 0, 19, 18, 17, 16, 7, 6, 5, 4, 23, 22, 21, 20);
  const cd2 = i8x16.shuffle(c, d, 11, 10, 9, 8, 27, 26, 25, 24, 15, 14, 13, 12, 31, 30, 29, 28);
  v128.store(to, v128.shuffle<u64>(ab0, cd0, 0, 2), 0);
  v128.store(to, v128.shuffle<u64>(ab0, cd0, 1, 3), 16);
  v128.store(to, v128.shuffle<u64>(ab2, cd2, 0, 2), 32);
  v128.store(to, v128.shuffle<u64>(ab2, cd2, 1, 3), 48);
}
