import { createApiClient, type Send } from '@yingyun/shared/contract/api-client';
import { describe, expect, it } from 'vitest';
import { keptFilmsName, PatientSession } from './patient-session';

/** A server of one person: grants, renews each refresh token once, and ends everything at a second use. */
function world() {
  const kept = new Map<string, unknown>();
  let nowMs = Date.UTC(2026, 2, 1);
  let count = 0;
  let live: { access: string; refresh: string } | undefined;
  const server = { isOffline: false, isSlow: false, renewals: 0, reuses: 0, asked: [] as string[] };
  let goOn = () => {};
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
    if (server.isSlow) {
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
    }
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
    /** Lets the server answer what it was asked while it was slow. */
    answer: async () => {
      server.isSlow = false;
      goOn();
      await new Promise((resolve) => setTimeout(resolve, 10));
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

  it('wipes the device at once where the line is slow, and the renewal under way brings nothing back', async () => {
    const { start, kept, server, pass, answer } = world();
    const session = start();
    await session.signIn('13800138000', '123456');
    pass(700_000);
    server.isSlow = true;
    const asking = session.call('patientFilms', films);
    await new Promise((resolve) => setTimeout(resolve, 10));
    await session.signOut();
    expect(kept.size).toBe(0);
    await answer();
    expect(await asking).toMatchObject({ ok: false, status: 401 });
    expect([kept.size, session.state]).toEqual([0, 'signed-out']);
    expect(server.asked.at(-1)).toBe('/api/patient/sign-out');
  });

  it('wipes the device before it asks a slow server for a token to sign out with', async () => {
    const { start, kept, server, pass, answer } = world();
    const session = start();
    await session.signIn('13800138000', '123456');
    pass(700_000);
    server.isSlow = true;
    const leaving = session.signOut();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(kept.size).toBe(0);
    await answer();
    await leaving;
    expect(server.asked.slice(-2)).toEqual(['/api/patient/renew', '/api/patient/sign-out']);
  });
});

describe('the list kept for an off-line start', () => {
  it('is shown to the same sign-in after a restart, and to nobody who signs in later', async () => {
    const { start, pass } = world();
    const session = start();
    await session.signIn('13800138000', '123456');
    await session.keepFilms(['mine'], session.visit);
    const again = start();
    await again.restore();
    expect(await again.keptFilms()).toEqual(['mine']);
    pass(1000);
    await again.signIn('13900139000', '123456');
    expect(await again.keptFilms()).toBeNull();
  });

  it('is not kept where the answer comes after its person has signed out', async () => {
    const { start, kept, pass } = world();
    const session = start();
    await session.signIn('13800138000', '123456');
    const { visit } = session;
    await session.signOut();
    await session.keepFilms(['late'], visit);
    expect(kept.size).toBe(0);
    pass(1000);
    await session.signIn('13900139000', '123456');
    await session.keepFilms(['late'], visit);
    expect(await session.keptFilms()).toBeNull();
  });

  it('is forgotten with a binding', async () => {
    const { start, kept } = world();
    const session = start();
    await session.signIn('13800138000', '123456');
    await session.keepFilms(['mine'], session.visit);
    await session.forgetFilms();
    expect(kept.has(keptFilmsName)).toBe(false);
  });
});

describe('another tab of the same browser', () => {
  it('never goes on as the person who has signed in in the first one meanwhile', async () => {
    const { start, pass } = world();
    const first = start();
    await first.signIn('13800138000', '123456');
    const second = start();
    await second.restore();
    await first.signOut();
    pass(700_000);
    await first.signIn('13900139000', '123456');
    expect(await second.call('patientFilms', films)).toMatchObject({ ok: false, status: 401 });
    expect([second.state, first.state]).toEqual(['signed-out', 'signed-in']);
    expect((await first.call('patientFilms', films)).ok).toBe(true);
  });
});
