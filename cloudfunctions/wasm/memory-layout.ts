/** Where things lie in the module's memory. Everything below `slots` is small and fixed; the chunks follow in slots. */

/** In: SM4 key (16 bytes), MAC key (32), nonce base (8). Wiped by `forgetKeys`. */
export const keys: usize = 0x400;
/** SM4 round keys: for each of 32 rounds 32 planes, all ones where the bit is set (16 KiB). */
export const roundKeys: usize = 0x1000;
/** SM4 state: 4 words of 32 planes (2 KiB); after `transpose` 128 blocks of key stream. */
export const state: usize = 0x5000;
/** SM4: the 32 planes on their way through the S-box (five rows of 8). */
export const planes: usize = 0x5800;
/** SM3 state before the first block of the inner and of the outer hash (8 vectors each), and the one under way. */
export const innerStart: usize = 0x6000;
export const outerStart: usize = 0x6080;
export const hash: usize = 0x6100;
/** SM3: 68 expanded words of the block under way, four lanes each. */
export const words: usize = 0x6200;
/** SM3: one block for each lane, 64 bytes apart, where the data to hash is not a chunk. */
export const blocks: usize = 0x6700;
/** In: bytes in each of the four slots (u32). */
export const lengths: usize = 0x6800;
/** Out: the four tags or digests, 32 bytes each. */
export const tags: usize = 0x6810;
/** SM3: blocks to hash in each lane (u32). */
export const counts: usize = 0x6890;
/** Where the fixed part ends. */
export const fixedEnd: usize = 0x68a0;
/** Four slots, `slotStride` apart: room for a tag's prefix, the chunk, and what is written behind a chunk while it is worked on. */
export const slots: usize = 0x8000;
export const dataInSlot: usize = 64;
export const slotOverhead: usize = 64 + 2048 + 128;
