import { expect, it } from 'vitest';
import { heldUntilMs } from './share-hold';

const now = Date.parse('2026-03-01T00:00:00Z');
const minutes = (expiresAt: string) => (heldUntilMs(now, expiresAt) - now) / 60_000;

it('holds a share as long as its token lives, and 10 minutes where a clock is far off', () => {
  expect(minutes('2026-03-01T00:04:00Z')).toBe(4);
  expect(minutes('2026-03-01T00:10:00Z')).toBe(10);
  expect(minutes('2026-02-28T23:00:00Z')).toBe(10);
  expect(minutes('2026-03-01T09:00:00Z')).toBe(10);
  expect(minutes('')).toBe(10);
});
