import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { KeyProvider } from '../../ports/sealing';
import { createPowerLossDisk } from '../files/power-loss-files';
import { openKeyRing } from './journalled-key-ring';
import { openSoftKeyProvider } from './soft-key-provider';
import { UnwrappedKeyCache } from './unwrapped-key-cache';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)), uuid: randomUUID };
const unavailable = expect.objectContaining({ problem: expect.objectContaining({ problem: 'key-unavailable' }) });

function fixture() {
  const disk = createPowerLossDisk(() => 0);
  const clock = { at: Date.UTC(2026, 2, 1, 23, 59), now: () => new Date(clock.at) };
  const calls = { wrap: 0, unwrap: 0 };
  async function open(maxUnwrapped = 100) {
    const files = disk.mount();
    const soft = await openSoftKeyProvider({ files, folder: '/keys', random });
    const provider: KeyProvider = {
      ...soft,
      wrap: (...args) => (calls.wrap++, soft.wrap(...args)),
      unwrap: (...args) => (calls.unwrap++, soft.unwrap(...args)),
    };
    return openKeyRing({ files, folder: '/keys', provider, random, clock, maxUnwrapped });
  }
  return { disk, clock, calls, open };
}

describe('the key ring', () => {
  it('makes exactly one key where many ask for a study at once, and gives it again after a power loss', async () => {
    const { disk, calls, open } = fixture();
    const ring = await open();
    const keys = await Promise.all(Array.from({ length: 50 }, () => ring.studyKey('t1', '1.2.3')));
    expect(new Set(keys.map((key) => key.keyId)).size).toBe(1);
    expect(calls.wrap).toBe(1);
    disk.losePower();
    const again = await open();
    expect(await again.studyKey('t1', '1.2.3')).toEqual(keys[0]);
    expect(await again.keyById('t1', keys[0]?.keyId ?? '')).toEqual(keys[0]);
    expect(calls.wrap).toBe(1);
  });

  it('has a key of its own for every study and every tenant', async () => {
    const ring = await fixture().open();
    const keys = await Promise.all([
      ring.studyKey('t1', '1.2'),
      ring.studyKey('t1', '1.3'),
      ring.studyKey('t2', '1.2'),
    ]);
    expect(new Set(keys.map((key) => Buffer.from(key.bytes).toString('hex'))).size).toBe(3);
  });

  it('has one spool key a tenant and UTC day', async () => {
    const { clock, open } = fixture();
    const ring = await open();
    const today = await ring.spoolKey('t1');
    expect(await ring.spoolKey('t1')).toEqual(today);
    expect((await ring.spoolKey('t2')).keyId).not.toBe(today.keyId);
    clock.at += 2 * 60_000;
    expect((await ring.spoolKey('t1')).keyId).not.toBe(today.keyId);
    expect(await ring.keyById('t1', today.keyId)).toEqual(today);
  });

  it('refuses an unknown key, and a key asked for by another tenant', async () => {
    const ring = await fixture().open();
    const { keyId } = await ring.studyKey('t1', '1.2');
    await expect(ring.keyById('t2', keyId)).rejects.toEqual(unavailable);
    await expect(ring.keyById('t1', randomUUID())).rejects.toEqual(unavailable);
  });

  it('gives nobody a key that did not become durable', async () => {
    const { disk, open } = fixture();
    const ring = await open();
    disk.failNth('write', 1, 'ENOSPC');
    await expect(ring.studyKey('t1', '1.2')).rejects.toThrow('out-of-space');
    const { keyId } = await ring.studyKey('t1', '1.2');
    disk.losePower();
    expect((await (await open()).studyKey('t1', '1.2')).keyId).toBe(keyId);
  });

  it('keeps few keys unwrapped and not for long', async () => {
    const { clock, calls, open } = fixture();
    const ring = await open(2);
    for (const study of ['1.1', '1.2', '1.3']) await ring.studyKey('t1', study);
    await ring.studyKey('t1', '1.3');
    expect(calls.unwrap).toBe(0);
    await ring.studyKey('t1', '1.1');
    expect(calls.unwrap).toBe(1);
    clock.at += 11 * 60_000;
    await ring.studyKey('t1', '1.1');
    expect(calls.unwrap).toBe(2);
  });
});

describe('the cache of unwrapped keys', () => {
  it('wipes its own copy of a key that leaves, and not the one it gave out', () => {
    const cache = new UnwrappedKeyCache({ now: () => new Date(0) }, 1, 1000);
    cache.put('a', Uint8Array.of(1, 2, 3));
    const given = cache.get('a');
    cache.put('b', Uint8Array.of(4));
    expect(cache.get('a')).toBeUndefined();
    expect(given).toEqual(Uint8Array.of(1, 2, 3));
    cache.clear();
    expect(cache.get('b')).toBeUndefined();
  });
});
