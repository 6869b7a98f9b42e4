import * as jwt from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { createFakeKeyProvider, createHandClock } from '../../testing/fakes';
import { createAccessTokens } from './token-service';

const claims = { subject: 'share-1', sessionId: 'session-1', hospitalId: 'north' };

describe('access tokens', () => {
  const clock = createHandClock();
  const keyProvider = createFakeKeyProvider();
  const tokens = createAccessTokens({ keyProvider, clock });
  const inMinutes = (minutes: number) => new Date(clock.now().getTime() + minutes * 60_000);
  const key = async (audience: string) => Buffer.from(await keyProvider.derive('platform', 'access-token', audience));
  const now = () => Math.floor(clock.now().getTime() / 1000);
  const good = () => ({
    iss: 'yingyun',
    aud: 'share',
    sub: 'share-1',
    sid: 'session-1',
    hid: 'north',
    iat: now(),
    exp: now() + 300,
  });

  it('say who, until they expire', async () => {
    const { accessToken } = await tokens.issue('share', claims, inMinutes(5));
    expect(await tokens.verify('share', accessToken)).toEqual(claims);
    clock.advance(5 * 60_000);
    expect(await tokens.verify('share', accessToken)).toBeUndefined();
  });

  it('are cut to their audience’s longest life', async () => {
    const issued = await tokens.issue('share', claims, inMinutes(600));
    expect(issued.expiresAt).toEqual(inMinutes(10));
  });

  it('hold for one audience only', async () => {
    const { accessToken } = await tokens.issue('share', claims, inMinutes(5));
    expect(await tokens.verify('staff', accessToken)).toBeUndefined();
  });

  it('are refused when forged in any of the ways a JWT can be', async () => {
    const [shareKey, staffKey] = [await key('share'), await key('staff')];
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const without = (name: string) => Object.fromEntries(Object.entries(good()).filter(([key]) => key !== name));
    const forged = [
      `${part({ alg: 'none', typ: 'JWT' })}.${part(good())}.`,
      jwt.sign(good(), staffKey, { algorithm: 'HS256' }),
      jwt.sign(good(), shareKey, { algorithm: 'HS512' }),
      jwt.sign({ ...good(), aud: 'staff' }, shareKey),
      jwt.sign({ ...good(), aud: ['share', 'staff'], iss: 'else' }, shareKey),
      jwt.sign({ ...good(), iss: 'somebody' }, shareKey),
      jwt.sign(without('exp'), shareKey),
      jwt.sign({ ...good(), iat: now() - 3600, exp: now() + 3600 }, shareKey),
      jwt.sign({ ...good(), iat: now() + 3600, exp: now() + 7200 }, shareKey),
      jwt.sign(without('iat'), shareKey, { noTimestamp: true }),
      jwt.sign({ ...good(), sid: 7 }, shareKey),
      jwt.sign(without('sub'), shareKey),
      jwt.sign({ ...good(), pad: 'x'.repeat(4000) }, shareKey),
      'not.a.token',
      '',
      'a.b',
      `${jwt.sign(good(), shareKey)}A`,
    ];
    expect(await tokens.verify('share', jwt.sign(good(), shareKey))).toEqual(claims);
    for (const [i, token] of forged.entries())
      expect(await tokens.verify('share', token), `forgery ${i}`).toBeUndefined();
  });

  it('refuse to work with a key that is too short', async () => {
    const short = createAccessTokens({
      clock,
      keyProvider: { ...keyProvider, derive: async () => new Uint8Array(31) },
    });
    await expect(short.issue('share', claims, inMinutes(5))).rejects.toThrow('shorter than 32 bytes');
  });
});
