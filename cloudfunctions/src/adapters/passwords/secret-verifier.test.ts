import { spawnSync } from 'node:child_process';
import { scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createFakeKeyProvider, createSeededRandom } from '../../testing/fakes';
import { createSecretVerifier } from './secret-verifier';

describe('verifiers of passwords and passcodes', () => {
  const keyProvider = createFakeKeyProvider();
  const secrets = createSecretVerifier({ keyProvider, random: createSeededRandom() });

  it('match their secret, in their row, for their kind, and nothing else', async () => {
    const verifier = await secrets.make('staff-password', 'staff-1', 'correct horse');
    expect(await secrets.matches('staff-password', 'staff-1', verifier, 'correct horse')).toBe(true);
    expect(await secrets.matches('staff-password', 'staff-1', verifier, 'correct horsf')).toBe(false);
    expect(await secrets.matches('staff-password', 'staff-2', verifier, 'correct horse')).toBe(false);
    expect(await secrets.matches('share-passcode', 'staff-1', verifier, 'correct horse')).toBe(false);
    expect(await secrets.matches('staff-password', 'staff-1', undefined, 'correct horse')).toBe(false);
    expect(await secrets.matches('staff-password', 'staff-1', 'scrypt$1$1$1$zz$zz', 'correct horse')).toBe(false);
  });

  it('can’t be guessed at without the key provider’s pepper', async () => {
    const verifier = await secrets.make('staff-password', 'staff-1', 'correct horse');
    const elsewhere = createSecretVerifier({
      keyProvider: { ...keyProvider, derive: async () => new Uint8Array(32) },
      random: createSeededRandom(),
    });
    expect(await elsewhere.matches('staff-password', 'staff-1', verifier, 'correct horse')).toBe(false);
  });

  it('are scrypt, then HMAC-SM3 as the OpenSSL command line computes it', async () => {
    const verifier = await secrets.make('share-passcode', 'share-1', 'ABCD1234');
    const [, logN, r, p, salt = '', mac] = verifier.split('$');
    const stretched = scryptSync('ABCD1234', Buffer.from(salt, 'hex'), 32, {
      N: 2 ** Number(logN),
      r: Number(r),
      p: Number(p),
    });
    const pepper = Buffer.from(await keyProvider.derive('platform', 'pepper', 'share-passcode')).toString('hex');
    const input = Buffer.concat([stretched, Buffer.from('share-1')]);
    const openssl = spawnSync('openssl', ['mac', '-digest', 'SM3', '-macopt', `hexkey:${pepper}`, 'HMAC'], {
      input,
      encoding: 'utf8',
    });
    expect(openssl.stdout.trim().toLowerCase()).toBe(mac);
  });

  it('never repeat: the same secret gives another verifier each time', async () => {
    const twice = [await secrets.make('share-passcode', 'a', 'x'), await secrets.make('share-passcode', 'a', 'x')];
    expect(twice[0]).not.toBe(twice[1]);
  });
});
