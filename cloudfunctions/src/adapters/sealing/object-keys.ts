import { createHash, timingSafeEqual } from 'node:crypto';
import type { SealContext } from '../../ports/sealing';
import { type Cfe1Header, sealedObjectInvalid } from './cfe1-format';
import { hkdfExpandSm3, lengthPrefixed } from './hkdf-sm3';

/** What one object is sealed with; lives in memory for the length of one call or stream and is then wiped. */
export interface ObjectKeys {
  readonly encryptionKey: Uint8Array;
  readonly macKey: Uint8Array;
  readonly commitment: Uint8Array;
  readonly nonceBase: Uint8Array;
  wipe(): void;
}

const purpose = Buffer.from('cloudfilm/CFE1/SM4-CTR+HMAC-SM3\0', 'latin1');

/**
 * OKM = HKDF-Expand-SM3(key, purpose ‖ header[0..48) ‖ SM3(context), 88) = Ke(16) ‖ Ka(32) ‖ commitment(32) ‖ nonce base(8).
 * The generation stands in the context as decimal text (the known-answer vectors fix this).
 */
export function deriveObjectKeys(key: Uint8Array, boundHeader: Uint8Array, context: SealContext): ObjectKeys {
  if (key.length !== 32) throw new RangeError(`a data key has 32 bytes, not ${key.length}`);
  const fields = [context.tenantId, context.objectKey, context.objectClass, String(context.generation)];
  const contextSm3 = createHash('sm3').update(lengthPrefixed(fields)).digest();
  const okm = hkdfExpandSm3(key, Buffer.concat([purpose, boundHeader, contextSm3]), 88);
  return {
    encryptionKey: okm.subarray(0, 16),
    macKey: okm.subarray(16, 48),
    commitment: okm.subarray(48, 80),
    nonceBase: okm.subarray(80, 88),
    wipe: () => okm.fill(0),
  };
}

/** The keys of an object that is to be opened, after the commitment has proved key and context. Throws `sealed-object-invalid`. */
export function keysForOpening(
  key: { readonly keyId: string; readonly bytes: Uint8Array },
  header: Cfe1Header,
  context: SealContext,
  expectedCommitment: string,
): ObjectKeys {
  if (header.keyId !== key.keyId) throw sealedObjectInvalid('sealed with another key');
  const keys = deriveObjectKeys(key.bytes, header.bound, context);
  const expected = Buffer.from(expectedCommitment, 'hex');
  const isProved =
    timingSafeEqual(keys.commitment, header.commitment) &&
    expected.length === keys.commitment.length &&
    timingSafeEqual(keys.commitment, expected);
  if (!isProved) {
    keys.wipe();
    throw sealedObjectInvalid('commitment does not match key, context and receipt');
  }
  return keys;
}
