import type { ApiResult } from '@yingyun/shared/contract/api-client';
import type { ShareAccess } from '@yingyun/shared/contract/routes';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepRenewed } from './keep-renewed';

const start = new Date('2026-03-01T00:00:00Z');
const minutesLater = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const grant = (accessToken: string, minutes = 10): ShareAccess => ({
  accessToken,
  expiresAt: minutesLater(minutes),
  shareExpiresAt: minutesLater(600),
});
const refusal = (status: number, retryAfterSeconds?: number): ApiResult<ShareAccess> => ({
  ok: false,
  status,
  code: status === 0 ? 'offline' : 'share-unavailable',
  message: '',
  retryAfterSeconds,
});

function page(answers: (asked: string) => ApiResult<ShareAccess>) {
  const listeners = new Set<() => void>();
  const asked: string[] = [];
  const onRefused = vi.fn();
  let visible = true;
  const kept = keepRenewed({
    opened: grant('first'),
    renew: async (token) => {
      asked.push(token);
      return answers(token);
    },
    visibility: {
      isVisible: () => visible,
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    onRefused,
  });
  const show = (is: boolean) => {
    visible = is;
    for (const listener of listeners) listener();
  };
  return { kept, asked, onRefused, show, listeners };
}

describe('the access token of an open film', () => {
  beforeEach(() => vi.useFakeTimers({ now: start }));
  afterEach(() => vi.useRealTimers());

  it('is renewed before it expires, each time with the newest token', async () => {
    let n = 1;
    const { kept, asked } = page(() => ({ ok: true, value: grant(`token-${n++}`) }));
    await vi.advanceTimersByTimeAsync(9 * 60_000);
    expect(asked.length).toBe(12);
    expect(asked.slice(0, 3)).toEqual(['first', 'token-1', 'token-2']);
    expect(kept.token()).toBe(`token-${asked.length}`);
  });

  it('is renewed even where the clock of the phone is an hour fast', async () => {
    const { asked } = page(() => ({ ok: true, value: grant('next', -60) }));
    await vi.advanceTimersByTimeAsync(3 * 60_000);
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.length).toBeLessThan(12);
  });

  it('rests while nobody looks, and is renewed first thing on coming back', async () => {
    const { asked, show } = page(() => ({ ok: true, value: grant('next') }));
    show(false);
    await vi.advanceTimersByTimeAsync(30 * 60_000);
    expect(asked).toEqual([]);
    show(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual(['first']);
  });

  it('survives a cut line, a busy server and a request limit', async () => {
    const faults = [refusal(0), refusal(503), refusal(429, 40)];
    const { asked, onRefused, kept } = page(() => faults.shift() ?? { ok: true, value: grant('next') });
    await vi.advanceTimersByTimeAsync(45_000 + 15_000 + 15_000 + 39_000);
    expect(asked.length).toBe(3);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(kept.token()).toBe('next');
    expect(onRefused).not.toHaveBeenCalled();
  });

  it('is given up, off the line, when what the server promised is over, and no sooner', async () => {
    const { onRefused, kept } = page(() => refusal(0));
    await vi.advanceTimersByTimeAsync(9 * 60_000 + 55_000);
    expect(onRefused).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(onRefused.mock.calls).toEqual([[true]]);
    expect(kept.token()).toBe('');
  });

  it('is known to have run out after a long rest, which is no revocation', async () => {
    const { onRefused, show } = page(() => refusal(401));
    show(false);
    await vi.advanceTimersByTimeAsync(11 * 60_000);
    show(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(onRefused.mock.calls).toEqual([[true]]);
  });

  it('is gone once the server refuses, which is told once', async () => {
    const { kept, onRefused, show, listeners } = page(() => refusal(401));
    await vi.advanceTimersByTimeAsync(45_000);
    expect(onRefused.mock.calls).toEqual([[false]]);
    expect(kept.token()).toBe('');
    show(true);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(onRefused).toHaveBeenCalledTimes(1);
    expect(listeners.size).toBe(0);
  });
});
