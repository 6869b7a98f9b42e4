import { endLinksOfPerson } from '../../adapters/database/patient-links';
import { endSharesOutOfSight } from '../../adapters/database/person-shares';
import { lastSeen, type PersonRow } from '../../adapters/database/persons';
import type { Transaction } from '../../ports/database';
import type { ApiPorts } from '../api-ports';
import type { AnonymousCaller } from '../caller';

/** Carriers hand a cancelled number on to somebody else after about three months. */
const absenceMs = 90 * 86_400_000;

/**
 * Ends the links of a person who has not been seen for so long that their phone may be somebody else's by now: a phone alone proves nothing
 * (design §6). Whoever it is binds again, with the ID number and the phone in the record.
 */
export async function letLinksLapse(
  ports: Pick<ApiPorts, 'audit'>,
  transaction: Transaction,
  caller: AnonymousCaller,
  person: PersonRow,
  now: Date,
): Promise<void> {
  const seenAt = await lastSeen(transaction, person);
  if (now.getTime() - seenAt.getTime() < absenceMs) return;
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
