import { useEffect, useRef } from 'react';

const everyMs = 20_000;
const mostMs = 5 * 60_000;

/** How long to wait after so many failures in a row: 20 s, doubled by each, 5 minutes at most. */
export function pollDelayMs(failures: number): number {
  return Math.min(everyMs * 2 ** failures, mostMs);
}

/**
 * Asks again and again while the page is seen: not at all behind another tab, at once when it comes back after longer than a turn, and
 * more rarely while it fails. `ask` answers whether it went well; it runs once at a time.
 */
export function usePolling(ask: () => Promise<boolean>): void {
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    let failures = 0;
    let dueAt = Date.now() + pollDelayMs(0);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isEnded = false;
    let isAsking = false;
    const plan = (): void => {
      clearTimeout(timer);
      if (isEnded || isAsking || document.visibilityState === 'hidden') return;
      timer = setTimeout(() => void turn(), Math.max(0, dueAt - Date.now()));
    };
    const turn = async (): Promise<void> => {
      isAsking = true;
      failures = (await latest.current().catch(() => false)) ? 0 : failures + 1;
      isAsking = false;
      dueAt = Date.now() + pollDelayMs(failures);
      plan();
    };
    const online = (): void => {
      dueAt = Date.now();
      plan();
    };
    document.addEventListener('visibilitychange', plan);
    window.addEventListener('online', online);
    plan();
    return () => {
      isEnded = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', plan);
      window.removeEventListener('online', online);
    };
  }, []);
}
