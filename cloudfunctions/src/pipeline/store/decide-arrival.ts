import type { Arrival } from '../../adapters/database/instances';

/** What becomes of one arrival of a SOP instance (design D2c). */
export type ArrivalDecision =
  /** Generation 1, or one more than the newest where only the header differs. */
  | { readonly kind: 'store'; readonly generation: number }
  /** Header and pixels are those of an arrival that is stored. */
  | { readonly kind: 'duplicate'; readonly of: number }
  /** Other pixels under the same UID: kept, for a person to decide. */
  | { readonly kind: 'conflict'; readonly with: number };

const storedStates: readonly string[] = ['stored', 'verified', 'packed'];

/** Idempotent by (hospital, SOP Instance UID, digests). `arrivals` are all of this SOP instance, among them `own`. */
export function decideArrival(
  arrivals: readonly Arrival[],
  own: Pick<Arrival, 'id'>,
  digests: { readonly headerSm3: string; readonly pixelSm3: string },
): ArrivalDecision {
  const stored = storedArrivals(arrivals, own);
  const twin = stored.find((other) => other.pixelSm3 === digests.pixelSm3 && other.headerSm3 === digests.headerSm3);
  if (twin !== undefined) return { kind: 'duplicate', of: twin.journalSequence };
  const different = stored.find((other) => other.pixelSm3 !== digests.pixelSm3);
  if (different !== undefined) return { kind: 'conflict', with: different.journalSequence };
  return { kind: 'store', generation: nextGeneration(arrivals, own) };
}

/** The same bytes as a stored arrival: known without opening them. */
export function duplicateByBytes(
  arrivals: readonly Arrival[],
  own: Pick<Arrival, 'id' | 'receivedSm3'>,
): number | undefined {
  return storedArrivals(arrivals, own).find((other) => other.receivedSm3 === own.receivedSm3)?.journalSequence;
}

export function nextGeneration(arrivals: readonly Arrival[], own: Pick<Arrival, 'id'>): number {
  return 1 + Math.max(0, ...storedArrivals(arrivals, own).map((other) => other.generation));
}

/** Stored, but its digests are gone with the database it stood in. */
export function isUnindexed(arrival: Arrival): boolean {
  return storedStates.includes(arrival.state) && arrival.headerSm3 === '';
}

function storedArrivals(arrivals: readonly Arrival[], own: Pick<Arrival, 'id'>): Arrival[] {
  return arrivals.filter((other) => other.id !== own.id && storedStates.includes(other.state) && !isUnindexed(other));
}
