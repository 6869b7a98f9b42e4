import type { CreatedPatientShare, PatientShareList } from '@yingyun/shared/contract/patient-routes';
import type { CreatedShare, OpenedShare, ShareList } from '@yingyun/shared/contract/routes';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type BoundPerson, createBoundPerson } from '../testing/bound-person';
import { describeOnEachDatabase } from '../testing/each-database-url';
import { signInPerson } from '../testing/signed-in-person';
import { createSignedInStaff } from '../testing/signed-in-staff';
import { startTestApp, startTimeoutMs, type TestApp } from '../testing/test-app';

const minute = 60_000;
const day = 86_400_000;

describeOnEachDatabase('a person sharing their films', (databaseUrl) => {
  let app: TestApp;
  let count = 0;
  let me: BoundPerson;

  beforeAll(async () => {
    const url = await databaseUrl();
    app = await startTestApp(url === undefined ? {} : { databaseUrl: url });
  }, startTimeoutMs);
  afterAll(() => app?.stop());
  beforeEach(async () => {
    app.clock.advance(day);
    count += 1;
    me = await createBoundPerson(app, count);
  });

  const share = async ({ token }: BoundPerson, filmId: string, json: object = { purpose: 'family' }) =>
    (await app.ask(`/api/patient/films/${filmId}/shares`, { token, json })).json<CreatedPatientShare>();
  async function open(created: CreatedShare | CreatedPatientShare) {
    const shareToken = created.url.slice(created.url.lastIndexOf('/') + 1);
    return app.ask('/api/shares/open', { json: { token: shareToken, passcode: created.passcode } });
  }

  it('shares its own film, sees how often it was opened, and revokes it with everything opened through it', async () => {
    const { token, filmId, films } = me;
    const created = await share(me, filmId, { purpose: 'transfer', expiresInHours: 24, maxViews: 3 });
    expect(created).toMatchObject({ purpose: 'transfer', createdBy: 'person', views: 0, filmId, lastViewedAt: null });
    expect(created.qrSvg).toContain('<svg');
    app.clock.advance(minute);
    const opened = await open(created);
    expect(opened.status).toBe(200);
    const visitor = opened.json<OpenedShare>().accessToken;
    const list = async () => (await app.ask('/api/patient/shares', { token })).json<PatientShareList>().shares;
    expect(await list()).toMatchObject([
      { shareId: created.shareId, state: 'active', views: 1, lastViewedAt: app.clock.now().toISOString() },
    ]);
    expect((await films())[0]?.activeShares).toBe(1);
    const staff = (await createSignedInStaff(app, 'north')).accessToken;
    const seen = (await app.ask(`/api/films/${filmId}/shares`, { token: staff })).json<ShareList>().shares;
    expect(seen).toMatchObject([{ shareId: created.shareId, createdBy: 'person', purpose: 'transfer' }]);
    const revoke = (shareId: string, as = me.token) =>
      app.ask(`/api/patient/shares/${shareId}/revoke`, { token: as, method: 'POST' });
    const stranger = (await signInPerson(app, `1320000${String(count).padStart(4, '0')}`)).accessToken;
    expect((await revoke(created.shareId, stranger)).status).toBe(404);
    expect((await revoke(created.shareId)).status).toBe(200);
    expect((await app.ask('/api/share/film', { token: visitor })).status).toBe(401);
    expect((await open(created)).status).toBe(404);
    expect((await list())[0]).toMatchObject({ state: 'revoked' });
    const another = await share(me, filmId);
    expect((await app.ask(`/api/shares/${another.shareId}/revoke`, { token: staff, method: 'POST' })).status).toBe(200);
    expect((await open(another)).status).toBe(404);
    const made = await app.ask(`/api/films/${filmId}/shares`, { token: staff, json: { purpose: 'patient' } });
    const ofStaff = made.json<CreatedShare>();
    expect((await revoke(ofStaff.shareId)).status).toBe(404);
    expect(await list()).toHaveLength(2);
  });

  it('ends sight and shares at once where the link is removed', async () => {
    const { token, filmId, films, link, bind } = me;
    const created = await share(me, filmId);
    const visitor = (await open(created)).json<OpenedShare>().accessToken;
    const stranger = (await signInPerson(app, `1310000${String(count).padStart(4, '0')}`)).accessToken;
    const remove = (as = me.token) =>
      app.ask(`/api/patient/links/${link.linkId}/remove`, { token: as, method: 'POST' });
    expect((await remove(stranger)).status).toBe(404);
    expect((await remove()).status).toBe(200);
    expect(await films()).toEqual([]);
    expect((await app.ask(`/api/patient/films/${filmId}`, { token })).status).toBe(404);
    expect((await app.ask('/api/share/film', { token: visitor })).status).toBe(401);
    expect((await open(created)).status).toBe(404);
    expect((await remove()).status).toBe(404);
    app.clock.advance(minute);
    await bind();
    expect(await films()).toHaveLength(1);
    expect((await open(created)).status).toBe(404);
  });

  it('makes no share where the link is removed while its passcode is being sealed', async () => {
    const { filmId, link, token } = me;
    const secrets = app.ports.secrets as { make: typeof app.ports.secrets.make }; // writable here: to act at just this moment
    const make = secrets.make;
    secrets.make = async (...what) => {
      secrets.make = make;
      const verifier = await make(...what);
      await app.ask(`/api/patient/links/${link.linkId}/remove`, { token, method: 'POST' });
      return verifier;
    };
    const json = { purpose: 'family' };
    expect((await app.ask(`/api/patient/films/${filmId}/shares`, { token, json })).status).toBe(404);
    expect((await app.ask('/api/patient/shares', { token })).json<PatientShareList>().shares).toEqual([]);
  });

  it('lets links and shares lapse where a phone comes back after ninety days: it may be somebody else’s by now', async () => {
    const { filmId } = me;
    const phone = `1380000${String(count).padStart(4, '0')}`;
    app.clock.advance(89 * day);
    const back = await signInPerson(app, phone);
    const created = await share({ ...me, token: back.accessToken }, filmId, { purpose: 'family', expiresInHours: 720 });
    const listed = async (token: string) =>
      (await app.ask('/api/patient/films', { token })).json<{ films: unknown[] }>().films;
    expect(await listed(back.accessToken)).toHaveLength(1);
    app.clock.advance(90 * day);
    const stranger = await signInPerson(app, phone);
    expect(await listed(stranger.accessToken)).toEqual([]);
    expect((await open(created)).status).toBe(404);
  });

  it('lets them lapse also where the old owner went on using the app without the number, and shows the old owner nothing then', async () => {
    const phone = `1380000${String(count).padStart(4, '0')}`;
    app.clock.advance(day); // one code a minute
    let old = await signInPerson(app, phone);
    const films = (token: string) => app.ask('/api/patient/films', { token });
    const renew = () => app.ask('/api/patient/renew', { json: { refreshToken: old.refreshToken } });
    for (const days of [25, 25, 9]) {
      app.clock.advance(days * day);
      old = (await renew()).json();
      expect((await films(old.accessToken)).json<{ films: unknown[] }>().films).toHaveLength(1);
    }
    app.clock.advance(31 * day);
    const stranger = await signInPerson(app, phone);
    expect((await films(stranger.accessToken)).json<{ films: unknown[] }>().films).toEqual([]);
    expect([(await films(old.accessToken)).status, (await renew()).status]).toEqual([401, 401]);
  });
});
