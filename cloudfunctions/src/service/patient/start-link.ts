import type { LinkStarted } from '@yingyun/shared/contract/patient-routes';
import { isIdNumber } from '@yingyun/shared/domain/id-number';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { takeAttempt } from '../../adapters/database/attempt-counters';
import { findHospital } from '../../adapters/database/hospitals';
import { identityIndexOf, recordOfIdentity } from '../../adapters/database/patient-records';
import { replaceCode } from '../../adapters/database/text-message-codes';
import { type ApiPorts, platformTenant } from '../api-ports';
import type { PatientCaller } from '../caller';
import { codeLifeMs, newCode, queueTextMessage, resendAfterMs } from './queue-text-message';
import { codeSent } from './send-sign-in-code';

const dayMs = 86_400_000;
/** Who asks: a family has several records, at several hospitals. */
const startsOfPerson = { most: 10, windowMs: dayMs } as const;
/** Who is asked about, whoever asks: at three tries each, fifteen guesses a day at a code out of a million. */
const startsOfIdentity = { most: 5, windowMs: dayMs } as const;
const resendOfIdentity = { most: 1, windowMs: resendAfterMs } as const;

type Ports = Pick<ApiPorts, 'attempts' | 'database' | 'fields' | 'secrets' | 'outbox' | 'audit' | 'clock' | 'random'>;

export const linkSubject = (challengeId: string): string => `link:${challengeId}`;

/**
 * Asks to be bound to a hospital's record: sends a code to the phone **in that record**, where name and ID number are equal to it. Whether
 * there is such a record, and a phone in it, changes neither the answer nor the work: a challenge is made in any case, and
 * the message's recipient is only looked up when it goes out (pipeline/notify). Limits are counted first, also for those nobody knows.
 * Problems: `too-many-requests`, `invalid-request` (an ID number that is none), `not-found` (no such hospital).
 */
export async function startLink(
  ports: Ports,
  caller: PatientCaller,
  input: { readonly hospitalId: string; readonly name: string; readonly idNumber: string },
): Promise<LinkStarted | Problem> {
  const now = ports.clock.now();
  const take = (key: string, limit: { readonly most: number; readonly windowMs: number }) =>
    takeAttempt(ports.database, key, limit, now);
  if (!ports.attempts.take('link-start', caller.address)) return refuse(ports, caller, 600);
  if (!(await take(`link-person:${caller.personId}`, startsOfPerson))) return refuse(ports, caller, 3600);
  if (!isIdNumber(input.idNumber)) return problem('invalid-request', 'idNumber');
  const { hospitalId } = input;
  if ((await findHospital(ports.database, hospitalId)) === undefined) return problem('not-found');
  const identityIndex = await identityIndexOf(ports, hospitalId, input);
  if (identityIndex === '') return problem('invalid-request', 'name');
  if (!(await take(`link-resend:${hospitalId}:${identityIndex}`, resendOfIdentity))) {
    return refuse(ports, caller, resendAfterMs / 1000);
  }
  if (!(await take(`link-record:${hospitalId}:${identityIndex}`, startsOfIdentity))) return refuse(ports, caller, 3600);
  const record = await recordOfIdentity(ports.database, hospitalId, identityIndex);
  const challengeId = ports.random.uuid();
  const nobody = ports.random.uuid();
  const subject = linkSubject(challengeId);
  const code = newCode(ports.random);
  const verifier = await ports.secrets.make('text-message-code', subject, code);
  await ports.database.transaction(async (transaction) => {
    const expiresAt = new Date(now.getTime() + codeLifeMs);
    const { personId } = caller;
    const fresh = { id: challengeId, subject, verifier, sentAt: now, expiresAt, personId, hospitalId, identityIndex };
    await replaceCode(transaction, fresh, now);
    const to = { hospitalId, patientRecordId: record?.id ?? nobody };
    await queueTextMessage(ports, transaction, { to, template: 'link-code', code, now });
    await ports.audit.record(transaction, {
      hospitalId,
      actor: { kind: 'person', id: personId },
      action: 'patient-link-start',
      object: { kind: 'challenge', id: challengeId },
      outcome: 'ok',
      requestId: caller.requestId,
    });
  });
  ports.outbox.wake();
  return { challengeId, ...codeSent };
}

async function refuse(
  ports: Pick<ApiPorts, 'audit' | 'database'>,
  caller: PatientCaller,
  retryAfterSeconds: number,
): Promise<Problem> {
  await ports.audit.record(ports.database, {
    hospitalId: platformTenant,
    actor: { kind: 'person', id: caller.personId },
    action: 'patient-link-start',
    object: { kind: 'person', id: caller.personId },
    outcome: 'denied',
    reason: 'too-many-requests',
    requestId: caller.requestId,
  });
  return problem('too-many-requests', undefined, retryAfterSeconds);
}
