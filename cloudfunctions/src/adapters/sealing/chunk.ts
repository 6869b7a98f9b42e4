import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { sealedObjectInvalid, tagLength } from './cfe1-format';
import type { ObjectKeys } from './object-keys';

/** Seals chunk `index` into `out` at `at`: SM4-CTR ciphertext, then its tag. `plain` may be a view; it is not kept. */
export function sealChunk(
  keys: ObjectKeys,
  index: number,
  isLast: boolean,
  plain: Uint8Array,
  out: Uint8Array,
  at: number,
): void {
  const cipherText = createCipheriv('sm4-ctr', keys.encryptionKey, counterBlock(keys, index)).update(plain);
  out.set(cipherText, at);
  out.set(tagOf(keys, index, isLast, cipherText), at + cipherText.length);
}

/** The plaintext of `sealed` (ciphertext ‖ tag). Decrypts only what its tag has proved; throws `sealed-object-invalid` otherwise. */
export function openChunk(keys: ObjectKeys, index: number, isLast: boolean, sealed: Uint8Array): Uint8Array {
  if (sealed.length < tagLength) throw sealedObjectInvalid(`chunk ${index} is cut`);
  const cipherText = sealed.subarray(0, sealed.length - tagLength);
  const tag = tagOf(keys, index, isLast, cipherText);
  if (!timingSafeEqual(tag, sealed.subarray(sealed.length - tagLength))) {
    throw sealedObjectInvalid(`tag of chunk ${index} does not match`);
  }
  return createDecipheriv('sm4-ctr', keys.encryptionKey, counterBlock(keys, index)).update(cipherText);
}

/** IV = nonce base (8) ‖ u32 chunk ‖ u32 0: a chunk has at most 2^16 blocks, so its counter never reaches the next chunk. */
function counterBlock(keys: ObjectKeys, index: number): Uint8Array {
  const iv = Buffer.alloc(16);
  iv.set(keys.nonceBase, 0);
  iv.writeUInt32BE(index, 8);
  return iv;
}

/** HMAC-SM3(Ka, u64 chunk ‖ u8 last ‖ u32 length ‖ ciphertext): order, end and length are all under the tag. */
function tagOf(keys: ObjectKeys, index: number, isLast: boolean, cipherText: Uint8Array): Uint8Array {
  const place = Buffer.alloc(13);
  place.writeUInt32BE(index, 4);
  place.writeUInt8(isLast ? 1 : 0, 8);
  place.writeUInt32BE(cipherText.length, 9);
  return createHmac('sm3', keys.macKey).update(place).update(cipherText).digest();
}
