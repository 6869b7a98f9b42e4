import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';

/** Block ciphers of the key wrap: SM4 is ours; AES is there so that the RFC's own vectors can test the construction. */
export type WrapCipher = 'sm4-ecb' | 'aes-256-ecb';

const initialValue = Buffer.alloc(8, 0xa6);

/** RFC 3394 2.2.1 over a 128-bit block cipher: `key` (a multiple of 8 bytes, 16 or more) becomes 8 bytes longer. */
export function wrapKey(cipher: WrapCipher, wrappingKey: Uint8Array, key: Uint8Array): Uint8Array {
  if (key.length < 16 || key.length % 8 !== 0) throw new RangeError(`a key of ${key.length} bytes can't be wrapped`);
  const block = createCipheriv(cipher, wrappingKey, null).setAutoPadding(false);
  const out = Buffer.concat([initialValue, key]);
  const n = key.length / 8;
  for (let j = 0; j < 6; j++) {
    for (let i = 1; i <= n; i++) {
      const b = block.update(Buffer.concat([out.subarray(0, 8), out.subarray(8 * i, 8 * i + 8)]));
      b.writeUInt32BE((b.readUInt32BE(4) ^ (n * j + i)) >>> 0, 4);
      out.set(b.subarray(0, 8), 0);
      out.set(b.subarray(8, 16), 8 * i);
    }
  }
  return out;
}

/** RFC 3394 2.2.2. Undefined where the integrity value does not come out. */
export function unwrapKey(cipher: WrapCipher, wrappingKey: Uint8Array, wrapped: Uint8Array): Uint8Array | undefined {
  if (wrapped.length < 24 || wrapped.length % 8 !== 0) return undefined;
  const block = createDecipheriv(cipher, wrappingKey, null).setAutoPadding(false);
  const out = Buffer.from(wrapped);
  const n = wrapped.length / 8 - 1;
  for (let j = 5; j >= 0; j--) {
    for (let i = n; i >= 1; i--) {
      out.writeUInt32BE((out.readUInt32BE(4) ^ (n * j + i)) >>> 0, 4);
      const b = block.update(Buffer.concat([out.subarray(0, 8), out.subarray(8 * i, 8 * i + 8)]));
      out.set(b.subarray(0, 8), 0);
      out.set(b.subarray(8, 16), 8 * i);
    }
  }
  const key = new Uint8Array(out.subarray(8));
  const isWhole = timingSafeEqual(out.subarray(0, 8), initialValue);
  out.fill(0);
  return isWhole ? key : undefined;
}
