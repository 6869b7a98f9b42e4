import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { unwrapKey, wrapKey } from './key-wrap';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('the key wrap', () => {
  it('gives the vector of RFC 3394 4.6 (256-bit key under a 256-bit AES key)', () => {
    const kek = hex('000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F');
    const key = hex('00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F');
    const wrapped = hex('28C9F404C4B810F4 CBCCB35CFB87F826 3F5786E2D80ED326 CBC7F0E71A99F43B FB988B9B7A02DD21');
    expect(Buffer.from(wrapKey('aes-256-ecb', kek, key))).toEqual(wrapped);
    expect(Buffer.from(unwrapKey('aes-256-ecb', kek, wrapped) ?? [])).toEqual(key);
  });

  it('over SM4 is what the OpenSSL command line gives block by block', () => {
    const kek = hex('0123456789abcdeffedcba9876543210');
    const key = Buffer.from(Array.from({ length: 16 }, (_, i) => i));
    // RFC 3394 2.2.1 in its indexing form, with `openssl enc -sm4-ecb` as the block cipher
    const r = [hex('A6A6A6A6A6A6A6A6'), key.subarray(0, 8), key.subarray(8)];
    for (let j = 0; j < 6; j++) {
      for (let i = 1; i <= 2; i++) {
        const input = Buffer.concat([r[0] ?? key, r[i] ?? key]);
        const b = execFileSync('openssl', ['enc', '-sm4-ecb', '-nopad', '-K', kek.toString('hex')], {
          input,
          timeout: 20_000,
        });
        r[0] = Buffer.from(b.subarray(0, 8));
        r[0].writeUInt8(r[0].readUInt8(7) ^ (2 * j + i), 7);
        r[i] = b.subarray(8);
      }
    }
    expect(Buffer.from(wrapKey('sm4-ecb', kek, key))).toEqual(Buffer.concat(r));
  });

  it('refuses a wrapped key with any bit changed, and another wrapping key', () => {
    const kek = randomBytes(16);
    const wrapped = wrapKey('sm4-ecb', kek, randomBytes(32));
    for (let bit = 0; bit < wrapped.length * 8; bit++) {
      const changed = Buffer.from(wrapped);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(unwrapKey('sm4-ecb', kek, changed)).toBeUndefined();
    }
    expect(unwrapKey('sm4-ecb', randomBytes(16), wrapped)).toBeUndefined();
    expect(unwrapKey('sm4-ecb', kek, wrapped.subarray(8))).toBeUndefined();
  });
});
