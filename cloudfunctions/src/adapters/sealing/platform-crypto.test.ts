import { execFileSync } from 'node:child_process';
import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { sm3, sm4 } from 'sm-crypto';
import { describe, expect, it } from 'vitest';
import { assertPlatformCrypto } from './platform-crypto';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)), uuid: randomUUID };

describe('the start-up check of the platform’s cryptography', () => {
  it('passes on this platform', () => {
    expect(() => assertPlatformCrypto(random)).not.toThrow();
  });

  it('holds the HMAC-SM3 value that the OpenSSL command line gives', () => {
    const options = ['dgst', '-sm3', '-mac', 'HMAC', '-macopt', 'hexkey:0123456789abcdeffedcba9876543210', '-binary'];
    const mac = execFileSync('openssl', options, { input: 'abc', timeout: 20_000 });
    expect(mac.toString('hex')).toBe('28d8a61be67d8bf7652c4eda7092b612f88be62184f55005c57ddf076e764199');
  });

  it('agrees with sm-crypto, an implementation of its own, on SM3 and SM4 of random bytes', () => {
    for (let i = 0; i < 50; i++) {
      const [key, text] = [randomBytes(16), randomBytes(16 * (1 + (i % 4)))];
      const cipher = createCipheriv('sm4-ecb', key, null).setAutoPadding(false);
      expect(cipher.update(text).toString('hex')).toBe(sm4.encrypt([...text], [...key], { padding: 'none' }));
      expect(createHash('sm3').update(text).digest('hex')).toBe(sm3([...text]));
    }
  });

  it('refuses a random source that stands still', () => {
    const still = { ...random, bytes: (length: number) => new Uint8Array(length).fill(7) };
    expect(() => assertPlatformCrypto(still)).toThrow(/random source/);
    const repeating = { ...random, bytes: (length: number) => Uint8Array.from({ length }, (_, i) => i) };
    expect(() => assertPlatformCrypto(repeating)).toThrow(/random source/);
  });
});
