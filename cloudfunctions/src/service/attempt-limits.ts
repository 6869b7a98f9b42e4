import type { Clock } from '../ports/clock-and-random';
import { addressNetwork } from './address-network';
import type { AttemptKind, AttemptLimits, FailureRecord } from './api-ports';

const hourMs = 3_600_000;
const maxEntries = 50_000;
const noFailures: FailureRecord = { failures: 0, firstFailureAt: null, lockedUntil: null };

export type TriesPerHour = Readonly<Record<AttemptKind, number>>;

/**
 * An address may fail, or try, this often an hour. A hospital's staff often shares one address, and so do its patients on its wireless
 * network, hence the higher numbers; what protects one phone, person or record stands in the database.
 */
export const defaultTriesPerHour: TriesPerHour = {
  'staff-sign-in': 60,
  'share-open': 20,
  'patient-renew': 60,
  'code-send': 60,
  'code-try': 120,
  'link-start': 30,
};

/**
 * Token buckets per address and shadow counters, in this process's memory, bounded: the oldest entry leaves first. A restart
 * refills them; several processes multiply the allowance (docs/errors.md). The locks that matter stand in the database.
 */
export function createAttemptLimits(clock: Clock, triesPerHour: Partial<TriesPerHour> = {}): AttemptLimits {
  const limits = { ...defaultTriesPerHour, ...triesPerHour };
  const buckets = new Map<string, { left: number; at: number }>();
  const shadows = new Map<string, FailureRecord>();
  const bucketOf = (kind: AttemptKind, address: string) => {
    const key = `${kind} ${addressNetwork(address)}`;
    const now = clock.now().getTime();
    const full = limits[kind];
    const known = buckets.get(key) ?? { left: full, at: now };
    const bucket = { left: Math.min(full, known.left + ((now - known.at) / hourMs) * full), at: now };
    remember(buckets, key, bucket);
    return bucket;
  };
  return {
    take(kind, address) {
      const bucket = bucketOf(kind, address);
      if (bucket.left < 1) return false;
      bucket.left -= 1;
      return true;
    },
    giveBack(kind, address) {
      const bucket = bucketOf(kind, address);
      bucket.left = Math.min(limits[kind], bucket.left + 1);
    },
    shadow: (kind, key) => shadows.get(`${kind} ${key}`) ?? noFailures,
    setShadow: (kind, key, record) => remember(shadows, `${kind} ${key}`, record),
  };
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > maxEntries) for (const oldest of map.keys()) return void map.delete(oldest);
}
