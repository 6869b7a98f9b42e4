import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPowerLossDisk } from '../files/power-loss-files';
import { openSoftKeyProvider } from './soft-key-provider';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)), uuid: randomUUID };
const unavailable = expect.objectContaining({ problem: expect.objectContaining({ problem: 'key-unavailable' }) });
const diskFiles = () => createPowerLossDisk(() => 0).mount();
const openIn = (files: ReturnType<typeof diskFiles>) => openSoftKeyProvider({ files, folder: '/keys', random });

describe('the soft key provider', () => {
  it('unwraps what it wrapped, also when opened again, and another folder’s provider does not', async () => {
    const files = diskFiles();
    const key = random.bytes(32);
    const keyId = randomUUID();
    const wrapped = await (await openIn(files)).wrap('t1', 'object', keyId, key);
    expect(await (await openIn(files)).unwrap('t1', 'object', keyId, wrapped)).toEqual(key);
    await expect((await openIn(diskFiles())).unwrap('t1', 'object', keyId, wrapped)).rejects.toEqual(unavailable);
  });

  it('binds a wrapped key to its tenant, purpose and id, and notices every changed bit', async () => {
    const provider = await openIn(diskFiles());
    const keyId = randomUUID();
    const wrapped = await provider.wrap('t1', 'object', keyId, random.bytes(32));
    await expect(provider.unwrap('t2', 'object', keyId, wrapped)).rejects.toEqual(unavailable);
    await expect(provider.unwrap('t1', 'spool', keyId, wrapped)).rejects.toEqual(unavailable);
    await expect(provider.unwrap('t1', 'object', randomUUID(), wrapped)).rejects.toEqual(unavailable);
    for (let at = 0; at < wrapped.length; at++) {
      const changed = Buffer.from(wrapped);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      await expect(provider.unwrap('t1', 'object', keyId, changed)).rejects.toEqual(unavailable);
      await expect(provider.unwrap('t1', 'object', keyId, wrapped.subarray(0, at))).rejects.toEqual(unavailable);
    }
  });

  it('derives the same 32 bytes again for one purpose, and others for every other', async () => {
    const files = diskFiles();
    const first = await openIn(files);
    const second = await openIn(files);
    const key = await first.derive('t1', 'field', 'name');
    expect(key).toHaveLength(32);
    expect(await second.derive('t1', 'field', 'name')).toEqual(key);
    const others = await Promise.all([
      first.derive('t2', 'field', 'name'),
      first.derive('t1', 'audit', 'name'),
      first.derive('t1', 'field', 'birth-date'),
      first.derive('t1f', 'field', 'ame'),
    ]);
    expect(new Set([key, ...others].map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(5);
  });

  it('never begins with a new root where the old one is lost or damaged', async () => {
    const files = diskFiles();
    await openIn(files);
    await (await files.create('/keys/keys-000000000000001.log')).write(Buffer.from('x'));
    await files.truncate('/keys/root.key', 20);
    await expect(openIn(files)).rejects.toEqual(unavailable);
    await files.remove('/keys/root.key');
    await expect(openIn(files)).rejects.toEqual(unavailable);
    expect(await files.list('/keys')).toEqual(['keys-000000000000001.log']);
  });
});
