import { endLinksOfPerson } from '../../adapters/database/patient-links';
import { endSharesOutOfSight } from '../../adapters/database/person-shares';
import { type PersonRow, phoneProvedAt } from '../../adapters/database/persons';
import type { Transaction } from '../../ports/database';
import type { ApiPorts } from '../api-ports';
import type { AnonymousCaller } from '../caller';

/** Carriers rest a cancelled number for 90 days at least before they hand it on. */
const restMs = 90 * 86_400_000;

/**
 * Ends the links of a person whose phone was last proved so long ago that it may be somebody else's by now: a phone alone proves nothing
 * (design §6). Whoever it is binds again, with the ID number and the phone in the record. Use of the app doesn't count: the old owner's
 * goes on without the number. No session outlives this time, so that the old owner's shows them nothing of the new owner's.
 */
export async function letLinksLapse(
  ports: Pick<ApiPorts, 'audit'>,
  transaction: Transaction,
  caller: AnonymousCaller,
  person: PersonRow,
  now: Date,
): Promise<void> {
  const provedAt = await phoneProvedAt(transaction, person);
  if (now.getTime() - provedAt.getTime() < restMs) return;
  const ended = await endLinksOfPerson(transaction, person.id, now);
  if (ended.length === 0) return;
  await endSharesOutOfSight(transaction, person.id, now);
  for (const link of ended) {
    await ports.audit.record(transaction, {
      hospitalId: link.hospitalId,
      actor: { kind: 'system', id: 'sign-in-patient' },
      action: 'patient-link-lapse',
      object: { kind: 'patient-link', id: link.id },
      outcome: 'ok',
      requestId: caller.requestId,
    });
  }
}
