import type { RouteContract } from '@yingyun/shared/contract/route-contract';
import type { CreatedShare, OpenedShare } from '@yingyun/shared/contract/routes';
import { routes } from '@yingyun/shared/contract/routes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireCompiled } from '../testing/compiled';
import { type SeededFilm, seedFilm } from '../testing/seed-film';
import { signInPerson } from '../testing/signed-in-person';
import { createSignedInStaff } from '../testing/signed-in-staff';
import { startTestApp, startTimeoutMs, type TestApp } from '../testing/test-app';

const contracts: readonly (readonly [string, RouteContract])[] = Object.entries(routes);

describe('the gate before the API', () => {
  let app: TestApp;
  let north: SeededFilm;
  let south: SeededFilm;
  let staffToken: string;
  let shareToken: string;
  let patientToken: string;
  let southShare: CreatedShare;

  beforeAll(async () => {
    app = await startTestApp();
    north = await seedFilm(app.ports, { hospitalId: 'north', reportStatus: 'approved' });
    south = await seedFilm(app.ports, { hospitalId: 'south', reportStatus: 'approved' });
    staffToken = (await createSignedInStaff(app, 'north')).accessToken;
    const southToken = (await createSignedInStaff(app, 'south')).accessToken;
    southShare = await share(south, southToken);
    shareToken = await opened(await share(north, staffToken));
    patientToken = (await signInPerson(app, '13900000000')).accessToken;
  }, startTimeoutMs);
  afterAll(() => app?.stop());

  async function share(film: SeededFilm, token: string): Promise<CreatedShare> {
    const made = await app.ask(`/api/films/${film.filmId}/shares`, { token, json: { purpose: 'patient' } });
    return made.json<CreatedShare>();
  }
  async function opened(created: CreatedShare): Promise<string> {
    const token = created.url.slice(created.url.lastIndexOf('/') + 1);
    const answer = await app.ask('/api/shares/open', { json: { token, passcode: created.passcode } });
    return answer.json<OpenedShare>().accessToken;
  }
  /** A request that is in order but for who sends it. */
  function bodyFor(path: string): object {
    if (path.endsWith('/search')) return {};
    return path.includes('/marks/') ? { version: 0, marks: [] } : { purpose: 'patient' };
  }

  function ask(contract: RouteContract, token: string | undefined, film = north) {
    const path = contract.path
      .replace(':filmId', film.filmId)
      .replace(/:(shareId|linkId)/, southShare.shareId)
      .replace(':sopInstanceUid', `${film.seriesInstanceUid}.1`)
      .replace(':seriesInstanceUid', film.seriesInstanceUid)
      .replace(':group', String(0x6000));
    const query =
      contract.query !== undefined && contract.path.includes('frames')
        ? `?series=${film.seriesInstanceUid}&reduce=2`
        : '';
    return app.ask(path + query, {
      method: contract.method,
      token,
      ...(contract.body === undefined ? {} : { json: bodyFor(contract.path) }),
    });
  }

  it('serves exactly the routes of the contract and the three probes', async () => {
    const { midwayClasses }: typeof import('../configuration') = requireCompiled()('configuration');
    expect(midwayClasses.length).toBeGreaterThan(0);
    for (const [, contract] of contracts) {
      const answer = await ask(contract, undefined);
      expect(answer.status, contract.path).not.toBe(404);
    }
    for (const path of ['/api', '/api/', '/api/unknown', '/API/films', '/api/films/', '/api//films', '/healthz/x']) {
      expect((await app.ask(path, { token: staffToken })).status, path).toBe(404);
    }
  });

  it('refuses to start with a route that has no contract entry', async () => {
    const { Controller, Get }: typeof import('@midwayjs/core') = await import('@midwayjs/core');
    const { assertRoutesAreContract }: typeof import('./assert-routes') = requireCompiled()('http/assert-routes');
    class Forgotten {
      hello() {}
    }
    Get('/api/forgotten')(
      Forgotten.prototype,
      'hello',
      Object.getOwnPropertyDescriptor(Forgotten.prototype, 'hello') ?? {},
    );
    Controller('/')(Forgotten);
    const { MidwayWebRouterService } = await import('@midwayjs/core');
    const service = new MidwayWebRouterService({});
    const container = { getAsync: async () => service } as never; // only this question is asked
    await expect(assertRoutesAreContract(container)).rejects.toThrow('GET /api/forgotten');
  });

  it('answers 401 on every route to no token, to a broken one, and to the token of another audience', async () => {
    for (const [name, contract] of contracts) {
      if (contract.audience === 'public') continue;
      const tokens = { staff: staffToken, share: shareToken, patient: patientToken };
      const own = tokens[contract.audience];
      const foreign = Object.values(tokens).filter((token) => token !== own);
      const broken = `${own.slice(0, -4)}AAAA`;
      for (const token of [undefined, '', 'x.y.z', broken, ...foreign]) {
        const answer = await ask(contract, token);
        expect(answer.status, `${name} with ${token === undefined ? 'no' : 'a wrong'} token`).toBe(401);
        expect(answer.json()).toMatchObject({ code: 'unauthenticated' });
        expect(answer.headers['www-authenticate']).toBe('Bearer');
      }
    }
  });

  it('takes a token in the Authorization header only', async () => {
    expect((await app.ask(`/api/films/search?token=${staffToken}`, { json: {} })).status).toBe(401);
    expect((await app.ask('/api/films/search', { json: {}, headers: { cookie: `token=${staffToken}` } })).status).toBe(
      401,
    );
  });

  it('rejects fields that no schema names, in query, body and where nothing is expected', async () => {
    const calls = [
      app.ask('/api/films/search', { token: staffToken, json: { limit: 5, sort: 'name' } }),
      app.ask('/api/share/film?x=1', { token: shareToken }),
      app.ask(`/api/films/${north.filmId}/shares`, {
        token: staffToken,
        json: { purpose: 'patient', hospitalId: 'south' },
      }),
      app.ask('/api/staff/sign-out', { token: staffToken, json: { everywhere: true } }),
      app.ask('/api/shares/open', {
        body: '{"token":"a","passcode":"b","__proto__":{"x":1}}',
        headers: { 'content-type': 'application/json' },
      }),
      app.ask('/api/shares/open', {
        body: 'token=a',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
      app.ask('/api/shares/open', { body: '{"token":', headers: { 'content-type': 'application/json' } }),
      app.ask('/api/shares/open', {
        body: Buffer.from([0x22, 0xff, 0x22]),
        headers: { 'content-type': 'application/json' },
      }),
      app.ask(`/api/films/${'x'.repeat(80)}`, { token: staffToken }),
      app.ask('/api/films/search?limit=5', { token: staffToken, json: {} }),
      app.ask('/api/share/frames?series=1.2&reduce=3&reduce=2', { token: shareToken }),
    ];
    for (const answer of await Promise.all(calls)) {
      expect(answer.status).toBe(400);
      expect(answer.json()).toMatchObject({ code: 'invalid-request', message: '请求内容不符合要求' });
    }
  });

  it('answers 413 to a body above 256 KB, declared or not, without reading it to its end', async () => {
    const big = JSON.stringify({ token: 'x'.repeat(300_000), passcode: '' });
    expect(
      (await app.ask('/api/shares/open', { body: big, headers: { 'content-type': 'application/json' } })).status,
    ).toBe(413);
    const declared = await app
      .ask('/api/shares/open', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': '4294967296' },
      })
      .catch((error: Error) => error);
    expect(declared instanceof Error ? 413 : declared.status).toBe(413);
    const chunked = await app.ask('/api/shares/open', {
      body: big,
      headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
    });
    expect(chunked.status).toBe(413);
  });

  it('knows nothing of another hospital’s films and shares', async () => {
    for (const name of ['film', 'filmFrames', 'createShare', 'listShares', 'revokeShare'] as const) {
      const answer = await ask(routes[name], staffToken, south);
      expect(answer.status, name).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'not-found' });
    }
    expect(southShare.state).toBe('active');
    const frames = await app.ask(`/api/share/frames?series=${south.seriesInstanceUid}&reduce=2`, { token: shareToken });
    expect(frames.status).toBe(404);
  });

  it('gives a role without permission nothing', async () => {
    const auditor = await createSignedInStaff(app, 'north', 'auditor');
    for (const [name, contract] of contracts) {
      if (contract.audience !== 'staff' || name === 'signOut') continue;
      expect((await ask(contract, auditor.accessToken)).status, name).toBe(403);
    }
  });

  it('writes no token, path or query into its log', async () => {
    await app.ask(`/s/${'A'.repeat(22)}`);
    await app.ask('/api/films/search', { token: staffToken, json: { q: '张' } });
    const text = JSON.stringify(app.log.lines);
    expect(app.log.lines.filter((line) => line.event === 'http-request').length).toBeGreaterThan(20);
    for (const secret of [staffToken, shareToken, '/s/', 'A'.repeat(22), '%E5%BC%A0', '张', 'q='])
      expect(text).not.toContain(secret);
  });
});
