import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { FrameBatchReader } from '@yingyun/shared/contract/frame-batch';
import type { CreatedShare, OpenedShare, ShareList } from '@yingyun/shared/contract/routes';
import { eq, or } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as schema from '../ports/schema';
import { bandsOf, type SeededFilm, seedFilm } from '../testing/seed-film';
import { createSignedInStaff } from '../testing/signed-in-staff';
import { startTestApp, startTimeoutMs, type TestApp } from '../testing/test-app';

describe('the life of a share', () => {
  let app: TestApp;
  let film: SeededFilm;
  let staffToken: string;

  beforeAll(async () => {
    app = await startTestApp({ triesPerHour: { 'share-open': 10_000, 'staff-sign-in': 60 } });
    film = await seedFilm(app.ports, { hospitalId: 'north', slices: 9, reportStatus: 'approved' });
    staffToken = (await createSignedInStaff(app, 'north')).accessToken;
  }, startTimeoutMs);
  afterAll(() => app?.stop());

  async function share(): Promise<CreatedShare> {
    const made = await app.ask(`/api/films/${film.filmId}/shares`, { token: staffToken, json: { purpose: 'patient' } });
    expect(made.status).toBe(200);
    return made.json<CreatedShare>();
  }

  it('goes from link and passcode to report, images and revocation', async () => {
    const created = await share();
    expect(created.url).toMatch(new RegExp(`^https://127\\.0\\.0\\.1:${app.port}/s/[A-Za-z0-9_-]{22}$`));
    const token = created.url.slice(created.url.lastIndexOf('/') + 1);
    const opened = await app.ask('/api/shares/open', { json: { token, passcode: created.passcode.toLowerCase() } });
    expect(opened.status).toBe(200);
    const { accessToken } = opened.json<OpenedShare>();

    const answer = await app.ask('/api/share/film', { token: accessToken });
    expect(answer.status).toBe(200);
    const manifest = answer.json<FilmManifest>();
    expect(manifest.patient.nameMasked).toBe('张**');
    expect(manifest.report).toMatchObject({ status: 'approved', impression: '未见异常。' });
    expect(manifest.series[0]?.frames.map((frame) => frame.instanceNumber)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);

    const reader = new FrameBatchReader();
    const query = `series=${film.seriesInstanceUid}&reduce=2&from=4&revision=${manifest.revision}`;
    const frames = await app.ask(`/api/share/frames?${query}`, { token: accessToken });
    expect(frames.status).toBe(200);
    const records = reader.push(frames.body);
    expect(records.map((record) => record.frame)).toEqual([4, 5, 3, 6, 2, 7, 1, 8, 0]);
    for (const record of records) {
      const whole = film.frames[record.frame];
      expect(Buffer.from(record.bytes).equals(Buffer.from(whole?.subarray(0, bandsOf(40_000)[0]) ?? []))).toBe(true);
    }
    expect(reader.trailer).toEqual({ cursor: '' });

    const revoked = await app.ask(`/api/shares/${created.shareId}/revoke`, { token: staffToken, method: 'POST' });
    expect(revoked.status).toBe(200);
    expect((await app.ask('/api/share/film', { token: accessToken })).status).toBe(401);
    expect((await app.ask('/api/shares/open', { json: { token, passcode: created.passcode } })).status).toBe(404);
  });

  const tokenOf = (created: CreatedShare) => created.url.slice(created.url.lastIndexOf('/') + 1);
  const open = (token: string, passcode: string) => app.ask('/api/shares/open', { json: { token, passcode } });
  const unknownToken = 'AAAAAAAAAAAAAAAAAAAAAA';

  it('lets exactly three of fifty simultaneous openings through when three views are allowed', async () => {
    const made = await app.ask(`/api/films/${film.filmId}/shares`, {
      token: staffToken,
      json: { purpose: 'patient', maxViews: 3 },
    });
    const created = made.json<CreatedShare>();
    const answers = await Promise.all(Array.from({ length: 50 }, () => open(tokenOf(created), created.passcode)));
    const opened = answers.filter((answer) => answer.status === 200);
    expect(opened).toHaveLength(3);
    expect(answers.filter((answer) => answer.status === 404)).toHaveLength(47);
    for (const answer of opened) {
      const { accessToken } = answer.json<OpenedShare>();
      expect((await app.ask('/api/share/film', { token: accessToken })).status).toBe(200);
    }
    const listed = await app.ask(`/api/films/${film.filmId}/shares`, { token: staffToken });
    expect(listed.json<ShareList>().shares.find((one) => one.shareId === created.shareId)).toMatchObject({
      views: 3,
      state: 'used-up',
    });
  });

  it('answers unknown, malformed, expired, revoked, used up, withdrawn and wrong passcode with the same bytes and the same work', async () => {
    const used = (
      await app.ask(`/api/films/${film.filmId}/shares`, {
        token: staffToken,
        json: { purpose: 'patient', maxViews: 1 },
      })
    ).json<CreatedShare>();
    expect((await open(tokenOf(used), used.passcode)).status).toBe(200);
    const expired = (
      await app.ask(`/api/films/${film.filmId}/shares`, {
        token: staffToken,
        json: { purpose: 'patient', expiresInHours: 1 },
      })
    ).json<CreatedShare>();
    const revoked = await share();
    await app.ask(`/api/shares/${revoked.shareId}/revoke`, { token: staffToken, method: 'POST' });
    const fine = await share();
    const withdrawnFilm = await seedFilm(app.ports, { hospitalId: 'north', slices: 1 });
    const withdrawn = (
      await app.ask(`/api/films/${withdrawnFilm.filmId}/shares`, { token: staffToken, json: { purpose: 'patient' } })
    ).json<CreatedShare>();
    await app.ports.database
      .update(schema.film)
      .set({ state: 'withdrawn' })
      .where(eq(schema.film.id, withdrawnFilm.filmId));
    app.clock.advance(61 * 60_000);

    let verifications = 0;
    const { matches } = app.ports.secrets;
    Object.assign(app.ports.secrets, {
      matches: (...asked: Parameters<typeof matches>) => {
        verifications += 1;
        return matches(...asked);
      },
    });
    const answers = [
      await open(unknownToken, 'ABCD1234'),
      await open('no token at all', 'ABCD1234'),
      await open(tokenOf(expired), expired.passcode),
      await open(tokenOf(revoked), revoked.passcode),
      await open(tokenOf(used), used.passcode),
      await open(tokenOf(withdrawn), withdrawn.passcode),
      await open(tokenOf(fine), 'ABCD1234'),
      await open(tokenOf(fine), '!!'),
    ];
    Object.assign(app.ports.secrets, { matches });
    expect(verifications).toBe(answers.length);
    const [first] = answers;
    expect(first?.json()).toMatchObject({ code: 'share-unavailable', requestId: '' });
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(answer.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
      const comparable = { ...answer.headers, 'x-request-id': '', date: '' };
      const expected = { ...first?.headers, 'x-request-id': '', date: '' };
      expect(comparable).toEqual(expected);
    }
    staffToken = (await createSignedInStaff(app, 'north')).accessToken;
  });

  it('locks a link after five wrong passcodes for half an hour, an unknown link just the same', async () => {
    const created = await share();
    for (const token of [tokenOf(created), unknownToken.replace(/A$/, 'Q')]) {
      for (let i = 0; i < 5; i++) expect((await open(token, 'WRNG0000')).status).toBe(404);
      const locked = await open(token, created.passcode);
      expect(locked.status).toBe(429);
      expect(locked.json()).toMatchObject({ code: 'share-locked', retryAfterSeconds: 1800 });
    }
    app.clock.advance(31 * 60_000);
    staffToken = (await createSignedInStaff(app, 'north')).accessToken;
    expect((await open(tokenOf(created), created.passcode)).status).toBe(200);
  });

  it('revokes a link at its fifteenth wrong passcode', async () => {
    const created = await share();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 5; i++) await open(tokenOf(created), 'WRNG0000');
      app.clock.advance(31 * 60_000);
    }
    expect((await open(tokenOf(created), created.passcode)).status).toBe(404);
    staffToken = (await createSignedInStaff(app, 'north')).accessToken;
    const listed = await app.ask(`/api/films/${film.filmId}/shares`, { token: staffToken });
    expect(listed.json<ShareList>().shares[0]).toMatchObject({ shareId: created.shareId, state: 'revoked' });
  });

  it('renews the access token while the share lives, and not beyond', async () => {
    const created = (
      await app.ask(`/api/films/${film.filmId}/shares`, {
        token: staffToken,
        json: { purpose: 'patient', expiresInHours: 1, maxViews: 1 },
      })
    ).json<CreatedShare>();
    let { accessToken } = (await open(tokenOf(created), created.passcode)).json<OpenedShare>();
    for (let i = 0; i < 6; i++) {
      app.clock.advance(9 * 60_000);
      const renewed = await app.ask('/api/share/renew', { token: accessToken, method: 'POST' });
      expect(renewed.status).toBe(200);
      accessToken = renewed.json<OpenedShare>().accessToken;
    }
    app.clock.advance(7 * 60_000);
    expect((await app.ask('/api/share/renew', { token: accessToken, method: 'POST' })).status).toBe(401);
    expect((await app.ask('/api/share/film', { token: accessToken })).status).toBe(401);
    staffToken = (await createSignedInStaff(app, 'north')).accessToken;
  });

  it('opens with the film and without a picture where its first slice does not decode', async () => {
    const created = await share();
    const opened = (await open(tokenOf(created), created.passcode)).json<OpenedShare>();
    expect(opened.film?.filmId).toBe(film.filmId);
    expect(opened.firstPicture).toBeNull();
  });

  it('refuses a share of a film that is not published, and shows no report that is not approved', async () => {
    const waiting = await seedFilm(app.ports, { hospitalId: 'north', slices: 1, state: 'waiting' });
    const refused = await app.ask(`/api/films/${waiting.filmId}/shares`, {
      token: staffToken,
      json: { purpose: 'patient' },
    });
    expect(refused.json()).toMatchObject({ code: 'film-not-published' });
    const early = await seedFilm(app.ports, { hospitalId: 'north', slices: 1, reportStatus: 'preliminary' });
    const created = (
      await app.ask(`/api/films/${early.filmId}/shares`, { token: staffToken, json: { purpose: 'patient' } })
    ).json<CreatedShare>();
    const { accessToken } = (await open(tokenOf(created), created.passcode)).json<OpenedShare>();
    const shared = await app.ask('/api/share/film', { token: accessToken });
    expect(shared.json<FilmManifest>().report).toBeNull();
    const own = await app.ask(`/api/films/${early.filmId}`, { token: staffToken });
    expect(own.json<FilmManifest>().report?.status).toBe('preliminary');
  });

  it('leaves one record of each act in an audit trail whose chain is whole', async () => {
    const created = await share();
    const opened = await open(tokenOf(created), created.passcode);
    await open(tokenOf(created), 'WRNG0000');
    await app.ask('/api/share/film', { token: opened.json<OpenedShare>().accessToken });
    await app.ask(`/api/shares/${created.shareId}/revoke`, { token: staffToken, method: 'POST' });
    const rows = await app.ports.database
      .select()
      .from(schema.auditEvent)
      .where(or(eq(schema.auditEvent.objectId, created.shareId), eq(schema.auditEvent.actorId, created.shareId)))
      .orderBy(schema.auditEvent.sequence);
    expect(rows.map((row) => `${row.actorKind} ${row.action} ${row.outcome}`)).toEqual([
      'staff share-create ok',
      'anonymous share-open ok',
      'share film-view ok', // the film that comes with the opened share
      'anonymous share-open denied',
      'share film-view ok',
      'staff share-revoke ok',
    ]);
    expect(rows.every((row) => row.hospitalId === 'north' && /^[0-9a-f-]{36}$/.test(row.requestId))).toBe(true);
    expect(await app.ports.audit.firstBreak(app.ports.database)).toBeUndefined();
  });
});
