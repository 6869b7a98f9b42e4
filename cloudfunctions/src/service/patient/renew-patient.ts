import type { PatientSignedIn } from '@yingyun/shared/contract/patient-routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { endPersonSession, findPersonSession, touchPersonSession } from '../../adapters/database/persons';
import { useRefreshToken } from '../../adapters/database/refresh-tokens';
import { type ApiPorts, platformTenant } from '../api-ports';
import type { AnonymousCaller, PatientCaller } from '../caller';
import { issueTokens, refreshTokenIndex } from './person-session';

type Ports = Pick<ApiPorts, 'attempts' | 'database' | 'fields' | 'tokens' | 'audit' | 'clock' | 'random'>;

/**
 * A refresh token against a new pair; it works once. A second use means that somebody holds a copy: the session ends, for the thief and
 * for the person. Everything that does not hold is `unauthenticated`. Problems: `too-many-requests`, `unauthenticated`.
 */
export async function renewPatient(
  ports: Ports,
  caller: AnonymousCaller,
  input: { readonly refreshToken: string },
): Promise<PatientSignedIn | Problem> {
  if (!ports.attempts.isAllowed('patient-renew', caller.address)) return problem('too-many-requests', undefined, 600);
  const index = await refreshTokenIndex(ports, input.refreshToken);
  const now = ports.clock.now();
  const renewed = await ports.database.transaction(async (transaction) => {
    const used = index === undefined ? undefined : await useRefreshToken(transaction, index, now);
    if (used === undefined) return undefined;
    const found = await findPersonSession(transaction, used.row.sessionId);
    if (found === undefined) return undefined;
    const { session, disabledAt } = found;
    if (used.use === 'again') {
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
    return issueTokens(ports, transaction, session, now);
  });
  if (renewed !== undefined) return renewed;
  ports.attempts.countFailure('patient-renew', caller.address);
  return problem('unauthenticated');
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
