import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import type { RandomSource } from '../../ports/clock-and-random';

/**
 * Start-up self-check: the platform's SM3, HMAC-SM3 and SM4 give the answers of their standards, and the random source is alive.
 * Throws ProblemError `unexpected` that names what is missing or wrong; nothing may be sealed on such a machine.
 */
export function assertPlatformCrypto(random: RandomSource): void {
  const block = Buffer.from('0123456789abcdeffedcba9876543210', 'hex');
  // GB/T 32905-2016 A.1
  check('SM3', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0', () =>
    createHash('sm3').update('abc').digest('hex'),
  );
  // Checked against the OpenSSL command line (platform-crypto.test.ts)
  check('HMAC-SM3', '28d8a61be67d8bf7652c4eda7092b612f88be62184f55005c57ddf076e764199', () =>
    createHmac('sm3', block).update('abc').digest('hex'),
  );
  // GB/T 32907-2016 A.1: key and plaintext are the same 16 bytes
  check('SM4', '681edf34d206965e86b3e94f536e4246', () =>
    createCipheriv('sm4-ecb', block, null).setAutoPadding(false).update(block).toString('hex'),
  );
  // The first key-stream block of counter mode is the encrypted counter: the same vector, through the mode we seal with.
  check('SM4-CTR', '681edf34d206965e86b3e94f536e4246', () =>
    createCipheriv('sm4-ctr', block, block).update(Buffer.alloc(16)).toString('hex'),
  );
  const a = Buffer.from(random.bytes(32));
  const b = Buffer.from(random.bytes(32));
  if (a.length !== 32 || a.equals(b) || a.every((byte) => byte === a[0])) {
    throw new ProblemError(problem('unexpected', 'random source gives constant bytes'));
  }
}

function check(name: string, expected: string, compute: () => string): void {
  let actual: string;
  try {
    actual = compute();
  } catch (cause) {
    throw new ProblemError(problem('unexpected', `this platform has no ${name}`), { cause });
  }
  if (actual !== expected) throw new ProblemError(problem('unexpected', `this platform's ${name} gives wrong answers`));
}
