import type { CodeSent } from '@yingyun/shared/contract/patient-routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { takeAttempt } from '../../adapters/database/attempt-counters';
import { replaceCode } from '../../adapters/database/text-message-codes';
import { type ApiPorts, platformTenant } from '../api-ports';
import type { AnonymousCaller } from '../caller';
import { codeLifeMs, newCode, queueTextMessage, resendAfterMs } from './queue-text-message';

/** Codes a phone is sent a day, whoever asks for them. */
export const codesOfPhone = { most: 10, windowMs: 86_400_000 } as const;

export const codeSent: CodeSent = { resendAfterSeconds: resendAfterMs / 1000, validForSeconds: codeLifeMs / 1000 };

type Ports = Pick<ApiPorts, 'attempts' | 'database' | 'fields' | 'secrets' | 'outbox' | 'audit' | 'clock' | 'random'>;

/** What a sign-in code belongs to: the phone, as a keyed index. */
export async function signInSubject(ports: Pick<ApiPorts, 'fields'>, phone: string) {
  const phoneIndex = await ports.fields.blindIndex(platformTenant, 'phone', phone);
  return { phoneIndex, subject: `sign-in:${phoneIndex}` };
}

/**
 * Sends a code to a phone. Whether the phone belongs to anybody is not even looked up. A new code ends the one before it; within
 * `resendAfterMs` there is none. Problems: `too-many-requests`.
 */
export async function sendSignInCode(
  ports: Ports,
  caller: AnonymousCaller,
  input: { readonly phone: string },
): Promise<CodeSent | Problem> {
  if (!ports.attempts.take('code-send', caller.address)) return problem('too-many-requests', undefined, 600);
  const { subject } = await signInSubject(ports, input.phone);
  const now = ports.clock.now();
  if (!(await takeAttempt(ports.database, `code:${subject}`, codesOfPhone, now))) {
    return problem('too-many-requests', undefined, 3600);
  }
  const code = newCode(ports.random);
  const verifier = await ports.secrets.make('text-message-code', subject, code);
  const id = ports.random.uuid();
  const isSent = await ports.database.transaction(async (transaction) => {
    const expiresAt = new Date(now.getTime() + codeLifeMs);
    const sentBefore = new Date(now.getTime() - resendAfterMs);
    if (!(await replaceCode(transaction, { id, subject, verifier, sentAt: now, expiresAt }, sentBefore))) return false;
    await queueTextMessage(ports, transaction, {
      to: { phone: input.phone },
      template: 'sign-in-code',
      code,
      now,
    });
    await ports.audit.record(transaction, {
      hospitalId: platformTenant,
      actor: { kind: 'anonymous', id: '' },
      action: 'patient-code-send',
      object: { kind: 'code', id },
      outcome: 'ok',
      requestId: caller.requestId,
    });
    return true;
  });
  if (!isSent) return problem('too-many-requests', undefined, resendAfterMs / 1000);
  ports.outbox.wake();
  return codeSent;
}
