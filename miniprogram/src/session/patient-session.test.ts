import { createApiClient, type Send } from '@yingyun/shared/contract/api-client';
import { describe, expect, it } from 'vitest';
import { keptFilmsName, PatientSession } from './patient-session';

/** A server of one person: grants, renews each refresh token once, and ends everything at a second use. */
function world() {
  const kept = new Map<string, unknown>();
  let nowMs = Date.UTC(2026, 2, 1);
  let count = 0;
  let live: { access: string; refresh: string } | undefined;
  const server = { isOffline: false, renewals: 0, reuses: 0, asked: [] as string[] };
  const grant = () => {
    count += 1;
    live = { access: `access-${count}`, refresh: `${count}`.padStart(43, 'r') };
    return {
      accessToken: live.access,
      expiresAt: new Date(nowMs + 600_000).toISOString(),
      refreshToken: live.refresh,
      refreshExpiresAt: new Date(nowMs + 30 * 86_400_000).toISOString(),
    };
  };
  const send: Send = async ({ path, body, token }) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (server.isOffline) throw new Error('no line');
    server.asked.push(path);
    if (path === '/api/patient/sign-in') return { status: 200, body: grant() };
    if (path === '/api/patient/renew') {
      server.renewals += 1;
      const { refreshToken } = body as { refreshToken: string };
      if (refreshToken === live?.refresh) return { status: 200, body: grant() };
      server.reuses += 1;
      live = undefined;
      return { status: 401, body: { code: 'unauthenticated' } };
    }
    if (token !== live?.access) return { status: 401, body: { code: 'unauthenticated' } };
    return { status: 200, body: { films: [], nextCursor: null } };
  };
  const store = {
    read: async <T>(name: string) => (kept.get(name) as T | undefined) ?? null,
    write: async (name: string, value: unknown) => void kept.set(name, value),
    remove: async (name: string) => void kept.delete(name),
  };
  const start = () =>
    new PatientSession({
      client: createApiClient(send),
      store,
      now: () => nowMs,
      alone: (_name, act) => act(),
    });
  return {
    kept,
    server,
    start,
    pass: (ms: number) => {
      nowMs += ms;
    },
    endAccess: () => {
      if (live !== undefined) live.access = 'ended';
    },
    endAll: () => {
      live = undefined;
    },
  };
}
const films = { query: { limit: 30 } };

describe('who is signed in', () => {
  it('is known again after the app was closed, without asking for a code', async () => {
    const { start, server } = world();
    const first = start();
    await first.restore();
    expect(first.state).toBe('signed-out');
    await first.signIn('13800138000', '123456');
    const again = start();
    await again.restore();
    expect(again.state).toBe('signed-in');
    expect((await again.call('patientFilms', films)).ok).toBe(true);
    expect(server.renewals).toBe(1);
  });

  it('is renewed once for many questions at the same time, and no refresh token is used twice', async () => {
    const { start, server, pass } = world();
    const session = start();
    await session.signIn('13800138000', '123456');
    pass(590_000);
    const results = await Promise.all(Array.from({ length: 5 }, () => session.call('patientFilms', films)));
    expect(results.every((result) => result.ok)).toBe(true);
    expect([server.renewals, server.reuses]).toEqual([1, 0]);
    pass(590_000);
    await session.call('patientFilms', films);
    expect([server.renewals, server.reuses]).toEqual([2, 0]);
  });

  it('is asked once more with a fresh token where the server refused the old one early', async () => {
    const { start, server, endAccess } = world();
    const session = start();
    await session.signIn('13800138000', '123456');
    endAccess();
    expect((await session.call('patientFilms', films)).ok).toBe(true);
    expect(server.renewals).toBe(1);
  });

  it('stays signed in while the line is cut', async () => {
    const { start, server, pass } = world();
    const session = start();
    await session.signIn('13800138000', '123456');
    pass(700_000);
    server.isOffline = true;
    expect(await session.call('patientFilms', films)).toMatchObject({ ok: false, code: 'offline' });
    expect(session.state).toBe('signed-in');
    server.isOffline = false;
    expect((await session.call('patientFilms', films)).ok).toBe(true);
  });

  it('is wiped from the device at once where the server ended the session', async () => {
    const { start, kept, pass, endAll } = world();
    const session = start();
    const told: string[] = [];
    session.onChange(() => told.push(session.state));
    await session.signIn('13800138000', '123456');
    kept.set(keptFilmsName, ['film']);
    endAll();
    pass(700_000);
    expect(await session.call('patientFilms', films)).toMatchObject({ ok: false, status: 401 });
    expect(told).toEqual(['signed-in', 'signed-out']);
    expect(kept.size).toBe(0);
  });

  it('leaves nothing behind at sign-out, also off-line', async () => {
    const { start, kept, server } = world();
    const session = start();
    await session.signIn('13800138000', '123456');
    kept.set(keptFilmsName, ['film']);
    server.isOffline = true;
    await session.signOut();
    expect(kept.size).toBe(0);
    expect(session.state).toBe('signed-out');
  });

  it('is forgotten when the refresh token has run out', async () => {
    const { start, kept, pass } = world();
    await start().signIn('13800138000', '123456');
    pass(31 * 86_400_000);
    const later = start();
    await later.restore();
    expect(later.state).toBe('signed-out');
    expect(kept.size).toBe(0);
  });
});
