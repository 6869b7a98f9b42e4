import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { endPatientLink } from '../../adapters/database/patient-links';
import { endSharesOutOfSight } from '../../adapters/database/person-shares';
import { lockPerson } from '../../adapters/database/persons';
import { type ApiPorts, platformTenant } from '../api-ports';
import type { PatientCaller } from '../caller';

/**
 * Ends one of the person's links, and the shares they made of films they no longer see; from the next request on neither they nor
 * whoever has one of those shares open is shown anything. Problems: `not-found`.
 */
export async function removeLink(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'clock'>,
  caller: PatientCaller,
  input: { readonly linkId: string },
): Promise<Record<string, never> | Problem> {
  const now = ports.clock.now();
  return ports.database.transaction(async (transaction) => {
    await lockPerson(transaction, caller.personId);
    const ended = await endPatientLink(transaction, caller.personId, input.linkId, now);
    if (ended !== undefined) await endSharesOutOfSight(transaction, caller.personId, now);
    await ports.audit.record(transaction, {
      hospitalId: ended?.hospitalId ?? platformTenant,
      actor: { kind: 'person', id: caller.personId },
      action: 'patient-link-remove',
      object: { kind: 'patient-link', id: input.linkId },
      outcome: ended === undefined ? 'denied' : 'ok',
      ...(ended === undefined ? { reason: 'not-found' } : {}),
      requestId: caller.requestId,
    });
    return ended === undefined ? problem('not-found') : {};
  });
}
