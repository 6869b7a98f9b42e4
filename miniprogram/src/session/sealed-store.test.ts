import { createDecipheriv, randomBytes as nodeRandom } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSealedStore } from './sealed-store';

function device() {
  const kept = new Map<string, string>();
  const texts = {
    read: async (key: string) => kept.get(key) ?? null,
    write: async (key: string, text: string) => void kept.set(key, text),
    remove: async (key: string) => void kept.delete(key),
  };
  return { kept, store: createSealedStore(texts, async (count) => [...nodeRandom(count)]) };
}

describe('what is kept on the device', () => {
  const value = { films: [{ nameMasked: '张*华', examItem: '胸部 CT 平扫' }] };

  it('comes back as it was, and lies there unreadable', async () => {
    const { kept, store } = device();
    await store.write('films', value);
    expect(await store.read('films')).toEqual(value);
    expect(kept.get('films')).toMatch(/^[0-9a-f]+$/);
  });

  it('is SM4-CBC: OpenSSL opens it with the device key', async () => {
    const { kept, store } = device();
    await store.write('films', value);
    const sealed = Buffer.from(kept.get('films') ?? '', 'hex');
    const key = Buffer.from(kept.get('yingyun.device-key') ?? '', 'hex');
    const opening = createDecipheriv('sm4-cbc', key, sealed.subarray(0, 16));
    const opened = Buffer.concat([opening.update(sealed.subarray(16)), opening.final()]);
    expect(JSON.parse(opened.toString('utf8'))).toEqual(value);
  });

  it('is sealed anew each time', async () => {
    const { kept, store } = device();
    await store.write('films', value);
    const first = kept.get('films');
    await store.write('films', value);
    expect(kept.get('films')).not.toBe(first);
  });

  it('is nothing where it was damaged, or its key is gone', async () => {
    const { kept, store } = device();
    await store.write('films', value);
    kept.set('films', `${kept.get('films')?.slice(0, -2)}zz`);
    expect(await store.read('films')).toBeNull();
    await store.write('films', value);
    kept.delete('yingyun.device-key');
    expect(await store.read('films')).toBeNull();
  });
});
