import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { FieldPlace } from '../../ports/field-cipher';
import { createFakeKeyProvider, createSeededRandom } from '../../testing/fakes';
import { createFieldCipher } from './field-cipher';

const place: FieldPlace = { tenantId: 'h1', table: 'patient', column: 'name_sealed', rowId: 'p1' };
const cipher = () => createFieldCipher({ keyProvider: createFakeKeyProvider(), random: createSeededRandom() });
const invalid = { problem: { problem: 'sealed-object-invalid' } };

describe('a sealed field', () => {
  it.each(['', '张三', 'ZHANG^SAN=张^三=', '𠮷野家', 'x'.repeat(10_000)])('opens to what was sealed', async (text) => {
    const fields = cipher();
    const sealed = await fields.seal(place, text);
    expect(await fields.open(place, sealed)).toBe(text);
    expect(sealed.length).toBe(1 + 16 + Buffer.byteLength(text) + 16);
    if (text !== '') expect(Buffer.from(sealed).includes(Buffer.from(text))).toBe(false);
  });

  it('is never twice the same', async () => {
    const fields = cipher();
    expect(await fields.seal(place, '张三')).not.toEqual(await fields.seal(place, '张三'));
  });

  it.each(['tenantId', 'table', 'column', 'rowId'] as const)('is refused when moved to another %s', async (part) => {
    const fields = cipher();
    const sealed = await fields.seal(place, '张三');
    await expect(fields.open({ ...place, [part]: 'other' }, sealed)).rejects.toMatchObject(invalid);
  });

  it('is refused when its place’s parts are cut differently', async () => {
    const fields = createFieldCipher({
      // The same key for every column: only the tag tells the places apart.
      keyProvider: { ...createFakeKeyProvider(), derive: async () => new Uint8Array(32).fill(7) },
      random: createSeededRandom(),
    });
    const sealed = await fields.seal({ ...place, column: 'ab', rowId: 'c' }, '张三');
    await expect(fields.open({ ...place, column: 'a', rowId: 'bc' }, sealed)).rejects.toMatchObject(invalid);
  });

  it('is refused with any one bit changed, and when cut', async () => {
    const fields = cipher();
    const sealed = await fields.seal(place, '张三');
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = sealed.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(fields.open(place, changed)).rejects.toMatchObject(invalid);
    }
    for (let length = 0; length < sealed.length; length++) {
      await expect(fields.open(place, sealed.subarray(0, length))).rejects.toMatchObject(invalid);
    }
  });

  it('is SM4-CTR and HMAC-SM3 as the OpenSSL command line computes them', async () => {
    const root = new Uint8Array(32).fill(7);
    const fields = createFieldCipher({
      keyProvider: { ...createFakeKeyProvider(), derive: async () => root },
      random: createSeededRandom(),
    });
    const sealed = Buffer.from(await fields.seal(place, '张三'));
    const hmac = (key: Uint8Array, data: Uint8Array) =>
      Buffer.from(
        execFileSync(
          'openssl',
          ['dgst', '-sm3', '-mac', 'HMAC', '-macopt', `hexkey:${Buffer.from(key).toString('hex')}`, '-binary'],
          { input: data },
        ),
      );
    const cipherKey = hmac(root, Buffer.from('yingyun/field/SM4-CTR')).subarray(0, 16).toString('hex');
    const iv = sealed.subarray(1, 17).toString('hex');
    const plain = execFileSync('openssl', ['enc', '-d', '-sm4-ctr', '-K', cipherKey, '-iv', iv], {
      input: sealed.subarray(17, -16),
    });
    expect(plain.toString('utf8')).toBe('张三');
    const lengthPrefixed = ['h1', 'patient', 'name_sealed', 'p1'].flatMap((text) => [
      0,
      0,
      0,
      text.length,
      ...Buffer.from(text),
    ]);
    const tag = hmac(
      hmac(root, Buffer.from('yingyun/field/HMAC-SM3')),
      Buffer.from([...lengthPrefixed, ...sealed.subarray(0, -16)]),
    );
    expect(tag.subarray(0, 16)).toEqual(sealed.subarray(-16));
  });

  it('asks the key provider again after a failure', async () => {
    let isDown = true;
    const fake = createFakeKeyProvider();
    const fields = createFieldCipher({
      keyProvider: {
        ...fake,
        derive: (...name) => (isDown ? Promise.reject(new Error('down')) : fake.derive(...name)),
      },
      random: createSeededRandom(),
    });
    await expect(fields.seal(place, 'x')).rejects.toThrow('down');
    isDown = false;
    expect(await fields.open(place, await fields.seal(place, 'x'))).toBe('x');
  });
});

describe('blind indexes and name tokens', () => {
  it('are equal for equal identifiers of one hospital and column, whatever case and blanks', async () => {
    const fields = cipher();
    const index = await fields.blindIndex('h1', 'patient-id', ' p0012x ');
    expect(index).toMatch(/^[0-9a-f]{32}$/);
    expect(await fields.blindIndex('h1', 'patient-id', 'P0012X')).toBe(index);
    expect(await fields.blindIndex('h1', 'patient-id', 'P0012Y')).not.toBe(index);
    expect(await fields.blindIndex('h2', 'patient-id', 'P0012X')).not.toBe(index);
    expect(await fields.blindIndex('h1', 'share-token', 'P0012X')).not.toBe(index);
    expect(await fields.blindIndex('h1', 'patient-id', '  ')).toBe('');
  });

  it('find a name in one hospital and nothing in another', async () => {
    const fields = cipher();
    const stored = await fields.nameTokens('h1', 'ZHANG^SAN=张^三=');
    expect(stored.every((token) => /^[0-9a-f]{16}$/.test(token))).toBe(true);
    for (const query of ['张三', 'zhangsan', 'zs']) {
      const wanted = await fields.nameQueryTokens('h1', query);
      expect(wanted.length).toBeGreaterThan(0);
      expect(wanted.every((token) => stored.includes(token))).toBe(true);
    }
    const elsewhere = await fields.nameQueryTokens('h2', '张三');
    expect(elsewhere.some((token) => stored.includes(token))).toBe(false);
    expect(await fields.nameQueryTokens('h1', '%')).toEqual([]);
  });
});
