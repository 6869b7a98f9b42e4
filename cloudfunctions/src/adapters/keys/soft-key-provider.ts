import { createHmac, timingSafeEqual } from 'node:crypto';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import type { RandomSource } from '../../ports/clock-and-random';
import type { DurableFiles } from '../../ports/durable-files';
import type { KeyProvider } from '../../ports/sealing';
import { hkdfExpandSm3, lengthPrefixed } from '../sealing/hkdf-sm3';
import { unwrapKey, wrapKey } from './key-wrap';
import { readOrMakeRootKey } from './root-key';

/** Wrapped form: version (1) ‖ epoch (u32) ‖ RFC 3394 wrap over SM4 (key + 8) ‖ HMAC-SM3 (32). */
const version = 1;
const epoch = 1;
const headLength = 5;
const macLength = 32;

type WrapPurpose = 'object' | 'spool';

/**
 * The key provider of the demo profile: a root in a file, everything else derived from it by HKDF-SM3, one key-encryption key a
 * tenant and purpose. RFC 3394 alone has 64 bits of integrity and binds nothing, so an HMAC binds key id, tenant, purpose and epoch.
 * `unwrap` throws ProblemError `key-unavailable` where anything was changed or moved.
 */
export async function openSoftKeyProvider(options: {
  readonly files: DurableFiles;
  readonly folder: string;
  readonly random: RandomSource;
}): Promise<KeyProvider> {
  const root = await readOrMakeRootKey(options);

  function wrappingKeys(tenantId: string, purpose: WrapPurpose): { kek: Uint8Array; mac: Uint8Array; wipe(): void } {
    const info = Buffer.concat([Buffer.from('yingyun/kek/1\0'), lengthPrefixed([tenantId, purpose, String(epoch)])]);
    const bytes = hkdfExpandSm3(root, info, 48);
    return { kek: bytes.subarray(0, 16), mac: bytes.subarray(16), wipe: () => bytes.fill(0) };
  }

  async function wrap(tenantId: string, purpose: WrapPurpose, keyId: string, key: Uint8Array): Promise<Uint8Array> {
    const keys = wrappingKeys(tenantId, purpose);
    try {
      const head = Buffer.alloc(headLength);
      head.writeUInt8(version, 0);
      head.writeUInt32BE(epoch, 1);
      const body = Buffer.concat([head, wrapKey('sm4-ecb', keys.kek, key)]);
      return Buffer.concat([body, macOf(keys.mac, tenantId, purpose, keyId, body)]);
    } finally {
      keys.wipe();
    }
  }

  async function unwrap(
    tenantId: string,
    purpose: WrapPurpose,
    keyId: string,
    wrapped: Uint8Array,
  ): Promise<Uint8Array> {
    const body = Buffer.from(wrapped.subarray(0, Math.max(0, wrapped.length - macLength)));
    if (body.length < headLength || body[0] !== version || body.readUInt32BE(1) !== epoch) throw unavailable(keyId);
    const keys = wrappingKeys(tenantId, purpose);
    try {
      const mac = macOf(keys.mac, tenantId, purpose, keyId, body);
      if (!timingSafeEqual(mac, wrapped.subarray(body.length))) throw unavailable(keyId);
      const key = unwrapKey('sm4-ecb', keys.kek, body.subarray(headLength));
      if (key === undefined) throw unavailable(keyId);
      return key;
    } finally {
      keys.wipe();
    }
  }

  return {
    kind: 'soft',
    wrap,
    unwrap,
    derive: async (tenantId, purpose, label) => {
      const info = Buffer.concat([Buffer.from('yingyun/derive/1\0'), lengthPrefixed([tenantId, purpose, label])]);
      return hkdfExpandSm3(root, info, 32);
    },
  };
}

function macOf(macKey: Uint8Array, tenantId: string, purpose: string, keyId: string, body: Uint8Array): Uint8Array {
  return createHmac('sm3', macKey)
    .update(lengthPrefixed([keyId, tenantId, purpose]))
    .update(body)
    .digest();
}

function unavailable(keyId: string): ProblemError {
  return new ProblemError(problem('key-unavailable', `key ${keyId} can't be unwrapped`));
}
