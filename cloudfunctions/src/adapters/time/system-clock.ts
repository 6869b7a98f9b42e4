import type { Clock } from '../../ports/clock-and-random';

export function createSystemClock(): Clock {
  return { now: () => new Date() };
}
