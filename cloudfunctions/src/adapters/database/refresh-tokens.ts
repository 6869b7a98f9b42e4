import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Queryable, Transaction } from '../../ports/database';
import { refreshToken } from '../../ports/schema';

export type RefreshTokenRow = typeof refreshToken.$inferSelect;

export async function insertRefreshToken(database: Queryable, fresh: typeof refreshToken.$inferInsert): Promise<void> {
  await database.insert(refreshToken).values(fresh);
}

/**
 * Uses the token: 'first' once in its life, 'again' for every later time; undefined where there is no such token. Its row is held
 * until the transaction ends, so that of two requests with one token the later sees what the earlier did.
 */
export async function useRefreshToken(
  transaction: Transaction,
  tokenIndex: string,
  now: Date,
): Promise<{ readonly row: RefreshTokenRow; readonly use: 'first' | 'again' } | undefined> {
  const [first] = await transaction
    .update(refreshToken)
    .set({ usedAt: now })
    .where(and(eq(refreshToken.tokenIndex, tokenIndex), isNull(refreshToken.usedAt)))
    .returning();
  if (first !== undefined) return { row: first, use: 'first' };
  const [known] = await transaction
    .update(refreshToken)
    .set({ usedAt: sql`${refreshToken.usedAt}` })
    .where(eq(refreshToken.tokenIndex, tokenIndex))
    .returning();
  return known === undefined ? undefined : { row: known, use: 'again' };
}

/** Ends the token's successor where nobody has used it; false where there is none such: it was used, or the token never had one. */
export async function endUnusedSuccessor(
  transaction: Transaction,
  { sessionId, id }: RefreshTokenRow,
  now: Date,
): Promise<boolean> {
  const ended = await transaction
    .update(refreshToken)
    .set({ usedAt: now })
    .where(and(eq(refreshToken.sessionId, sessionId), eq(refreshToken.predecessorId, id), isNull(refreshToken.usedAt)))
    .returning({ id: refreshToken.id });
  return ended.length > 0;
}
