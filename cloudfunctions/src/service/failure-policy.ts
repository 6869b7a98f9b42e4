import type { FailureRecord } from './api-ports';

/** How many failures lock, and for how long. */
export interface FailurePolicy {
  readonly failuresToLock: number;
  /** Failures older than this are forgotten; null: they count for the whole life. */
  readonly windowMinutes: number | null;
  readonly lockMinutes: number;
}

/** GB/T 22239-2019 8.1.4.1 b): five failures within ten minutes lock an account for fifteen. */
export const signInPolicy: FailurePolicy = { failuresToLock: 5, windowMinutes: 10, lockMinutes: 15 };
/** Every fifth failure of a link locks it for half an hour; the fifteenth revokes it (`failuresToRevoke`). */
export const sharePolicy: FailurePolicy = { failuresToLock: 5, windowMinutes: null, lockMinutes: 30 };
export const failuresToRevoke = 15;

export function isLocked(record: Pick<FailureRecord, 'lockedUntil'>, now: Date): boolean {
  return record.lockedUntil !== null && record.lockedUntil.getTime() > now.getTime();
}

/** The counters after one more failure at `now`. */
export function afterFailure(policy: FailurePolicy, before: FailureRecord, now: Date): FailureRecord {
  const isStale =
    policy.windowMinutes !== null &&
    before.firstFailureAt !== null &&
    now.getTime() - before.firstFailureAt.getTime() > policy.windowMinutes * 60_000;
  const failures = isStale ? 1 : before.failures + 1;
  const firstFailureAt = isStale || before.firstFailureAt === null ? now : before.firstFailureAt;
  if (failures % policy.failuresToLock !== 0) return { failures, firstFailureAt, lockedUntil: before.lockedUntil };
  const lockedUntil = new Date(now.getTime() + policy.lockMinutes * 60_000);
  return { failures: policy.windowMinutes === null ? failures : 0, firstFailureAt: null, lockedUntil };
}

export function secondsUntil(later: Date | null, now: Date): number {
  return later === null ? 0 : Math.max(1, Math.ceil((later.getTime() - now.getTime()) / 1000));
}
