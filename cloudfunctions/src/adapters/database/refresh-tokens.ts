import { and, eq, isNull } from 'drizzle-orm';
import type { Queryable } from '../../ports/database';
import { refreshToken } from '../../ports/schema';

export type RefreshTokenRow = typeof refreshToken.$inferSelect;

export async function insertRefreshToken(database: Queryable, fresh: typeof refreshToken.$inferInsert): Promise<void> {
  await database.insert(refreshToken).values(fresh);
}

/** Uses the token: 'first' once in its life, 'again' for every later time; undefined where there is no such token. */
export async function useRefreshToken(
  database: Queryable,
  tokenIndex: string,
  now: Date,
): Promise<{ readonly row: RefreshTokenRow; readonly use: 'first' | 'again' } | undefined> {
  const [first] = await database
    .update(refreshToken)
    .set({ usedAt: now })
    .where(and(eq(refreshToken.tokenIndex, tokenIndex), isNull(refreshToken.usedAt)))
    .returning();
  if (first !== undefined) return { row: first, use: 'first' };
  const [known] = await database.select().from(refreshToken).where(eq(refreshToken.tokenIndex, tokenIndex));
  return known === undefined ? undefined : { row: known, use: 'again' };
}
