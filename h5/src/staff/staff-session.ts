import type { Answers, ApiClient, ApiFailure, ApiResult, Input } from '@yingyun/shared/contract/api-client';
import type { SignedIn } from '@yingyun/shared/contract/routes';
import { text } from './text-zh';

const storageKey = 'yingyun.staff';

/**
 * Where the staff token lives: in sessionStorage, so that a reload doesn't ask for the one-time code again, and a closed tab
 * forgets it. localStorage would outlive the tab on a shared ward computer; a cookie would need CSRF defence on every route.
 * The content security policy (own scripts only) is what keeps other scripts from reading it; idle sign-out ends it.
 */
export interface StaffSession extends SignedIn {
  /** Milliseconds since the epoch of the last key, pointer or wheel. */
  readonly lastActiveAt: number;
}

export function loadSession(now: number, idleLimitMs: number): StaffSession | undefined {
  try {
    const session = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') as StaffSession | null; // written by saveSession only
    if (session === null || now - session.lastActiveAt > idleLimitMs || Date.parse(session.expiresAt) <= now)
      return undefined;
    return session;
  } catch {
    return undefined;
  }
}

export function saveSession(session: StaffSession | undefined): void {
  if (session === undefined) sessionStorage.removeItem(storageKey);
  else sessionStorage.setItem(storageKey, JSON.stringify(session));
}

/** The client with the token put in, telling once when the server no longer knows it. */
export interface StaffApi {
  call<N extends keyof Answers>(route: N, input: Omit<Input<N>, 'token'>): Promise<ApiResult<Answers[N]>>;
  token(): string;
  accessLost(): void;
}

export function createStaffApi(client: ApiClient, token: string, onExpired: () => void): StaffApi {
  return {
    token: () => token,
    accessLost: onExpired,
    async call(route, input) {
      const result = await client.call(route, { ...input, token } as Input<typeof route>); // `token` is what Omit took away
      if (!result.ok && result.code === 'unauthenticated') onExpired();
      return result;
    },
  };
}

/** A failure in words: the server's, where it gave some. */
export function wordsOf(failure: ApiFailure): string {
  if (failure.code === 'offline') return text.offline;
  return failure.message === '' ? text.failed : failure.message;
}
