import type { CodeSent, PatientAccount, PatientSignedIn } from '@yingyun/shared/contract/patient-routes';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as schema from '../ports/schema';
import { describeOnEachDatabase } from '../testing/each-database-url';
import { codeFor, deliverTextMessages, signInPerson } from '../testing/signed-in-person';
import { startTestApp, startTimeoutMs, type TestApp } from '../testing/test-app';

const minute = 60_000;
const day = 86_400_000;

describeOnEachDatabase('a person signing in', (databaseUrl) => {
  let app: TestApp;
  let phones = 0;

  beforeAll(async () => {
    const url = await databaseUrl();
    app = await startTestApp({
      ...(url === undefined ? {} : { databaseUrl: url }),
      triesPerHour: { 'code-send': 10_000, 'code-try': 10_000, 'patient-renew': 10_000 },
    });
  }, startTimeoutMs);
  afterAll(() => app?.stop());
  beforeEach(() => {
    phones += 1;
  });

  const newPhone = () => `139${String(20_000_000 + phones)}`;
  const send = (phone: string) => app.ask('/api/patient/codes', { json: { phone } });
  const signIn = (phone: string, code: string) => app.ask('/api/patient/sign-in', { json: { phone, code } });
  const renew = (refreshToken: string) => app.ask('/api/patient/renew', { json: { refreshToken } });
  const account = (token: string) => app.ask('/api/patient/account', { token });
  const wrong = (code: string) => (code === '000000' ? '000001' : '000000');

  it('registers by phone and code, and shows the phone masked', async () => {
    const phone = newPhone();
    const sent = await send(`+86 ${phone.slice(0, 3)}-${phone.slice(3)}`);
    expect(sent.json<CodeSent>()).toEqual({ resendAfterSeconds: 60, validForSeconds: 300 });
    const [message] = await deliverTextMessages(app);
    expect(message).toMatchObject({ phone, template: 'sign-in-code', params: { validMinutes: 5 } });
    const answer = await signIn(phone, message?.params.code ?? '');
    expect(answer.status).toBe(200);
    const { accessToken, refreshToken } = answer.json<PatientSignedIn>();
    expect(refreshToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const mine = (await account(accessToken)).json<PatientAccount>();
    expect(mine).toMatchObject({ phoneMasked: `139****${phone.slice(-4)}`, links: [] });
    const again = await (async () => {
      app.clock.advance(minute);
      return signInPerson(app, phone);
    })();
    expect((await account(again.accessToken)).status).toBe(200);
    const index = await app.ports.fields.blindIndex('platform', 'phone', phone);
    expect(
      await app.ports.database.select().from(schema.person).where(eq(schema.person.phoneIndex, index)),
    ).toHaveLength(1);
  });

  it('answers a wrong code, a late one, a used one, one tried out, an unknown phone and a disabled person with the same bytes and the same work', async () => {
    let verifications = 0;
    const { matches } = app.ports.secrets;
    Object.assign(app.ports.secrets, {
      matches: (...asked: Parameters<typeof matches>) => {
        verifications += 1;
        return matches(...asked);
      },
    });
    const phone = newPhone();
    const code = await codeFor(app, phone);
    const answers = [await signIn(phone, wrong(code)), await signIn(`138${phone.slice(3)}`, code)];
    expect((await signIn(phone, code)).status).toBe(200);
    answers.push(await signIn(phone, code));
    app.clock.advance(minute);
    const triedOut = await codeFor(app, phone);
    for (let i = 0; i < 5; i++) answers.push(await signIn(phone, wrong(triedOut)));
    answers.push(await signIn(phone, triedOut));
    app.clock.advance(minute);
    const late = await codeFor(app, phone);
    app.clock.advance(5 * minute);
    answers.push(await signIn(phone, late));
    const index = await app.ports.fields.blindIndex('platform', 'phone', phone);
    const disabledCode = await codeFor(app, phone);
    const { person } = schema;
    await app.ports.database.update(person).set({ disabledAt: app.clock.now() }).where(eq(person.phoneIndex, index));
    answers.push(await signIn(phone, disabledCode));
    Object.assign(app.ports.secrets, { matches });
    expect(verifications).toBe(answers.length + 1);
    for (const answer of answers) {
      expect(answer.status).toBe(403);
      expect(answer.body.toString()).toBe(answers[0]?.body.toString());
    }
    expect(answers[0]?.json()).toEqual({
      code: 'code-refused',
      message: '验证码不正确或已失效，请重新获取',
      requestId: '',
    });
  });

  it('asks the database the same for a phone that is registered and one that is not', async () => {
    const known = newPhone();
    await signInPerson(app, known);
    app.clock.advance(minute);
    const askedFor = async (phone: string): Promise<string[]> => {
      app.statements.length = 0;
      expect((await send(phone)).status).toBe(200);
      return [...app.statements];
    };
    await askedFor(`137${known.slice(3)}`); // makes the rows that a second request finds
    app.clock.advance(minute);
    const unknown = await askedFor(`137${known.slice(3)}`);
    expect(await askedFor(known)).toEqual(unknown);
    expect(unknown.join('\n')).not.toContain('"person"');
  });

  it('sends one live code a phone: none within a minute, and a new one ends the old one', async () => {
    const phone = newPhone();
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(phone)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.find((answer) => answer.status === 429)?.json()).toMatchObject({ retryAfterSeconds: 60 });
    const first = (await deliverTextMessages(app))[0]?.params.code ?? '';
    app.clock.advance(minute);
    let second = await codeFor(app, phone);
    while (second === first) {
      app.clock.advance(minute);
      second = await codeFor(app, phone);
    }
    expect((await signIn(phone, first)).status).toBe(403);
    expect((await signIn(phone, second)).status).toBe(200);
  });

  it('sends a phone ten codes a day at most, whoever asks, also after a restart', async () => {
    const phone = newPhone();
    for (let i = 0; i < 10; i++) {
      expect((await send(phone)).status).toBe(200);
      app.clock.advance(minute);
    }
    expect((await send(phone)).status).toBe(429);
    app = await app.restart();
    expect((await send(phone)).status).toBe(429);
    app.clock.advance(day);
    expect((await send(phone)).status).toBe(200);
    await deliverTextMessages(app);
  });

  it('lets exactly one of five simultaneous sign-ins use a code', async () => {
    const phone = newPhone();
    const code = await codeFor(app, phone);
    const answers = await Promise.all(Array.from({ length: 5 }, () => signIn(phone, code)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
  });

  it('renews with a refresh token once; a second use ends the session for whoever holds it', async () => {
    const first = await signInPerson(app, newPhone());
    app.clock.advance(15 * minute);
    expect((await account(first.accessToken)).status).toBe(401);
    const second = (await renew(first.refreshToken)).json<PatientSignedIn>();
    expect((await account(second.accessToken)).status).toBe(200);
    app.clock.advance(minute + 1);
    const stolen = await renew(first.refreshToken);
    expect(stolen.status).toBe(401);
    expect((await account(second.accessToken)).status).toBe(401);
    expect((await renew(second.refreshToken)).status).toBe(401);
    const [last] = (
      await app.ports.database.select().from(schema.auditEvent).where(eq(schema.auditEvent.action, 'patient-renew'))
    ).slice(-1);
    expect(last).toMatchObject({ outcome: 'denied', reason: 'refresh-token-used-again', actorKind: 'person' });
    expect((await renew('A'.repeat(43))).status).toBe(401);
  });

  it('gives a phone that lost the answer another, for a minute, and ends the token that was lost', async () => {
    const first = await signInPerson(app, newPhone());
    const lost = (await renew(first.refreshToken)).json<PatientSignedIn>();
    const lostToo = (await renew(first.refreshToken)).json<PatientSignedIn>();
    app.clock.advance(minute);
    const got = await renew(first.refreshToken);
    expect(got.status).toBe(200);
    const next = await renew(got.json<PatientSignedIn>().refreshToken);
    expect(next.status).toBe(200);
    expect((await account(next.json<PatientSignedIn>().accessToken)).status).toBe(200);
    expect(lostToo.refreshToken).not.toBe(lost.refreshToken);
    // somebody did get the first answer after all
    expect((await renew(lost.refreshToken)).status).toBe(401);
    expect((await account(next.json<PatientSignedIn>().accessToken)).status).toBe(401);
  });

  it('ends the session where a token comes again after its successor was used, however soon', async () => {
    const first = await signInPerson(app, newPhone());
    const second = (await renew(first.refreshToken)).json<PatientSignedIn>();
    const third = (await renew(second.refreshToken)).json<PatientSignedIn>();
    expect((await renew(first.refreshToken)).status).toBe(401);
    expect((await renew(third.refreshToken)).status).toBe(401);
    expect((await account(third.accessToken)).status).toBe(401);
  });

  it('answers a token that comes several times at once, and leaves one successor alive', async () => {
    const first = await signInPerson(app, newPhone());
    const answers = await Promise.all(Array.from({ length: 4 }, () => renew(first.refreshToken)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    const index = await app.ports.fields.blindIndex(
      'platform',
      'refresh-token',
      Buffer.from(first.refreshToken, 'base64url').toString('hex'),
    );
    const { refreshToken } = schema;
    const tokens = app.ports.database.select().from(refreshToken);
    const [row] = await tokens.where(eq(refreshToken.tokenIndex, index));
    const family = await app.ports.database
      .select()
      .from(refreshToken)
      .where(eq(refreshToken.predecessorId, row?.id ?? ''));
    expect(family).toHaveLength(4);
    expect(family.filter(({ usedAt }) => usedAt === null)).toHaveLength(1);
  });

  it('forgets a session that nobody renews for thirty days, and any after sixty days', async () => {
    const idle = await signInPerson(app, newPhone());
    app.clock.advance(30 * day);
    expect((await renew(idle.refreshToken)).status).toBe(401);
    phones += 1;
    let busy = await signInPerson(app, newPhone());
    for (let i = 0; i < 2; i++) {
      app.clock.advance(20 * day);
      const renewed = await renew(busy.refreshToken);
      expect(renewed.status).toBe(200);
      busy = renewed.json<PatientSignedIn>();
    }
    app.clock.advance(20 * day);
    expect((await renew(busy.refreshToken)).status).toBe(401);
  });

  it('ends at sign-out, and at once where the person is disabled', async () => {
    const phone = newPhone();
    const one = await signInPerson(app, phone);
    expect((await app.ask('/api/patient/sign-out', { token: one.accessToken, method: 'POST' })).status).toBe(200);
    expect((await account(one.accessToken)).status).toBe(401);
    expect((await renew(one.refreshToken)).status).toBe(401);
    app.clock.advance(minute);
    const two = await signInPerson(app, phone);
    const index = await app.ports.fields.blindIndex('platform', 'phone', phone);
    const { person } = schema;
    await app.ports.database.update(person).set({ disabledAt: app.clock.now() }).where(eq(person.phoneIndex, index));
    expect((await account(two.accessToken)).status).toBe(401);
    expect((await renew(two.refreshToken)).status).toBe(401);
  });

  it('never sends a code that has expired, and keeps neither phone nor code in clear anywhere', async () => {
    const phone = newPhone();
    await send(phone);
    app.clock.advance(5 * minute);
    expect(await deliverTextMessages(app)).toEqual([]);
    const code = await codeFor(app, phone);
    await signIn(phone, code);
    const tables = [
      schema.person,
      schema.textMessage,
      schema.textMessageCode,
      schema.attemptCounter,
      schema.auditEvent,
      schema.outbox,
    ];
    for (const table of tables) {
      for (const row of await app.ports.database.select().from(table)) {
        const text = Object.values(row).map((value) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
        );
        expect(text.join('|')).not.toContain(phone);
      }
    }
    const messages = await app.ports.database.select().from(schema.textMessage);
    expect(messages.map((row) => row.state)).toContain('expired');
    for (const row of messages) if (row.state !== 'waiting') expect(row.contentSealed).toHaveLength(0);
    const log = JSON.stringify(app.log.lines);
    expect(log).not.toContain(phone);
    expect(log).not.toContain(code);
  });

  it('leaves nothing behind of what is over: the timer sweeps it', async () => {
    await signInPerson(app, newPhone());
    app.clock.advance(101 * day);
    await app.server.invoke('sweep.run', {});
    const { personSession, refreshToken, textMessage, textMessageCode, attemptCounter } = schema;
    for (const table of [refreshToken, personSession, textMessage, textMessageCode, attemptCounter]) {
      expect(await app.ports.database.select().from(table)).toEqual([]);
    }
    expect(await app.ports.database.select().from(schema.person)).not.toEqual([]);
  });
});

describe('an address', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ triesPerHour: { 'code-send': 3, 'code-try': 3 } });
  }, startTimeoutMs);
  afterAll(() => app?.stop());

  it('may ask for so many codes and try so many an hour, counted before anything is done', async () => {
    for (let i = 0; i < 3; i++)
      expect((await app.ask('/api/patient/codes', { json: { phone: `1390000000${i}` } })).status).toBe(200);
    expect((await app.ask('/api/patient/codes', { json: { phone: '13900000009' } })).status).toBe(429);
    const attempt = () => app.ask('/api/patient/sign-in', { json: { phone: '13900000000', code: '000000' } });
    for (let i = 0; i < 3; i++) expect((await attempt()).status).toBe(403);
    expect((await attempt()).status).toBe(429);
  });
});
