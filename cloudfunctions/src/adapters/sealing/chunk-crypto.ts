import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { ChunkRun } from './chunk-run';
import { createNodeChunkCrypto } from './node-chunk-crypto';
import type { ObjectKeys } from './object-keys';
import { createSimdChunkCrypto } from './simd-chunk-crypto';

/**
 * What sealing does with bytes: SM4-CTR, and HMAC-SM3 over the ciphertext, chunk by chunk (docs/object-layout.md). Two implementations, one
 * contract test: WebAssembly with SIMD, and node:crypto where that is missing. Neither keeps plaintext or key beyond a call.
 */
export interface ChunkCrypto {
  readonly kind: 'simd' | 'node';
  /** Writes ciphertext ‖ tag of each chunk into `out` from `at`. `plain` may be a view; it is not kept. */
  seal(keys: ObjectKeys, run: ChunkRun, plain: Uint8Array, out: Uint8Array, at: number): void;
  /** Writes the plaintext into `out` from `at`. Decrypts only what its tag has proved; throws ProblemError `sealed-object-invalid` otherwise. */
  open(keys: ObjectKeys, run: ChunkRun, sealed: Uint8Array, out: Uint8Array, at: number): void;
  /** SM3 of each piece, one behind the other. */
  digests(pieces: readonly Uint8Array[]): Uint8Array;
}

/** Made by `npm run build` from cloudfunctions/wasm; the same place from src and from dist. */
const moduleFile = path.join(__dirname, '../../../dist/wasm/chunk-crypto.wasm');

/**
 * The fast one where this platform has SIMD, the build has made the module, and it gives what OpenSSL gives (looked at each time, 3 ms);
 * node:crypto otherwise.
 */
export function createChunkCrypto(): ChunkCrypto {
  const node = createNodeChunkCrypto();
  const bytes = existsSync(moduleFile) ? readFileSync(moduleFile) : undefined;
  if (bytes === undefined || !WebAssembly.validate(bytes)) return node;
  const simd = createSimdChunkCrypto(bytes);
  return sampleOf(simd).equals(sampleOf(node)) ? simd : node;
}

/** A run with a full group of chunks, a second group, and a short end, sealed with keys that mean nothing. */
function sampleOf(crypto: ChunkCrypto): Buffer {
  const bytes = Uint8Array.from({ length: 6 * 4096 + 77 }, (_, i) => (i * 167) & 255);
  const keys: ObjectKeys = {
    encryptionKey: bytes.subarray(0, 16),
    macKey: bytes.subarray(16, 48),
    commitment: bytes.subarray(48, 80),
    nonceBase: bytes.subarray(80, 88),
    wipe: () => {},
  };
  const out = Buffer.alloc(bytes.length + 7 * 32);
  crypto.seal(keys, { firstIndex: 0xfffffff0, chunkLength: 4096, isEnd: true }, bytes, out, 0);
  return Buffer.concat([out, crypto.digests([bytes, bytes.subarray(0, 119), bytes.subarray(0, 120)])]);
}
