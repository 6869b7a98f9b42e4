import type { PatientSignedIn } from '@yingyun/shared/contract/patient-routes';
import { insertRefreshToken } from '../../adapters/database/refresh-tokens';
import type { Queryable } from '../../ports/database';
import { type ApiPorts, platformTenant } from '../api-ports';

const accessMs = 15 * 60_000;
/** A session that isn't renewed for so long is over. */
const idleMs = 30 * 86_400_000;
/** No session lives longer, however often it is renewed: then the phone is proved again, well before it can be somebody else's (let-links-lapse.ts). */
export const sessionMs = 60 * 86_400_000;

/** How a refresh token's row is found. The blind index ignores case, a token does not: it is indexed in hex (see share-link.ts). */
export async function refreshTokenIndex(ports: Pick<ApiPorts, 'fields'>, token: string): Promise<string | undefined> {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== 32 || bytes.toString('base64url') !== token) return undefined;
  return ports.fields.blindIndex(platformTenant, 'refresh-token', bytes.toString('hex'));
}

/** A fresh pair of tokens for a session, given for the refresh token `predecessorId`; only the new one's keyed index is kept. */
export async function issueTokens(
  ports: Pick<ApiPorts, 'tokens' | 'fields' | 'random'>,
  database: Queryable,
  session: { readonly id: string; readonly personId: string; readonly expiresAt: Date },
  now: Date,
  predecessorId: string | null,
): Promise<PatientSignedIn> {
  const refreshToken = Buffer.from(ports.random.bytes(32)).toString('base64url');
  const tokenIndex = await refreshTokenIndex(ports, refreshToken);
  if (tokenIndex === undefined) throw new Error('a new refresh token must be a refresh token');
  const expiresAt = new Date(Math.min(now.getTime() + idleMs, session.expiresAt.getTime()));
  await insertRefreshToken(database, {
    id: ports.random.uuid(),
    sessionId: session.id,
    tokenIndex,
    expiresAt,
    predecessorId,
  });
  const claims = { subject: session.personId, sessionId: session.id, hospitalId: platformTenant };
  const access = await ports.tokens.issue('patient', claims, new Date(now.getTime() + accessMs));
  return {
    accessToken: access.accessToken,
    expiresAt: access.expiresAt.toISOString(),
    refreshToken,
    refreshExpiresAt: expiresAt.toISOString(),
  };
}
