import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataKey, SealContext, SealReceipt } from '../../ports/sealing';
import { sm3OfPieces } from '../../testing/sm3-of-pieces';
import { createCfe1Sealer } from './cfe1-sealer';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)), uuid: randomUUID };
const sealer = createCfe1Sealer({ random });
const context: SealContext = { tenantId: 't1', objectKey: 'o/1', objectClass: 'dicom', generation: 1 };
const chunk = 4096;
const headerLength = 80;
const stride = chunk + 32;

const newKey = (): DataKey => ({ keyId: randomUUID(), bytes: random.bytes(32) });
const invalid = expect.objectContaining({ problem: expect.objectContaining({ problem: 'sealed-object-invalid' }) });

function rangeOf(sealed: Uint8Array) {
  const requests: { offset: number; length: number }[] = [];
  const read = async (offset: number, length: number) => {
    requests.push({ offset, length });
    return sealed.subarray(offset, offset + length);
  };
  return { read, requests };
}

/** Both ways of opening must refuse. */
async function expectRefused(
  key: DataKey,
  where: SealContext,
  sealed: Uint8Array,
  receipt: SealReceipt,
  start = 0,
  length = 1,
) {
  expect(() => sealer.open(key, where, sealed, receipt)).toThrow(invalid);
  await expect(sealer.openRange(key, where, receipt, rangeOf(sealed).read, start, length)).rejects.toEqual(invalid);
}

describe('a sealed object', () => {
  it.each([0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk - 1, 2 * chunk, 2 * chunk + 1, 5 * chunk])(
    'of %i bytes opens to the same bytes and has the length the format says',
    (length) => {
      const key = newKey();
      const plain = random.bytes(length);
      const { sealed, receipt } = sealer.seal(key, context, plain, 12);
      expect(sealed.length).toBe(80 + length + 32 * (Math.floor(length / chunk) + 1));
      expect(receipt).toMatchObject({ cipherLength: sealed.length, plainLength: length, keyId: key.keyId });
      expect(Buffer.from(sealer.open(key, context, sealed, receipt)).equals(Buffer.from(plain))).toBe(true);
      expect(sealer.keyIdOf(sealed)).toBe(key.keyId);
    },
  );

  it('is the same length and opens alike however its plaintext came in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(3 * chunk), { maxLength: 8 }),
        fc.constantFrom(12, 13, 16),
        (pieceLengths, log2Chunk) => {
          const key = newKey();
          const pieces = pieceLengths.map((length) => random.bytes(length));
          const stream = sealer.startSealing(key, context, log2Chunk);
          const parts: Uint8Array[] = [];
          for (const piece of pieces) {
            parts.push(stream.update(piece));
            const taken = Math.floor(
              pieces.slice(0, pieces.indexOf(piece) + 1).reduce((n, p) => n + p.length, 0) / 2 ** log2Chunk,
            );
            expect(parts.reduce((n, part) => n + part.length, 0)).toBe(headerLength + taken * (2 ** log2Chunk + 32));
          }
          const { sealed: end, receipt } = stream.finish();
          const sealed = Buffer.concat([...parts, end]);
          expect(receipt.cipherLength).toBe(sealed.length);
          expect(Buffer.from(sealer.open(key, context, sealed, receipt)).equals(Buffer.concat(pieces))).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('gives any range and reads no more than the range, the header, the last chunk and two chunks between', async () => {
    const length = fc.nat(20 * chunk);
    await fc.assert(
      fc.asyncProperty(length, fc.nat(), fc.nat(), async (plainLength, a, b) => {
        const key = newKey();
        const plain = random.bytes(plainLength);
        const { sealed, receipt } = sealer.seal(key, context, plain, 12);
        const start = a % (plainLength + 1);
        const wanted = b % (plainLength - start + 1);
        const { read, requests } = rangeOf(sealed);
        const got = await sealer.openRange(key, context, receipt, read, start, wanted);
        expect(Buffer.from(got).equals(Buffer.from(plain.subarray(start, start + wanted)))).toBe(true);
        const touched = Math.floor((start + Math.max(1, wanted) - 1) / chunk) - Math.floor(start / chunk) + 1;
        const read_ = requests.reduce((sum, request) => sum + request.length, 0);
        expect(read_).toBeLessThanOrEqual(headerLength + (touched + 3) * stride);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a range outside its plaintext', async () => {
    const key = newKey();
    const { sealed, receipt } = sealer.seal(key, context, random.bytes(100), 12);
    await expect(sealer.openRange(key, context, receipt, rangeOf(sealed).read, 90, 11)).rejects.toThrow(RangeError);
    await expect(sealer.openRange(key, context, receipt, rangeOf(sealed).read, -1, 1)).rejects.toThrow(RangeError);
  });

  it('never repeats: the same bytes sealed twice share no ciphertext', () => {
    const key = newKey();
    const plain = Buffer.alloc(chunk);
    const a = sealer.seal(key, context, plain, 12).sealed;
    const b = sealer.seal(key, context, plain, 12).sealed;
    expect(Buffer.from(a.subarray(48)).equals(Buffer.from(b.subarray(48)))).toBe(false);
    expect(Buffer.from(a.subarray(80, 112)).equals(Buffer.from(b.subarray(80, 112)))).toBe(false);
  });

  it('is not made at all from a random source that repeats itself', () => {
    const still = createCfe1Sealer({ random: { ...random, bytes: (length) => new Uint8Array(length).fill(9) } });
    still.seal(newKey(), context, Buffer.of(1));
    expect(() => still.seal(newKey(), context, Buffer.of(1))).toThrow(/repeats/);
  });
});

describe('a digest of pieces', () => {
  it('is SM3 over the SM3 of each 64 KiB, however the bytes came in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200_000), { maxLength: 5 }), (lengths) => {
        const parts = lengths.map((length) => randomBytes(length));
        const digest = sealer.startDigest();
        for (const part of parts) digest.update(part);
        expect(digest.end()).toBe(sm3OfPieces(Buffer.concat(parts)));
      }),
      { numRuns: 60 },
    );
  });

  it('is of its own bytes only, where several are under way', () => {
    const [a, b] = [randomBytes(300_000), randomBytes(300_000)];
    const [first, second] = [sealer.startDigest(), sealer.startDigest()];
    for (let at = 0; at < a.length; at += 1000) {
      first.update(a.subarray(at, at + 1000));
      second.update(b.subarray(at, at + 1000));
    }
    expect([first.end(), second.end()]).toEqual([sm3OfPieces(a), sm3OfPieces(b)]);
  });
});

describe('a sealed object that was tampered with', () => {
  const key = newKey();
  const plain = random.bytes(3 * chunk + 100);
  const { sealed, receipt } = sealer.seal(key, context, plain, 12);
  const open = (bytes: Uint8Array, expected: SealReceipt = receipt, where = context, by = key) =>
    sealer.open(by, where, bytes, expected);

  it('is refused for a bit flipped anywhere', () => {
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(() => open(changed)).toThrow(invalid);
      }),
      { numRuns: 400 },
    );
  });

  it('is refused for a bit flipped in any byte of the header, by range too', async () => {
    for (let at = 0; at < headerLength; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expectRefused(key, context, changed, receipt);
    }
  });

  it('is refused by range for a bit flipped in a chunk of the range, and in no other', async () => {
    const changed = Buffer.from(sealed);
    changed[headerLength + stride + 5] = (changed[headerLength + stride + 5] ?? 0) ^ 0x40;
    const { read } = rangeOf(changed);
    await expect(sealer.openRange(key, context, receipt, read, chunk, 10)).rejects.toEqual(invalid);
    await expect(sealer.openRange(key, context, receipt, read, 0, 10)).resolves.toHaveLength(10);
  });

  it('is refused at every truncation, whole and by a range of an untouched first chunk', async () => {
    const lengths = [
      0,
      1,
      47,
      79,
      80,
      81,
      111,
      112,
      headerLength + stride,
      headerLength + 2 * stride,
      headerLength + 3 * stride,
    ];
    for (const length of [...lengths, sealed.length - 33, sealed.length - 32, sealed.length - 1]) {
      await expectRefused(key, context, sealed.subarray(0, length), receipt);
    }
  });

  it('is refused when cut at a chunk boundary even if the receipt was forged to the shorter length', async () => {
    const cut = sealed.subarray(0, headerLength + 2 * stride);
    const forged = { ...receipt, cipherLength: cut.length, plainLength: 2 * chunk - 32 };
    await expectRefused(key, context, cut, forged);
  });

  it('is refused when extended, or with a chunk doubled', () => {
    expect(() => open(Buffer.concat([sealed, Buffer.of(0)]))).toThrow(invalid);
    const first = sealed.subarray(headerLength, headerLength + stride);
    const doubled = Buffer.concat([sealed.subarray(0, headerLength), first, sealed.subarray(headerLength)]);
    expect(() => open(doubled)).toThrow(invalid);
    expect(() => open(doubled, { ...receipt, cipherLength: doubled.length })).toThrow(invalid);
  });

  it('is refused with its chunks in another order', async () => {
    const swapped = Buffer.from(sealed);
    swapped.set(sealed.subarray(headerLength, headerLength + stride), headerLength + stride);
    swapped.set(sealed.subarray(headerLength + stride, headerLength + 2 * stride), headerLength);
    await expectRefused(key, context, swapped, receipt);
  });

  it('is refused with a chunk spliced in from another object under the same key', async () => {
    const other = sealer.seal(key, context, random.bytes(plain.length), 12).sealed;
    const spliced = Buffer.from(sealed);
    spliced.set(other.subarray(headerLength, headerLength + stride), headerLength);
    await expectRefused(key, context, spliced, receipt);
  });

  it('is refused under another tenant, object key, class, generation or data key', async () => {
    await expectRefused(key, { ...context, tenantId: 't2' }, sealed, receipt);
    await expectRefused(key, { ...context, objectKey: 'o/2' }, sealed, receipt);
    await expectRefused(key, { ...context, objectClass: 'rendition' }, sealed, receipt);
    await expectRefused(key, { ...context, generation: 2 }, sealed, receipt);
    await expectRefused({ ...key, bytes: random.bytes(32) }, context, sealed, receipt);
    await expectRefused({ ...key, keyId: randomUUID() }, context, sealed, receipt);
  });

  it('is refused where a field boundary moved from the object key to the tenant', async () => {
    await expectRefused(key, { ...context, tenantId: 't1o', objectKey: '/1' }, sealed, receipt);
  });

  it('is refused when an older valid object was put back in its place', async () => {
    const older = sealer.seal(key, context, plain, 12);
    await expectRefused(key, context, older.sealed, receipt);
    await expectRefused(key, context, sealed, { ...receipt, commitment: '' });
  });

  it('is refused by range where the receipt states another plaintext length', async () => {
    const { read } = rangeOf(sealed);
    const forged = { ...receipt, plainLength: receipt.plainLength - 1 };
    await expect(sealer.openRange(key, context, forged, read, 0, 1)).rejects.toEqual(invalid);
  });

  it('is a parse that survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(() => open(bytes, { ...receipt, cipherLength: bytes.length })).toThrow(invalid);
        const headed = Buffer.concat([sealed.subarray(0, headerLength), bytes]);
        expect(() => open(headed, { ...receipt, cipherLength: headed.length })).toThrow(invalid);
      }),
      { numRuns: 500 },
    );
  });
});
