import { createHmac } from 'node:crypto';

/**
 * HKDF-Expand (RFC 5869 2.3) with HMAC-SM3. The extract step is left out: every key we expand is uniformly random already.
 * @param key 32 or more secret bytes (PRK)
 * @param info what the output is for
 * @param length bytes wanted, 1 … 8160
 */
export function hkdfExpandSm3(key: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const blocks = Math.ceil(length / 32);
  if (length < 1 || blocks > 255) throw new RangeError(`HKDF cannot give ${length} bytes`);
  const out = new Uint8Array(blocks * 32);
  let previous = new Uint8Array(0);
  for (let i = 1; i <= blocks; i++) {
    const block = createHmac('sm3', key).update(previous).update(info).update(Uint8Array.of(i)).digest();
    out.set(block, (i - 1) * 32);
    previous = block;
  }
  const wanted = out.slice(0, length);
  out.fill(0);
  previous.fill(0);
  return wanted;
}

/** Fields joined so that no boundary can move: each as u32 length (big-endian), then its UTF-8 bytes. */
export function lengthPrefixed(fields: readonly string[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap((field) => {
      const bytes = Buffer.from(field, 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
