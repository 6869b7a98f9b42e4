import type { ApiClient, ApiFailure, ApiResult, Input } from '@yingyun/shared/contract/api-client';
import type { PatientSignedIn } from '@yingyun/shared/contract/patient-routes';
import type { PatientAnswer, PatientInput, PatientRoute } from './patient-route';
import type { SealedStore } from './sealed-store';

/** 'unknown' until the device's storage has been read. */
export type SessionState = 'unknown' | 'signed-out' | 'signed-in';

export interface SessionPorts {
  readonly client: ApiClient;
  readonly store: SealedStore;
  now(): number;
  /** Keeps others (tabs) from renewing at the same time. */
  alone<T>(name: string, act: () => Promise<T>): Promise<T>;
}

interface KeptSession {
  readonly refreshToken: string;
  readonly refreshExpiresAt: string;
  /** Tells this sign-in from any other on this device, ms: what one person's sign-in kept is never another's. */
  readonly signedInAtMs: number;
}

interface KeptFilms {
  readonly signedInAtMs: number;
  readonly films: unknown;
}

const sessionName = 'yingyun.session';
/** With the session everything of a person that may lie on the device; all of it goes at sign-out. */
export const keptFilmsName = 'yingyun.films';
/** An access token is renewed this long before it ends. */
const earlyMs = 30_000;

/**
 * Who is signed in. The access token lives in memory; the refresh token lies sealed on the device, is good for one renewal and is
 * replaced at once. Renewals never run twice at a time: the server takes a second use for theft and ends the session.
 */
export class PatientSession {
  private access: { readonly token: string; readonly expiresAtMs: number } | undefined;
  private current: SessionState = 'unknown';
  private signedInAtMs: number | undefined;
  /** Writes to the device, one after another: none may come behind the wipe that it should have gone before. */
  private writing: Promise<void> = Promise.resolve();
  private renewing: Promise<ApiFailure | undefined> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly ports: SessionPorts) {}

  get state(): SessionState {
    return this.current;
  }

  /** Which sign-in this is; undefined: none. Another one by the same person is another. */
  get visit(): number | undefined {
    return this.signedInAtMs;
  }

  /** Calls back at every change of `state`; the answer stops it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Reads what the device kept. Asks no server: an off-line start shows the last list. */
  async restore(): Promise<void> {
    const kept = await this.ports.store.read<KeptSession>(sessionName);
    const isAlive = kept !== null && Date.parse(kept.refreshExpiresAt) > this.ports.now();
    if (kept !== null && !isAlive) await this.wipe();
    if (isAlive) this.signedInAtMs = kept.signedInAtMs;
    this.become(isAlive ? 'signed-in' : 'signed-out');
  }

  async signIn(phone: string, code: string): Promise<ApiResult<unknown>> {
    const result = await this.ports.client.call('signInPatient', { body: { phone, code } });
    if (!result.ok) return result;
    this.signedInAtMs = this.ports.now();
    await this.keep(result.value, this.signedInAtMs);
    this.become('signed-in');
    return { ok: true, value: undefined };
  }

  /** Wipes the device first, so that nothing stays where the line is slow or cut; then tells the server. */
  async signOut(): Promise<void> {
    const live = this.liveToken();
    // A renewal under way has the refresh token: it ends the session itself.
    const isNeeded = live === undefined && this.renewing === undefined;
    const kept = isNeeded ? await this.ports.store.read<KeptSession>(sessionName) : null;
    await this.wipe();
    this.become('signed-out');
    if (live !== undefined) return this.endOnServer(live);
    if (kept === null) return undefined;
    const renewed = await this.ports.client.call('renewPatient', { body: { refreshToken: kept.refreshToken } });
    return renewed.ok ? this.endOnServer(renewed.value.accessToken) : undefined;
  }

  /** What this sign-in kept for an off-line start; null where it kept nothing. */
  async keptFilms<T>(): Promise<T | null> {
    const kept = await this.ports.store.read<KeptFilms>(keptFilmsName);
    return kept !== null && kept.signedInAtMs === this.signedInAtMs ? (kept.films as T) : null; // only `keepFilms` wrote it
  }

  /** Keeps what was asked for in this `visit`; nothing where that one has ended since. */
  async keepFilms(films: unknown, visit: number | undefined): Promise<void> {
    await this.inTurn(async () => {
      if (visit === undefined || visit !== this.signedInAtMs) return;
      await this.ports.store.write(keptFilmsName, { signedInAtMs: visit, films } satisfies KeptFilms);
    });
  }

  /** Where a binding has ended, what was kept may show what must not be shown any more. */
  async forgetFilms(): Promise<void> {
    await this.inTurn(() => this.ports.store.remove(keptFilmsName));
  }

  /** Asks a patient route, with a token that is renewed where it has to be. Once more with a fresh one where it was refused. */
  async call<N extends PatientRoute>(route: N, input: PatientInput<N>): Promise<PatientAnswer<N>> {
    const token = await this.token();
    if (typeof token !== 'string') return token;
    const result = await this.ask(route, input, token);
    if (result.ok || result.status !== 401) return result;
    this.refused(token);
    const fresh = await this.token();
    return typeof fresh === 'string' ? this.ask(route, input, fresh) : fresh;
  }

  /** A token that is good for now, or why there is none. */
  async token(): Promise<string | ApiFailure> {
    const live = this.liveToken();
    if (live !== undefined) return live;
    this.renewing ??= this.ports
      .alone('yingyun.renew', () => this.renew())
      .finally(() => {
        this.renewing = undefined;
      });
    const failure = await this.renewing;
    return failure ?? this.access?.token ?? signedOut;
  }

  private ask<N extends PatientRoute>(route: N, input: PatientInput<N>, token: string): Promise<PatientAnswer<N>> {
    return this.ports.client.call(route, { ...input, token } as unknown as Input<N>); // the route's input was its input without the token
  }

  /** The server takes this token no more: the next one asked for is a fresh one. */
  refused(token: string): void {
    if (this.access?.token === token) this.access = undefined;
  }

  private liveToken(): string | undefined {
    const { access } = this;
    return access !== undefined && access.expiresAtMs - earlyMs > this.ports.now() ? access.token : undefined;
  }

  private async renew(): Promise<ApiFailure | undefined> {
    const kept = await this.ports.store.read<KeptSession>(sessionName);
    if (kept !== null && this.current === 'unknown') this.signedInAtMs = kept.signedInAtMs;
    // Gone, or somebody else's by now, who has signed in in another tab.
    if (kept === null || kept.signedInAtMs !== this.signedInAtMs) {
      this.forget();
      this.become('signed-out');
      return signedOut;
    }
    const result = await this.ports.client.call('renewPatient', { body: { refreshToken: kept.refreshToken } });
    if (this.signedInAtMs !== kept.signedInAtMs) {
      // Signed out meanwhile: what came now must not bring the session back.
      if (result.ok) await this.endOnServer(result.value.accessToken);
      return signedOut;
    }
    if (result.ok) {
      await this.keep(result.value, kept.signedInAtMs);
      return undefined;
    }
    if (result.status === 401 || result.status === 403) {
      await this.wipe();
      this.become('signed-out');
    }
    return result;
  }

  private async keep(granted: PatientSignedIn, visit: number): Promise<void> {
    const { refreshToken, refreshExpiresAt } = granted;
    this.access = { token: granted.accessToken, expiresAtMs: Date.parse(granted.expiresAt) };
    await this.inTurn(async () => {
      if (visit !== this.signedInAtMs) return;
      const session = { refreshToken, refreshExpiresAt, signedInAtMs: visit };
      await this.ports.store.write(sessionName, session satisfies KeptSession);
    });
  }

  private async wipe(): Promise<void> {
    this.forget();
    await this.inTurn(async () => {
      await this.ports.store.remove(sessionName);
      await this.ports.store.remove(keptFilmsName);
    });
  }

  private forget(): void {
    this.access = undefined;
    this.signedInAtMs = undefined;
  }

  private async endOnServer(token: string): Promise<void> {
    await this.ports.client.call('signOutPatient', { token });
  }

  private inTurn(act: () => Promise<void>): Promise<void> {
    const mine = this.writing.then(act);
    this.writing = mine.catch(() => undefined); // `mine` carries the failure to its caller
    return mine;
  }

  private become(state: SessionState): void {
    if (this.current === state) return;
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}

const signedOut: ApiFailure = {
  ok: false,
  status: 401,
  code: 'unauthenticated',
  message: '登录已失效，请重新登录',
  retryAfterSeconds: undefined,
};
