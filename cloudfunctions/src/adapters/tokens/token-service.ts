import * as jwt from 'jsonwebtoken';
import type { Clock } from '../../ports/clock-and-random';
import type { KeyProvider } from '../../ports/sealing';
import { type AccessTokens, platformTenant, type TokenAudience } from '../../service/api-ports';

const issuer = 'yingyun';
const algorithm = 'HS256';
/** No access token of ours lives longer, whatever its `exp` says. */
const maxAgeSeconds: Readonly<Record<TokenAudience, number>> = {
  share: 600,
  staff: 12 * 3600,
  patient: 900,
};
const maxTokenLength = 2048;

/**
 * jsonwebtoken accepts two-byte secrets, tokens without `exp`, and any audience unless asked (measured): this wrapper is the
 * only place that calls it, and asks for all of it. A token is checked here for form and time; whether its session still
 * lives is for the caller to check, on every request.
 */
export function createAccessTokens(ports: { readonly keyProvider: KeyProvider; readonly clock: Clock }): AccessTokens {
  const keys = new Map<TokenAudience, Promise<Buffer>>();
  const keyOf = (audience: TokenAudience): Promise<Buffer> => {
    const known = keys.get(audience);
    if (known !== undefined) return known;
    const fresh = ports.keyProvider.derive(platformTenant, 'access-token', audience).then((bytes) => {
      if (bytes.length < 32) throw new Error(`access token key of ${audience} is shorter than 32 bytes`);
      return Buffer.from(bytes);
    });
    keys.set(audience, fresh);
    fresh.catch(() => keys.delete(audience)); // a key provider that was down is asked again
    return fresh;
  };
  return {
    async issue(audience, claims, wantedExpiry) {
      const iat = Math.floor(ports.clock.now().getTime() / 1000);
      const exp = Math.min(Math.floor(wantedExpiry.getTime() / 1000), iat + maxAgeSeconds[audience]);
      const payload = {
        iss: issuer,
        aud: audience,
        sub: claims.subject,
        sid: claims.sessionId,
        hid: claims.hospitalId,
        iat,
        exp,
      };
      return {
        accessToken: jwt.sign(payload, await keyOf(audience), { algorithm }),
        expiresAt: new Date(exp * 1000),
      };
    },
    async verify(audience, token) {
      if (token.length > maxTokenLength) return undefined;
      const key = await keyOf(audience);
      const clockTimestamp = Math.floor(ports.clock.now().getTime() / 1000);
      try {
        const options = {
          algorithms: [algorithm],
          issuer,
          audience,
          maxAge: maxAgeSeconds[audience],
          clockTimestamp,
        } satisfies jwt.VerifyOptions;
        const claims = jwt.verify(token, key, options);
        if (typeof claims === 'string' || claims.exp === undefined || claims.iat === undefined) return undefined;
        if (claims.iat > clockTimestamp + 60) return undefined;
        const { sub, sid, hid } = claims as Record<string, unknown>; // private claims are untyped in the library
        if (typeof sub !== 'string' || typeof sid !== 'string' || typeof hid !== 'string') return undefined;
        return { subject: sub, sessionId: sid, hospitalId: hid };
      } catch (cause) {
        if (cause instanceof jwt.JsonWebTokenError) return undefined;
        throw cause;
      }
    },
  };
}
