import type { PatientLinkItem } from '@yingyun/shared/contract/patient-routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { insertPatientLink, linksOfPerson } from '../../adapters/database/patient-links';
import { recordOfIdentity } from '../../adapters/database/patient-records';
import { lockPerson } from '../../adapters/database/persons';
import { type CodeRow, takeTry, useCode } from '../../adapters/database/text-message-codes';
import type { Transaction } from '../../ports/database';
import { type ApiPorts, platformTenant } from '../api-ports';
import type { PatientCaller } from '../caller';
import { linkItem } from './patient-account';
import { linkSubject } from './start-link';

/** A challenge ends with the third wrong code. */
const triesOfChallenge = 3;

type Ports = Pick<ApiPorts, 'attempts' | 'database' | 'fields' | 'secrets' | 'audit' | 'clock' | 'random'>;

/**
 * Makes the link, where the code is the one that was sent to the phone in the record. Wrong, late, used, tried too often, somebody
 * else's challenge, one that nobody could answer: one answer, `code-refused`, after the same work. A link that holds already stays.
 * Problems: `too-many-requests`, `code-refused`.
 */
export async function confirmLink(
  ports: Ports,
  caller: PatientCaller,
  input: { readonly challengeId: string; readonly code: string },
): Promise<PatientLinkItem | Problem> {
  if (!ports.attempts.take('code-try', caller.address)) return problem('too-many-requests', undefined, 600);
  const now = ports.clock.now();
  const subject = linkSubject(input.challengeId);
  const live = await takeTry(ports.database, subject, triesOfChallenge, now);
  const isRight = await ports.secrets.matches('text-message-code', subject, live?.verifier, input.code);
  const linked =
    live !== undefined && isRight && live.personId === caller.personId
      ? await ports.database.transaction((transaction) => link(ports, transaction, caller, live, now))
      : undefined;
  if (linked !== undefined) return linked;
  await ports.audit.record(ports.database, {
    hospitalId: platformTenant,
    actor: { kind: 'person', id: caller.personId },
    action: 'patient-link-confirm',
    object: { kind: 'person', id: caller.personId },
    outcome: 'denied',
    reason: 'code-refused',
    requestId: caller.requestId,
  });
  return problem('code-refused');
}

async function link(
  ports: Ports,
  transaction: Transaction,
  caller: PatientCaller,
  { id, hospitalId, identityIndex }: CodeRow,
  now: Date,
): Promise<PatientLinkItem | undefined> {
  if (!(await useCode(transaction, id, now))) return undefined;
  await lockPerson(transaction, caller.personId);
  const record = await recordOfIdentity(transaction, hospitalId, identityIndex);
  if (record === undefined) return undefined;
  const find = async () =>
    (await linksOfPerson(transaction, caller.personId)).find(
      (one) => one.link.hospitalId === hospitalId && one.link.identityIndex === identityIndex,
    );
  if ((await find()) === undefined) {
    await insertPatientLink(transaction, {
      id: ports.random.uuid(),
      hospitalId,
      personId: caller.personId,
      identityIndex,
      assurance: 'id-number-and-record-phone',
      createdAt: now,
    });
  }
  const made = await find();
  if (made === undefined) throw new Error('the link was just made');
  await ports.audit.record(transaction, {
    hospitalId,
    actor: { kind: 'person', id: caller.personId },
    action: 'patient-link-confirm',
    object: { kind: 'patient-link', id: made.link.id },
    outcome: 'ok',
    requestId: caller.requestId,
  });
  return linkItem(ports, made, record);
}
