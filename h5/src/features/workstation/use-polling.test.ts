import { expect, it } from 'vitest';
import { pollDelayMs } from './use-polling';

it('asks every 20 seconds, and more rarely the longer it fails, at least every 5 minutes', () => {
  expect([0, 1, 2, 3, 4, 50].map(pollDelayMs)).toEqual([20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
});
