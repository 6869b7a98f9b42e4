import { useEffect, useState } from 'react';

/** Seconds left, counted by the clock, so that a phone that slept doesn't lag. `start` sets it going. */
export function useCountdown(): { readonly left: number; start(seconds: number): void } {
  const [endsAt, setEndsAt] = useState(0);
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const count = () => setLeft(Math.max(0, Math.ceil((endsAt - Date.now()) / 1000)));
    count();
    if (endsAt <= Date.now()) return undefined;
    const timer = setInterval(() => {
      count();
      if (Date.now() >= endsAt) clearInterval(timer);
    }, 500);
    return () => clearInterval(timer);
  }, [endsAt]);
  return { left, start: (seconds) => setEndsAt(Date.now() + seconds * 1000) };
}
