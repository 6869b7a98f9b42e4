import type { PatientSignedIn } from '@yingyun/shared/contract/patient-routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { endPersonSession, findPersonSession, touchPersonSession } from '../../adapters/database/persons';
import { endUnusedSuccessor, type RefreshTokenRow, useRefreshToken } from '../../adapters/database/refresh-tokens';
import type { Transaction } from '../../ports/database';
import { type ApiPorts, platformTenant } from '../api-ports';
import type { AnonymousCaller, PatientCaller } from '../caller';
import { issueTokens, refreshTokenIndex } from './person-session';

/** How long an answer may be lost on its way: within it the phone may come with the same token once more. */
const retryMs = 60_000;

type Ports = Pick<ApiPorts, 'attempts' | 'database' | 'fields' | 'tokens' | 'audit' | 'clock' | 'random'>;

/**
 * A refresh token against a new pair; it works once. A second use means that somebody holds a copy: the session ends, for the thief and
 * for the person. Only a phone that never got the answer may ask again: within a minute, and while nobody has used the token it was
 * given; that one ends, and whoever comes with it ends the session. Everything that does not hold is `unauthenticated`.
 * Problems: `too-many-requests`, `unauthenticated`.
 */
export async function renewPatient(
  ports: Ports,
  caller: AnonymousCaller,
  input: { readonly refreshToken: string },
): Promise<PatientSignedIn | Problem> {
  if (!ports.attempts.take('patient-renew', caller.address)) return problem('too-many-requests', undefined, 600);
  const index = await refreshTokenIndex(ports, input.refreshToken);
  const now = ports.clock.now();
  const renewed = await ports.database.transaction(async (transaction) => {
    const used = index === undefined ? undefined : await useRefreshToken(transaction, index, now);
    if (used === undefined) return undefined;
    const found = await findPersonSession(transaction, used.row.sessionId);
    if (found === undefined) return undefined;
    const { session, disabledAt } = found;
    if (used.use === 'again' && !(await isRetry(transaction, used.row, now))) {
      await endPersonSession(transaction, session.id, now);
      await ports.audit.record(transaction, {
        hospitalId: platformTenant,
        actor: { kind: 'person', id: session.personId },
        action: 'patient-renew',
        object: { kind: 'session', id: session.id },
        outcome: 'denied',
        reason: 'refresh-token-used-again',
        requestId: caller.requestId,
      });
      return undefined;
    }
    const isOver = session.endedAt !== null || session.expiresAt <= now || used.row.expiresAt <= now;
    if (isOver || disabledAt !== null) return undefined;
    await touchPersonSession(transaction, session.id, now);
    return issueTokens(ports, transaction, session, now, used.row.id);
  });
  if (renewed === undefined) return problem('unauthenticated');
  ports.attempts.giveBack('patient-renew', caller.address);
  return renewed;
}

/** True where the token's answer may have been lost; the token that was given then has ended. */
async function isRetry(transaction: Transaction, row: RefreshTokenRow, now: Date): Promise<boolean> {
  const isInTime = row.usedAt !== null && now.getTime() - row.usedAt.getTime() <= retryMs;
  return isInTime && (await endUnusedSuccessor(transaction, row, now));
}

/** Ends the session: its access token is refused from the next request on, its refresh token for good. */
export async function signOutPatient(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'clock'>,
  caller: PatientCaller,
): Promise<Record<string, never>> {
  await ports.database.transaction(async (transaction) => {
    await endPersonSession(transaction, caller.sessionId, ports.clock.now());
    await ports.audit.record(transaction, {
      hospitalId: platformTenant,
      actor: { kind: 'person', id: caller.personId },
      action: 'patient-sign-out',
      object: { kind: 'session', id: caller.sessionId },
      outcome: 'ok',
      requestId: caller.requestId,
    });
  });
  return {};
}
