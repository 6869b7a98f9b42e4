import { and, eq, isNull, lt } from 'drizzle-orm';
import type { Queryable } from '../../ports/database';
import { film, session, share, staff } from '../../ports/schema';
import type { TokenAudience } from '../../service/api-ports';

export interface NewSession {
  readonly id: string;
  readonly hospitalId: string;
  readonly audience: TokenAudience;
  readonly subjectId: string;
  readonly now: Date;
  readonly expiresAt: Date;
}

export async function insertSession(database: Queryable, fresh: NewSession): Promise<void> {
  const { id, hospitalId, audience, subjectId, now, expiresAt } = fresh;
  await database
    .insert(session)
    .values({ id, hospitalId, audience, subjectId, createdAt: now, lastUsedAt: now, expiresAt });
}

/** The staff session with what decides whether it may go on; undefined where there is none. */
export async function findStaffSession(database: Queryable, hospitalId: string, sessionId: string) {
  const rows = await database
    .select({
      hospitalId: session.hospitalId,
      staffId: staff.id,
      role: staff.role,
      disabledAt: staff.disabledAt,
      lastUsedAt: session.lastUsedAt,
      expiresAt: session.expiresAt,
      endedAt: session.endedAt,
    })
    .from(session)
    .innerJoin(staff, eq(staff.id, session.subjectId))
    .where(and(eq(session.hospitalId, hospitalId), eq(session.id, sessionId), eq(session.audience, 'staff')));
  return rows[0];
}

/** The share session with its share and film: revocation, expiry and withdrawal act on the very next request. */
export async function findShareSession(database: Queryable, hospitalId: string, sessionId: string) {
  const rows = await database
    .select({
      hospitalId: session.hospitalId,
      shareId: share.id,
      filmId: share.filmId,
      filmState: film.state,
      viewUntil: film.viewUntil,
      sessionExpiresAt: session.expiresAt,
      sessionEndedAt: session.endedAt,
      shareExpiresAt: share.expiresAt,
      shareRevokedAt: share.revokedAt,
    })
    .from(session)
    .innerJoin(share, eq(share.id, session.subjectId))
    .innerJoin(film, eq(film.id, share.filmId))
    .where(and(eq(session.hospitalId, hospitalId), eq(session.id, sessionId), eq(session.audience, 'share')));
  return rows[0];
}

export async function touchSession(database: Queryable, sessionId: string, now: Date): Promise<void> {
  await database.update(session).set({ lastUsedAt: now }).where(eq(session.id, sessionId));
}

export async function endSession(database: Queryable, sessionId: string, now: Date): Promise<void> {
  await database
    .update(session)
    .set({ endedAt: now })
    .where(and(eq(session.id, sessionId), isNull(session.endedAt)));
}

export async function endSessionsOf(database: Queryable, subjectId: string, now: Date): Promise<void> {
  await database
    .update(session)
    .set({ endedAt: now })
    .where(and(eq(session.subjectId, subjectId), isNull(session.endedAt)));
}

/** Sessions that ended by time long enough ago to be of no use to anyone. Returns how many were removed. */
export async function removeExpiredSessions(database: Queryable, expiredBefore: Date): Promise<number> {
  const removed = await database
    .delete(session)
    .where(lt(session.expiresAt, expiredBefore))
    .returning({ id: session.id });
  return removed.length;
}
