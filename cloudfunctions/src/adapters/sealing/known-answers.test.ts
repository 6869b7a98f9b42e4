import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCfe1Sealer } from './cfe1-sealer';

/** The two known-answer vectors of the format's reference. Only abbreviated parts (a0…af, 40…57) are written out here. */
const key = {
  keyId: 'a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf',
  bytes: Uint8Array.from({ length: 32 }, (_, i) => i),
};
const salt = Uint8Array.from({ length: 24 }, (_, i) => 0x40 + i);
const context = { tenantId: 'tenant', objectKey: 'obj/1', objectClass: 'dicom', generation: 1 } as const;
const hello = Buffer.from('hello cloud film');
const fives = Buffer.alloc(8197, 0x5a);
const helloSealed =
  '4346453101010c00a0a1a2a3a4a5a6a7a8a9aaabacadaeaf404142434445464748494a4b4c4d4e4f5051525354555657' +
  'e4ede5a0c42dc758a76073ea406ed21c239d8e5e5289075da92c3deb2a27cb92' +
  'dcf9ccca37950205dc9aeab692dc8d4f' +
  'ec573909f6e05f8e770cd79aebce8406248e6dc14ef6ddc6fe109d67fc10b5e3';
const fivesSm3 = 'eae365e6f949d80bf0c48b34e540d77f3950682bd6a60faa8a224ea301626a3b';

function sealWithFixedSalt(plain: Uint8Array) {
  const sealer = createCfe1Sealer({ random: { bytes: () => salt, uuid: () => '' } });
  return sealer.seal(key, context, plain, 12);
}

describe('CFE1 known answers', () => {
  it('seals "hello cloud film" to the reference bytes', () => {
    const { sealed, receipt } = sealWithFixedSalt(hello);
    expect(Buffer.from(sealed).toString('hex')).toBe(helloSealed);
    expect(receipt).toEqual({
      keyId: key.keyId,
      cipherLength: 128,
      plainLength: 16,
      commitment: 'e4ede5a0c42dc758a76073ea406ed21c239d8e5e5289075da92c3deb2a27cb92',
      plainSm3: opensslSm3(opensslSm3(hello)).toString('hex'), // one piece
    });
  });

  it('seals 8197 bytes of 0x5a to the reference length and digest', () => {
    const { sealed } = sealWithFixedSalt(fives);
    expect(sealed.length).toBe(8373);
    expect(createHash('sm3').update(sealed).digest('hex')).toBe(fivesSm3);
  });

  it('is reproduced byte for byte by the OpenSSL command line', () => {
    expect(sealWithOpenssl(hello).toString('hex')).toBe(helloSealed);
    const sealed = sealWithOpenssl(fives);
    expect(opensslSm3(sealed).toString('hex')).toBe(fivesSm3);
    expect(sealed.equals(Buffer.from(sealWithFixedSalt(fives).sealed))).toBe(true);
  });
});

// The second implementation: nothing below touches our code. Only the layout is written again; every primitive is `openssl`.

function openssl(args: string[], input: Uint8Array = Buffer.alloc(0)): Buffer {
  return execFileSync('openssl', args, { input, timeout: 20_000 });
}

function opensslSm3(bytes: Uint8Array): Buffer {
  return openssl(['dgst', '-sm3', '-binary'], bytes);
}

function opensslHmac(hexKey: string, bytes: Uint8Array): Buffer {
  return openssl(['dgst', '-sm3', '-mac', 'HMAC', '-macopt', `hexkey:${hexKey}`, '-binary'], bytes);
}

/** RFC 5869 2.3 out of HMACs: T(i) = HMAC(PRK, T(i-1) ‖ info ‖ i). */
function opensslExpand(hexKey: string, info: Uint8Array, length: number): Buffer {
  let previous: Buffer = Buffer.alloc(0);
  let out: Buffer = Buffer.alloc(0);
  for (let i = 1; out.length < length; i++) {
    previous = opensslHmac(hexKey, Buffer.concat([previous, info, Buffer.of(i)]));
    out = Buffer.concat([out, previous]);
  }
  return out.subarray(0, length);
}

function sealWithOpenssl(plain: Buffer): Buffer {
  const lp = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);
  const contextSm3 = opensslSm3(Buffer.concat([lp('tenant'), lp('obj/1'), lp('dicom'), lp('1')]));
  const bound = Buffer.from(helloSealed.slice(0, 96), 'hex');
  const info = Buffer.concat([Buffer.from('cloudfilm/CFE1/SM4-CTR+HMAC-SM3\0'), bound, contextSm3]);
  const hexKey = Buffer.from(key.bytes).toString('hex');
  const okm = opensslExpand(hexKey, info, 88);
  // OpenSSL's own HKDF agrees with the expansion made of HMACs.
  const kdf = ['kdf', '-keylen', '88', '-kdfopt', 'digest:SM3', '-kdfopt', 'mode:EXPAND_ONLY', '-binary'];
  expect(
    openssl([...kdf, '-kdfopt', `hexkey:${hexKey}`, '-kdfopt', `hexinfo:${info.toString('hex')}`, 'HKDF']),
  ).toEqual(okm);
  const cipherKey = okm.subarray(0, 16).toString('hex');
  const macKey = okm.subarray(16, 48).toString('hex');
  const parts = [bound, okm.subarray(48, 80)];
  const count = Math.floor(plain.length / 4096) + 1;
  for (let i = 0; i < count; i++) {
    const iv = Buffer.alloc(16);
    okm.copy(iv, 0, 80, 88);
    iv.writeUInt32BE(i, 8);
    const cipherText = openssl(
      ['enc', '-sm4-ctr', '-K', cipherKey, '-iv', iv.toString('hex')],
      plain.subarray(i * 4096, (i + 1) * 4096),
    );
    const place = Buffer.alloc(13);
    place.writeBigUInt64BE(BigInt(i), 0);
    place.writeUInt8(i === count - 1 ? 1 : 0, 8);
    place.writeUInt32BE(cipherText.length, 9);
    parts.push(cipherText, opensslHmac(macKey, Buffer.concat([place, cipherText])));
  }
  return Buffer.concat(parts);
}
