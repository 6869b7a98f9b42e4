import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChunkCrypto } from './chunk-crypto';
import { createNodeChunkCrypto } from './node-chunk-crypto';
import type { ObjectKeys } from './object-keys';
import { createSimdChunkCrypto } from './simd-chunk-crypto';

const moduleFile = path.join(__dirname, '../../../dist/wasm/chunk-crypto.wasm');
const implementations = [
  { name: 'node:crypto', crypto: createNodeChunkCrypto() },
  ...(existsSync(moduleFile)
    ? [{ name: 'WebAssembly SIMD', crypto: createSimdChunkCrypto(readFileSync(moduleFile)) }]
    : []),
];

function keysOf(bytes: Uint8Array): ObjectKeys {
  return {
    encryptionKey: bytes.subarray(0, 16),
    macKey: bytes.subarray(16, 48),
    commitment: new Uint8Array(32),
    nonceBase: bytes.subarray(48, 56),
    wipe: () => bytes.fill(0),
  };
}

/** The format written again (docs/object-layout.md), on OpenSSL's primitives: ciphertext ‖ tag of each chunk. */
function sealedByHand(bytes: Uint8Array, firstIndex: number, chunkLength: number, isEnd: boolean, plain: Uint8Array) {
  const parts: Uint8Array[] = [];
  const count = Math.floor(plain.length / chunkLength) + (isEnd ? 1 : 0);
  for (let i = 0; i < count; i++) {
    const iv = Buffer.alloc(16);
    iv.set(bytes.subarray(48, 56));
    iv.writeUInt32BE(firstIndex + i, 8);
    const piece = plain.subarray(i * chunkLength, (i + 1) * chunkLength);
    const cipherText = createCipheriv('sm4-ctr', bytes.subarray(0, 16), iv).update(piece);
    const place = Buffer.alloc(13);
    place.writeBigUInt64BE(BigInt(firstIndex + i));
    place.writeUInt8(isEnd && i === count - 1 ? 1 : 0, 8);
    place.writeUInt32BE(cipherText.length, 9);
    const tag = createHmac('sm3', bytes.subarray(16, 48)).update(place).update(cipherText).digest();
    parts.push(cipherText, tag);
  }
  return Buffer.concat(parts);
}

const invalid = expect.objectContaining({ problem: expect.objectContaining({ problem: 'sealed-object-invalid' }) });

describe('the build', () => {
  it('has made the fast implementation, and this platform runs it', () => {
    expect(createChunkCrypto().kind).toBe('simd');
  });
});

describe.each(implementations)('chunks through $name', ({ crypto }) => {
  it('are what OpenSSL makes of them, for any keys, chunk number, chunk size and length', () => {
    const lengths = fc.oneof(
      fc.nat(40_000),
      // around the edges: SM3 pads at 55 bytes after the 13 of the prefix, 128 blocks make 2048 bytes, 4 chunks make a group
      fc.constantFrom(0, 1, 15, 16, 17, 42, 43, 50, 51, 106, 107, 2047, 2048, 2049, 4095, 4096, 16_384, 16_385),
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 56, maxLength: 56 }),
        fc.nat(2 ** 32 - 20),
        fc.constantFrom(12, 13, 16),
        lengths,
        fc.boolean(),
        (bytes, firstIndex, log2Chunk, length, isEnd) => {
          const chunkLength = 2 ** log2Chunk;
          const plain = randomBytes(isEnd ? length : length - (length % chunkLength));
          const expected = sealedByHand(bytes, firstIndex, chunkLength, isEnd, plain);
          const out = Buffer.alloc(expected.length + 9, 7);
          const run = { firstIndex, chunkLength, isEnd };
          crypto.seal(keysOf(bytes), run, plain, out, 5);
          expect(out.subarray(5, -4).equals(expected)).toBe(true);
          expect(out.subarray(0, 5).equals(Buffer.alloc(5, 7)) && out.subarray(-4).equals(Buffer.alloc(4, 7))).toBe(
            true,
          );
          const opened = Buffer.alloc(plain.length);
          crypto.open(keysOf(bytes), run, expected, opened, 0);
          expect(opened.equals(plain)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('have the digests that OpenSSL gives, of any number and length', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat(70_000), fc.constantFrom(0, 55, 56, 63, 64, 119, 120)), { maxLength: 9 }),
        (lengths) => {
          const pieces = lengths.map((length) => randomBytes(length));
          const expected = Buffer.concat(pieces.map((piece) => createHash('sm3').update(piece).digest()));
          expect(Buffer.from(crypto.digests(pieces)).equals(expected)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('count their blocks through every carry of the largest chunk', () => {
    const bytes = randomBytes(56);
    const plain = randomBytes(2 ** 20 + 77);
    const expected = sealedByHand(bytes, 3, 2 ** 20, true, plain);
    const out = Buffer.alloc(expected.length);
    crypto.seal(keysOf(bytes), { firstIndex: 3, chunkLength: 2 ** 20, isEnd: true }, plain, out, 0);
    expect(out.equals(expected)).toBe(true);
  });

  it('are not opened when any bit of ciphertext or tag is changed, and leave nothing behind', () => {
    const bytes = randomBytes(56);
    const run = { firstIndex: 0, chunkLength: 4096, isEnd: true };
    const plain = randomBytes(5 * 4096 + 100);
    const sealed = sealedByHand(bytes, 0, 4096, true, plain);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        const out = Buffer.alloc(plain.length);
        expect(() => crypto.open(keysOf(bytes), run, changed, out, 0)).toThrow(invalid);
        const chunk = Math.floor(at / (4096 + 32));
        expect(out.subarray(chunk * 4096).every((byte) => byte === 0)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('are not opened where one is cut, or moved to another place or to the end', () => {
    const bytes = randomBytes(56);
    const sealed = sealedByHand(bytes, 0, 4096, false, randomBytes(2 * 4096));
    const out = Buffer.alloc(3 * 4096);
    const open = (run: { firstIndex: number; isEnd: boolean }, of: Uint8Array) => () =>
      crypto.open(keysOf(bytes), { ...run, chunkLength: 4096 }, of, out, 0);
    expect(open({ firstIndex: 0, isEnd: false }, sealed)).not.toThrow();
    expect(open({ firstIndex: 1, isEnd: false }, sealed)).toThrow(invalid);
    expect(open({ firstIndex: 0, isEnd: true }, sealed)).toThrow(invalid);
    expect(open({ firstIndex: 0, isEnd: false }, sealed.subarray(0, -1))).toThrow(invalid);
    expect(open({ firstIndex: 0, isEnd: true }, sealed.subarray(0, 4128 + 31))).toThrow(invalid);
  });
});
