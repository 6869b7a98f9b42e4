import type { FilmList, SignedIn } from '@yingyun/shared/contract/routes';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as schema from '../ports/schema';
import { seedFilm } from '../testing/seed-film';
import { codeNow, createAccount, createSignedInStaff } from '../testing/signed-in-staff';
import { startTestApp, startTimeoutMs, type TestApp } from '../testing/test-app';

describe('signing in', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ triesPerHour: { 'share-open': 20, 'staff-sign-in': 1000 } });
    await seedFilm(app.ports, { hospitalId: 'north', slices: 1 });
  }, startTimeoutMs);
  afterAll(() => app?.stop());

  const signIn = (account: string, password: string, oneTimeCode: string) =>
    app.ask('/api/staff/sign-in', { json: { account, password, oneTimeCode } });
  const isSignedIn = async (token: string) => (await app.ask('/api/films/search', { token, json: {} })).status === 200;

  it('takes account, password and one-time code together, and says who signed in', async () => {
    const doctor = await createAccount(app, 'north');
    const answer = await signIn(doctor.account, doctor.password, codeNow(app, doctor));
    expect(answer.status).toBe(200);
    expect(answer.json<SignedIn>()).toMatchObject({ displayName: '李医生', hospitalName: 'north 医院' });
    expect(await isSignedIn(answer.json<SignedIn>().accessToken)).toBe(true);
  });

  it('takes a one-time code once, and no older one after it', async () => {
    const doctor = await createAccount(app, 'north');
    const early = codeNow(app, doctor);
    app.clock.advance(30_000);
    const code = codeNow(app, doctor);
    expect((await signIn(doctor.account, doctor.password, code)).status).toBe(200);
    expect((await signIn(doctor.account, doctor.password, code)).status).toBe(401);
    expect((await signIn(doctor.account, doctor.password, early)).status).toBe(401);
    app.clock.advance(30_000);
    expect((await signIn(doctor.account, doctor.password, codeNow(app, doctor))).status).toBe(200);
  });

  it('lets exactly one of ten simultaneous sign-ins use a code', async () => {
    const doctor = await createAccount(app, 'north');
    const code = codeNow(app, doctor);
    const answers = await Promise.all(Array.from({ length: 10 }, () => signIn(doctor.account, doctor.password, code)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
  });

  it('answers an unknown account, a wrong password and a wrong code alike, after the same work', async () => {
    const doctor = await createAccount(app, 'north');
    let verifications = 0;
    const { matches } = app.ports.secrets;
    Object.assign(app.ports.secrets, {
      matches: (...asked: Parameters<typeof matches>) => {
        verifications += 1;
        return matches(...asked);
      },
    });
    const answers = [
      await signIn('nobody', doctor.password, codeNow(app, doctor)),
      await signIn(doctor.account, 'wrong', codeNow(app, doctor)),
      await signIn(doctor.account, doctor.password, '000000'),
    ];
    Object.assign(app.ports.secrets, { matches });
    expect(verifications).toBe(3);
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.json()).toMatchObject({ code: 'sign-in-refused', message: '账号、口令或动态码不正确' });
    }
  });

  it('locks after five failures in ten minutes for fifteen, also an account that does not exist, and a restart does not unlock', async () => {
    const doctor = await createAccount(app, 'north');
    for (const account of [doctor.account, 'somebody-else']) {
      for (let i = 0; i < 5; i++) expect((await signIn(account, 'wrong', '000000')).status).toBe(401);
      const locked = await signIn(account, doctor.password, codeNow(app, doctor));
      expect(locked.status).toBe(429);
      expect(locked.json()).toMatchObject({ code: 'sign-in-locked', retryAfterSeconds: 900 });
      expect(locked.headers['retry-after']).toBe('900');
    }
    app = await app.restart();
    expect((await signIn(doctor.account, doctor.password, codeNow(app, doctor))).status).toBe(429);
    app.clock.advance(15 * 60_000 + 1000);
    expect((await signIn(doctor.account, doctor.password, codeNow(app, doctor))).status).toBe(200);
  });

  it('forgets failures that are more than ten minutes old', async () => {
    const doctor = await createAccount(app, 'north');
    for (let i = 0; i < 4; i++) await signIn(doctor.account, 'wrong', '000000');
    app.clock.advance(10 * 60_000 + 1000);
    for (let i = 0; i < 4; i++) await signIn(doctor.account, 'wrong', '000000');
    expect((await signIn(doctor.account, doctor.password, codeNow(app, doctor))).status).toBe(200);
  });

  it('ends a session at sign-out, after fifteen idle minutes, after twelve hours, and when the account is disabled', async () => {
    const out = await createSignedInStaff(app, 'north');
    expect((await app.ask('/api/staff/sign-out', { token: out.accessToken, method: 'POST' })).status).toBe(200);
    expect(await isSignedIn(out.accessToken)).toBe(false);

    const idle = await createSignedInStaff(app, 'north');
    app.clock.advance(14 * 60_000);
    expect(await isSignedIn(idle.accessToken)).toBe(true);
    app.clock.advance(15 * 60_000 + 1000);
    expect(await isSignedIn(idle.accessToken)).toBe(false);
    app.clock.advance(-60_000);
    expect(await isSignedIn(idle.accessToken)).toBe(false);

    const long = await createSignedInStaff(app, 'north');
    for (let minutes = 0; minutes < 12 * 60 - 10; minutes += 10) {
      app.clock.advance(10 * 60_000);
      expect(await isSignedIn(long.accessToken)).toBe(true);
    }
    app.clock.advance(10 * 60_000);
    expect(await isSignedIn(long.accessToken)).toBe(false);

    const disabled = await createSignedInStaff(app, 'north');
    await app.ports.database
      .update(schema.staff)
      .set({ disabledAt: app.clock.now() })
      .where(eq(schema.staff.id, disabled.staffId));
    expect(await isSignedIn(disabled.accessToken)).toBe(false);
  });

  it('finds films by Han name, pinyin, patient ID and accession number, a page at a time, names masked', async () => {
    const token = (await createSignedInStaff(app, 'east-empty').catch(() => createSignedInStaff(app, 'north')))
      .accessToken;
    const base = Date.parse('2026-01-01T00:00:00Z');
    for (let i = 0; i < 7; i++) {
      await seedFilm(app.ports, {
        hospitalId: 'north',
        slices: 1,
        name: `Wang^Xiaoming=王小明`,
        patientId: `WX-${i}`,
        accessionNumber: `ACC${i}`,
        sortAt: new Date(base + Math.floor(i / 2) * 1000),
      });
    }
    await seedFilm(app.ports, { hospitalId: 'south', slices: 1, name: '王小明', accessionNumber: 'ACC3' });
    const seen: string[] = [];
    let cursor = '';
    do {
      const json = { q: '王小明', limit: 3, ...(cursor === '' ? {} : { cursor }) };
      const page = await app.ask('/api/films/search', { token, json });
      expect(page.status).toBe(200);
      const { films, nextCursor } = page.json<FilmList>();
      seen.push(...films.map((film) => film.filmId));
      expect(films.every((film) => film.patientNameMasked === '王**')).toBe(true);
      cursor = nextCursor ?? '';
    } while (cursor !== '');
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
    const found = async (q: string) =>
      (await app.ask('/api/films/search', { token, json: { q } })).json<FilmList>().films.length;
    expect(await found('ACC3')).toBe(1);
    expect(await found('wx-5')).toBe(1);
    expect(await found('xiaoming')).toBe(7);
    expect(await found('李')).toBe(0);
  });
});
