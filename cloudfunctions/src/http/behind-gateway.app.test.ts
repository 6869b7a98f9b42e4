import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, startTimeoutMs, type TestApp } from '../testing/test-app';

describe('behind a gateway that ends TLS', () => {
  let app: TestApp;

  beforeAll(async () => {
    const triesPerHour = { 'share-open': 2, 'staff-sign-in': 2 };
    app = await startTestApp({ isBehindGateway: true, triesPerHour });
  }, startTimeoutMs);
  afterAll(() => app?.stop());

  const guess = (forwarded: string) =>
    app.ask('/api/shares/open', {
      json: { token: 'A'.repeat(22), passcode: 'ABCD1234' },
      headers: { 'x-forwarded-for': forwarded },
    });

  it('answers in plain HTTP with the same security headers', async () => {
    const answer = await app.ask('/healthz');
    expect(answer.json()).toEqual({ status: 'ok' });
    expect(answer.headers['strict-transport-security']).toBeDefined();
  });

  it('shows nobody what it depends on, as if there were no such page', async () => {
    const unknown = await app.ask('/nothing-here');
    for (const path of ['/metrics', '/readyz']) {
      const answer = await app.ask(path);
      expect([answer.status, answer.body.length]).toEqual([404, unknown.body.length]);
    }
  });

  it('limits the address that the gateway saw, whatever the client claims before it', async () => {
    expect((await guess('9.9.9.1, 10.0.0.1')).status).toBe(404);
    expect((await guess('9.9.9.2, 10.0.0.1')).status).toBe(404);
    const limited = await guess('9.9.9.3, 10.0.0.1');
    expect(limited.status).toBe(429);
    expect(limited.json()).toMatchObject({ code: 'too-many-requests' });
    expect((await guess('10.0.0.1, 10.0.0.2')).status).toBe(404);
  });

  it('counts a guess before it is weighed: those that come at once have no free ride', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => guess('10.0.3.1')));
    expect(answers.filter((answer) => answer.status === 404)).toHaveLength(2);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(6);
  });

  it('counts tries at a link or an account that is locked already: they cost as much', async () => {
    const token = `${'B'.repeat(21)}A`;
    const openAs = async (address: string) =>
      codeOf(await app.ask('/api/shares/open', { json: { token, passcode: 'ABCD1234' }, headers: from(address) }));
    for (let i = 0; i < 5; i++) expect(await openAs(`10.0.1.${i}`)).toBe('share-unavailable');
    const atLink = [await openAs('10.0.2.1'), await openAs('10.0.2.1'), await openAs('10.0.2.1')];
    expect(atLink).toEqual(['share-locked', 'share-locked', 'too-many-requests']);

    const signInAs = async (address: string) =>
      codeOf(
        await app.ask('/api/staff/sign-in', {
          json: { account: 'nobody', password: 'wrong', oneTimeCode: '000000' },
          headers: from(address),
        }),
      );
    for (let i = 0; i < 5; i++) expect(await signInAs(`10.0.1.${i}`)).toBe('sign-in-refused');
    const atAccount = [await signInAs('10.0.2.1'), await signInAs('10.0.2.1'), await signInAs('10.0.2.1')];
    expect(atAccount).toEqual(['sign-in-locked', 'sign-in-locked', 'too-many-requests']);
  });

  const from = (address: string) => ({ 'x-forwarded-for': address });
  const codeOf = (answer: { json<T>(): T }) => answer.json<{ code: string }>().code;
});
