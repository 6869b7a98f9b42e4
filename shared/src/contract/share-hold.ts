const mostMs = 10 * 60_000;

/**
 * Until when (milliseconds since the epoch, by the reader's own clock) a share granted now may be looked at without another word from the
 * server: as long as its access token lives, 10 minutes at most. Share answers are kept nowhere (design §7), so a screen that can't ask
 * must not show them for longer than the server promised. A clock that is far off makes no other promise: then it is the 10 minutes.
 */
export function heldUntilMs(nowMs: number, expiresAt: string): number {
  const leftMs = Date.parse(expiresAt) - nowMs;
  return nowMs + (leftMs > 0 && leftMs < mostMs ? leftMs : mostMs);
}
