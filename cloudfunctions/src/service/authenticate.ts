import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { findPersonSession, touchPersonSession } from '../adapters/database/persons';
import { endSession, findShareSession, findStaffSession, touchSession } from '../adapters/database/sessions';
import type { ApiPorts, TokenAudience } from './api-ports';
import type { AnonymousCaller, PatientCaller, ShareCaller, StaffCaller } from './caller';

const staffIdleMs = 15 * 60_000;
/** How stale `last_used_at` may become before it is written again: not a write a request. */
const touchAfterMs = 30_000;

/**
 * Who presents this token. The session's row is read on every request, so that signing out, disabling an account, revoking a
 * share or withdrawing a film act at once. Everything that does not hold is the same `unauthenticated`.
 */
export async function authenticate(
  ports: Pick<ApiPorts, 'tokens' | 'database' | 'clock'>,
  audience: TokenAudience,
  token: string | undefined,
  request: AnonymousCaller,
): Promise<StaffCaller | ShareCaller | PatientCaller | Problem> {
  const claims = token === undefined ? undefined : await ports.tokens.verify(audience, token);
  if (claims === undefined) return problem('unauthenticated');
  const now = ports.clock.now();
  const { requestId, address } = request;
  if (audience === 'staff') {
    const row = await findStaffSession(ports.database, claims.hospitalId, claims.sessionId);
    if (row === undefined || row.staffId !== claims.subject || row.endedAt !== null || row.disabledAt !== null) {
      return problem('unauthenticated');
    }
    const idleMs = now.getTime() - row.lastUsedAt.getTime();
    if (row.expiresAt <= now || idleMs > staffIdleMs) {
      await endSession(ports.database, claims.sessionId, now);
      return problem('unauthenticated');
    }
    if (idleMs > touchAfterMs) await touchSession(ports.database, claims.sessionId, now);
    const { hospitalId, staffId, role } = row;
    return { kind: 'staff', hospitalId, staffId, role, sessionId: claims.sessionId, requestId, address };
  }
  if (audience === 'patient') {
    const found = await findPersonSession(ports.database, claims.sessionId);
    if (found === undefined || found.session.personId !== claims.subject) return problem('unauthenticated');
    const { session, disabledAt } = found;
    if (session.endedAt !== null || session.expiresAt <= now || disabledAt !== null) return problem('unauthenticated');
    if (now.getTime() - session.lastUsedAt.getTime() > touchAfterMs) {
      await touchPersonSession(ports.database, session.id, now);
    }
    return { kind: 'person', personId: session.personId, sessionId: session.id, requestId, address };
  }
  const row = await findShareSession(ports.database, claims.hospitalId, claims.sessionId);
  if (
    row === undefined ||
    row.shareId !== claims.subject ||
    row.sessionEndedAt !== null ||
    row.shareRevokedAt !== null
  ) {
    return problem('unauthenticated');
  }
  if (row.sessionExpiresAt <= now || row.shareExpiresAt <= now || row.filmState !== 'published') {
    return problem('unauthenticated');
  }
  if (row.viewUntil !== null && row.viewUntil <= now) {
    return problem('unauthenticated');
  }
  const { hospitalId, shareId, filmId, sessionExpiresAt, shareExpiresAt } = row;
  const { sessionId } = claims;
  return {
    kind: 'share',
    hospitalId,
    shareId,
    filmId,
    sessionId,
    sessionExpiresAt,
    shareExpiresAt,
    requestId,
    address,
  };
}
