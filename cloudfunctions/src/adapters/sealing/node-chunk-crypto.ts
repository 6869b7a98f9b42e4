import { createCipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { sealedObjectInvalid, tagLength } from './cfe1-format';
import type { ChunkCrypto } from './chunk-crypto';
import { cutPlain, cutSealed } from './chunk-run';
import type { ObjectKeys } from './object-keys';

/** Chunk by chunk with OpenSSL: runs everywhere. */
export function createNodeChunkCrypto(): ChunkCrypto {
  return {
    kind: 'node',
    seal(keys, run, plain, out, at) {
      let to = at;
      for (const { index, isLast, bytes } of cutPlain(run, plain)) {
        const cipherText = cipher(keys, index).update(bytes);
        out.set(cipherText, to);
        out.set(tagOf(keys, index, isLast, cipherText), to + cipherText.length);
        to += cipherText.length + tagLength;
      }
    },
    open(keys, run, sealed, out, at) {
      let to = at;
      for (const { index, isLast, bytes } of cutSealed(run, sealed)) {
        const cipherText = bytes.subarray(0, bytes.length - tagLength);
        const tag = tagOf(keys, index, isLast, cipherText);
        if (!timingSafeEqual(tag, bytes.subarray(cipherText.length))) {
          throw sealedObjectInvalid(`tag of chunk ${index} does not match`);
        }
        out.set(cipher(keys, index).update(cipherText), to);
        to += cipherText.length;
      }
    },
    digests: (pieces) => Buffer.concat(pieces.map((piece) => createHash('sm3').update(piece).digest())),
  };
}

/** IV = nonce base (8) ‖ u32 chunk ‖ u32 0: a chunk has at most 2^16 blocks, so its counter never reaches the next chunk. */
function cipher(keys: ObjectKeys, index: number) {
  const iv = Buffer.alloc(16);
  iv.set(keys.nonceBase, 0);
  iv.writeUInt32BE(index, 8);
  return createCipheriv('sm4-ctr', keys.encryptionKey, iv); // counter mode: opening is the same
}

/** HMAC-SM3(Ka, u64 chunk ‖ u8 last ‖ u32 length ‖ ciphertext): order, end and length are all under the tag. */
function tagOf(keys: ObjectKeys, index: number, isLast: boolean, cipherText: Uint8Array): Uint8Array {
  const place = Buffer.alloc(13);
  place.writeUInt32BE(index, 4);
  place.writeUInt8(isLast ? 1 : 0, 8);
  place.writeUInt32BE(cipherText.length, 9);
  return createHmac('sm3', keys.macKey).update(place).update(cipherText).digest();
}
