import type { PatientSignedIn } from '@yingyun/shared/contract/patient-routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { ensurePerson, insertPersonSession } from '../../adapters/database/persons';
import { takeTry, useCode } from '../../adapters/database/text-message-codes';
import type { AuditRecord } from '../../ports/audit-trail';
import { type ApiPorts, platformTenant } from '../api-ports';
import type { AnonymousCaller } from '../caller';
import { letLinksLapse } from './let-links-lapse';
import { issueTokens, sessionMs } from './person-session';
import { signInSubject } from './send-sign-in-code';

/** Tries at one code. With ten codes a day a phone's account can be guessed at fifty times a day, out of a million. */
const triesOfCode = 5;

type Ports = Pick<ApiPorts, 'attempts' | 'database' | 'fields' | 'secrets' | 'tokens' | 'audit' | 'clock' | 'random'>;

/**
 * Phone and code against a session; the first sign-in registers the person, one after a long absence ends their links. A code that is wrong, late, used or tried too often, one
 * that never was sent, and a disabled person are one answer, `code-refused`, after the same work: the try is counted first, then
 * a verifier is computed, whether there is one to compare with or not. Problems: `too-many-requests`, `code-refused`.
 */
export async function signInPatient(
  ports: Ports,
  caller: AnonymousCaller,
  input: { readonly phone: string; readonly code: string },
): Promise<PatientSignedIn | Problem> {
  if (!ports.attempts.take('code-try', caller.address)) return problem('too-many-requests', undefined, 600);
  const { phoneIndex, subject } = await signInSubject(ports, input.phone);
  const now = ports.clock.now();
  const live = await takeTry(ports.database, subject, triesOfCode, now);
  const isRight = await ports.secrets.matches('text-message-code', subject, live?.verifier, input.code);
  if (live === undefined || !isRight) {
    await ports.audit.record(ports.database, auditRecord(caller, '', 'denied'));
    return problem('code-refused');
  }
  return ports.database.transaction(async (transaction) => {
    if (!(await useCode(transaction, live.id, now))) {
      await ports.audit.record(transaction, auditRecord(caller, '', 'denied'));
      return problem('code-refused');
    }
    const person = await ensurePerson(transaction, phoneIndex, async () => {
      const id = ports.random.uuid();
      const place = { tenantId: platformTenant, table: 'person', column: 'phone_sealed', rowId: id };
      return { id, phoneIndex, phoneSealed: await ports.fields.seal(place, input.phone), createdAt: now };
    });
    if (person.disabledAt !== null) {
      await ports.audit.record(transaction, auditRecord(caller, person.id, 'denied'));
      return problem('code-refused');
    }
    await letLinksLapse(ports, transaction, caller, person, now);
    const expiresAt = new Date(now.getTime() + sessionMs);
    const session = { id: ports.random.uuid(), personId: person.id, expiresAt };
    await insertPersonSession(transaction, { ...session, createdAt: now, lastUsedAt: now });
    const signedIn = await issueTokens(ports, transaction, session, now, null);
    await ports.audit.record(transaction, auditRecord(caller, person.id, 'ok'));
    return signedIn;
  });
}

function auditRecord(caller: AnonymousCaller, personId: string, outcome: 'ok' | 'denied'): AuditRecord {
  return {
    hospitalId: platformTenant,
    actor: personId === '' ? { kind: 'anonymous', id: '' } : { kind: 'person', id: personId },
    action: 'patient-sign-in',
    object: { kind: 'person', id: personId },
    outcome,
    ...(outcome === 'ok' ? {} : { reason: 'code-refused' }),
    requestId: caller.requestId,
  };
}
