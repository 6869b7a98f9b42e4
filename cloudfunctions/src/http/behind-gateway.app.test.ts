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

  it('limits the address that the gateway saw, whatever the client claims before it', async () => {
    expect((await guess('9.9.9.1, 10.0.0.1')).status).toBe(404);
    expect((await guess('9.9.9.2, 10.0.0.1')).status).toBe(404);
    const limited = await guess('9.9.9.3, 10.0.0.1');
    expect(limited.status).toBe(429);
    expect(limited.json()).toMatchObject({ code: 'too-many-requests' });
    expect((await guess('10.0.0.1, 10.0.0.2')).status).toBe(404);
  });
});
