import type { RandomSource } from '../../ports/clock-and-random';

const longestMs = 300_000;

/**
 * How long a failed event rests, in ms: 1 s · 2^(attempt − 1), at most 5 min, of which the last half is left to chance
 * so that events which failed together don't come back together. `attempt` is 1 after the first failure.
 */
export function retryDelayMs(attempt: number, random: RandomSource): number {
  const full = Math.min(1000 * 2 ** Math.min(attempt - 1, 20), longestMs);
  const [high = 0, low = 0] = random.bytes(2);
  return Math.round(full / 2 + (full / 2) * ((high * 256 + low) / 65_535));
}
