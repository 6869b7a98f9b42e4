import { type Arrival, updateInstance } from '../../adapters/database/instances';
import type { Queryable } from '../../ports/database';
import type { Ports } from '../../ports/ports';
import type { ArrivalDecision } from './decide-arrival';

/** A duplicate is at its end; a conflict rests for a person, with its spool file. Neither is what is shown. */
export async function settleUnstored(
  ports: Pick<Ports, 'clock'>,
  database: Queryable,
  own: Arrival,
  decision: Exclude<ArrivalDecision, { kind: 'store' }>,
  digests: { readonly headerSm3: string; readonly pixelSm3: string },
  place: { readonly studyId: string | null; readonly seriesId: string | null },
): Promise<void> {
  const isDuplicate = decision.kind === 'duplicate';
  await updateInstance(database, own.id, {
    studyId: place.studyId,
    seriesId: place.seriesId,
    state: isDuplicate ? 'verified' : 'conflict',
    stateReason: isDuplicate ? `duplicate of ${decision.of}` : `other pixels than ${decision.with}`,
    headerSm3: digests.headerSm3,
    pixelSm3: digests.pixelSm3,
    isCurrent: false,
    updatedAt: ports.clock.now(),
  });
}
