import { useEffect, useRef, useState } from 'react';

export const idleLimitMs = 15 * 60_000;
const warnBeforeMs = 60_000;
const checkEveryMs = 5_000;

/**
 * Calls `onIdle` after 15 minutes without a key, pointer or wheel, and says when less than a minute is left. Compares clock
 * times rather than waiting for one long timer: a sleeping laptop stops timers, not time.
 */
export function useIdleSignOut(lastActiveAt: number, onActive: (at: number) => void, onIdle: () => void): boolean {
  const [isEndingSoon, setEndingSoon] = useState(false);
  const active = useRef(lastActiveAt);
  const callbacks = useRef({ onActive, onIdle });
  callbacks.current = { onActive, onIdle };

  useEffect(() => {
    const check = () => {
      const idleMs = Date.now() - active.current;
      if (idleMs >= idleLimitMs) callbacks.current.onIdle();
      else setEndingSoon(idleMs >= idleLimitMs - warnBeforeMs);
    };
    const touch = () => {
      const now = Date.now();
      if (now - active.current >= idleLimitMs) return check(); // the first touch after a long sleep doesn't revive the session
      if (now - active.current > checkEveryMs) callbacks.current.onActive(now);
      active.current = now;
    };
    const kinds = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove'];
    for (const kind of kinds) window.addEventListener(kind, touch, { passive: true });
    document.addEventListener('visibilitychange', check);
    const timer = setInterval(check, checkEveryMs);
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, touch);
      document.removeEventListener('visibilitychange', check);
      clearInterval(timer);
    };
  }, []);
  return isEndingSoon;
}
