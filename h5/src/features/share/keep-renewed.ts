import type { ApiResult } from '@yingyun/shared/contract/api-client';
import type { ShareAccess } from '@yingyun/shared/contract/routes';
import { heldUntilMs } from '@yingyun/shared/contract/share-hold';

const shortestMs = 15_000;
const longestMs = 45_000;
/** A page that flickers in and out of sight doesn't ask each time. */
const calmMs = 3_000;

export interface KeepRenewedOptions {
  readonly opened: ShareAccess;
  readonly renew: (token: string) => Promise<ApiResult<ShareAccess>>;
  /** Whether a person can see the page; `onChange` calls back at every change, and when the line is back, and gives the way to stop. */
  readonly visibility: { isVisible(): boolean; onChange(listener: () => void): () => void };
  /**
   * The server refused to renew. Called once; nothing is renewed afterwards. The server answers alike for a token that ran out
   * and a share that was revoked; `hadRunOut` tells them apart as far as this page can know.
   */
  readonly onRefused: (hadRunOut: boolean) => void;
}

/**
 * Holds a share's access token, in memory only, and renews it before it expires while the page is visible. A hidden page lets
 * it run out; on coming back the first act is a renewal, so that a revoked film isn't looked at any longer.
 *
 * At most 45 seconds pass between renewals, whatever the clock of the phone says: that is also how a reader who loads nothing
 * learns of a revocation. A line that is cut, a busy server or a limit on requests is no refusal: it tries again, until what the server
 * last promised is over (`heldUntilMs`).
 */
export function keepRenewed(options: KeepRenewedOptions): { token(): string; stop(): void } {
  let token = options.opened.accessToken;
  let expiresAt = options.opened.expiresAt;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isRunning = true;
  let isRenewing = false;
  let grantedAt = Date.now();
  let heldUntil = heldUntilMs(grantedAt, expiresAt);

  const schedule = (delayMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(tick, delayMs);
  };
  const tick = () => {
    if (options.visibility.isVisible()) void renew();
  };
  const renew = async () => {
    if (!isRunning || isRenewing) return;
    isRenewing = true;
    const result = await options.renew(token);
    isRenewing = false;
    if (!isRunning) return;
    if (result.ok) {
      grantedAt = Date.now();
      token = result.value.accessToken;
      expiresAt = result.value.expiresAt;
      heldUntil = heldUntilMs(grantedAt, expiresAt);
      schedule(delayUntilRenewal(expiresAt));
    } else if (Date.now() < heldUntil && (result.status === 0 || result.status === 429 || result.status >= 500)) {
      schedule(Math.max(shortestMs, (result.retryAfterSeconds ?? 0) * 1000));
    } else {
      stop();
      options.onRefused(Date.now() >= Math.min(heldUntil, Date.parse(expiresAt)));
    }
  };
  const stopListening = options.visibility.onChange(() => {
    if (options.visibility.isVisible() && Date.now() - grantedAt >= calmMs) void renew();
  });
  const stop = () => {
    isRunning = false;
    token = '';
    clearTimeout(timer);
    stopListening();
  };
  schedule(delayUntilRenewal(options.opened.expiresAt));
  return { token: () => token, stop };
}

function delayUntilRenewal(expiresAt: string): number {
  const leftMs = Date.parse(expiresAt) - Date.now();
  return Number.isNaN(leftMs) ? shortestMs : Math.min(longestMs, Math.max(shortestMs, leftMs / 2));
}
