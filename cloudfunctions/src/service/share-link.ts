import { shareToken } from '@yingyun/shared/contract/route-contract';
import * as v from 'valibot';
import type { ApiPorts } from './api-ports';
import { platformTenant } from './api-ports';

/** Crockford base32: no I, L, O, U. */
const passcodeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 128 random bits as 22 characters, and 40 random bits as a passcode of 8. */
export function newShareSecrets(random: ApiPorts['random']): { readonly token: string; readonly passcode: string } {
  const token = Buffer.from(random.bytes(16)).toString('base64url');
  const passcode = Array.from(random.bytes(8), (byte) => passcodeAlphabet[byte & 31]).join('');
  return { token, passcode };
}

/**
 * How a link's row is found: a keyed hash, never the token. The blind index ignores case, a token does not: it is indexed in
 * hex. Undefined where the text is no token; '' bytes decide nothing else.
 */
export async function shareTokenIndex(ports: Pick<ApiPorts, 'fields'>, token: string): Promise<string | undefined> {
  if (!v.is(shareToken, token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.toString('base64url') !== token) return undefined;
  return ports.fields.blindIndex(platformTenant, 'share-token', bytes.toString('hex'));
}
