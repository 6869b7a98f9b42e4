import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import type { RandomSource } from '../../ports/clock-and-random';
import type { FieldCipher, FieldPlace } from '../../ports/field-cipher';
import type { DerivedKeyPurpose, KeyProvider } from '../../ports/sealing';
import { lengthPrefixed } from '../sealing/hkdf-sm3';
import { nameMatches, tokensOfName, tokensOfQuery } from './name-tokens';

const version = 1;
const ivLength = 16;
const tagLength = 16;
const overhead = 1 + ivLength + tagLength;

/**
 * Sealed fields: `01 ‖ iv(16) ‖ SM4-CTR(UTF-8 text) ‖ tag(16)`. One derived key per hospital, table and column gives, by HMAC-SM3
 * under the labels below, the SM4 key and the MAC key. The tag is the first 16 bytes of HMAC-SM3 over version, iv, place (hospital,
 * table, column, row, each with its length) and ciphertext. A ciphertext's length shows the text's length in bytes.
 *
 * Derived keys stay in memory as long as this cipher does, one for each hospital and column: a list opens hundreds of fields.
 */
export function createFieldCipher({
  keyProvider,
  random,
}: {
  keyProvider: KeyProvider;
  random: RandomSource;
}): FieldCipher {
  const derive = remember((tenantId: string, purpose: DerivedKeyPurpose, label: string) =>
    keyProvider.derive(tenantId, purpose, label),
  );
  const fieldKeys = remember(async (tenantId: string, name: string) =>
    splitKey(await keyProvider.derive(tenantId, 'field', name)),
  );
  const keysFor = ({ tenantId, table, column }: FieldPlace) => fieldKeys(tenantId, `${table}.${column}`);

  async function keyNameTokens(tenantId: string, tokens: readonly string[]): Promise<string[]> {
    if (tokens.length === 0) return [];
    const key = await derive(tenantId, 'name-token', 'patient-name');
    // 64 bits: a chance hit costs one needless opening (matches are verified), and the table is the largest there is.
    return tokens.map((token) => createHmac('sm3', key).update(token).digest('hex').slice(0, 16));
  }

  return {
    async seal(place, text) {
      const { cipherKey, macKey } = await keysFor(place);
      const iv = random.bytes(ivLength);
      const cipher = createCipheriv('sm4-ctr', cipherKey, iv);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      const head = Buffer.concat([Buffer.from([version]), iv, body]);
      return new Uint8Array(Buffer.concat([head, tagOf(macKey, place, head)]));
    },
    async open(place, sealed) {
      const refuse = () => new ProblemError(problem('sealed-object-invalid', `field ${place.table}.${place.column}`));
      if (sealed.length < overhead || sealed[0] !== version) throw refuse();
      const { cipherKey, macKey } = await keysFor(place);
      const head = sealed.subarray(0, sealed.length - tagLength);
      if (!timingSafeEqual(tagOf(macKey, place, head), sealed.subarray(sealed.length - tagLength))) throw refuse();
      const decipher = createDecipheriv('sm4-ctr', cipherKey, head.subarray(1, 1 + ivLength));
      return Buffer.concat([decipher.update(head.subarray(1 + ivLength)), decipher.final()]).toString('utf8');
    },
    async blindIndex(tenantId, column, text) {
      const normalised = text.trim().toUpperCase();
      if (normalised === '') return '';
      const key = await derive(tenantId, column === 'share-token' ? 'share-token' : 'blind-index', column);
      return createHmac('sm3', key).update(normalised).digest('hex').slice(0, 32);
    },
    nameTokens: (tenantId, name) => keyNameTokens(tenantId, tokensOfName(name)),
    nameQueryTokens: (tenantId, query) => keyNameTokens(tenantId, tokensOfQuery(query)),
    nameMatches,
  };
}

/** Asks once for each name, and again only where the answer failed. */
function remember<Name extends string[], Key>(ask: (...name: Name) => Promise<Key>): typeof ask {
  const known = new Map<string, Promise<Key>>();
  return (...name) => {
    const text = JSON.stringify(name);
    let key = known.get(text);
    if (key === undefined) {
      key = ask(...name);
      known.set(text, key);
      key.catch(() => known.delete(text)); // the provider may be back at the next call
    }
    return key;
  };
}

function splitKey(key: Uint8Array): { readonly cipherKey: Uint8Array; readonly macKey: Uint8Array } {
  const part = (label: string) => createHmac('sm3', key).update(label).digest();
  return { cipherKey: part('yingyun/field/SM4-CTR').subarray(0, 16), macKey: part('yingyun/field/HMAC-SM3') };
}

function tagOf(macKey: Uint8Array, place: FieldPlace, head: Uint8Array): Uint8Array {
  const bound = lengthPrefixed([place.tenantId, place.table, place.column, place.rowId]);
  return createHmac('sm3', macKey).update(bound).update(head).digest().subarray(0, tagLength);
}
