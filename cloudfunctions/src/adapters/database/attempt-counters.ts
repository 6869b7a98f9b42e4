import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../ports/database';
import { attemptCounter } from '../../ports/schema';
import { insertOnce } from './insert-once';

export interface AttemptLimit {
  readonly most: number;
  readonly windowMs: number;
}

/**
 * Counts one attempt, in a transaction of its own, before the work it allows: what fails or is cut off afterwards has still been
 * counted, in every process. False where more than `most` came since the window began; the first one after a window begins the next.
 * `key` says what is counted, with a keyed index or row id: never what a person typed.
 */
export async function takeAttempt(database: Database, key: string, limit: AttemptLimit, now: Date): Promise<boolean> {
  const windowStart = new Date(now.getTime() - limit.windowMs);
  const isOver = sql`${attemptCounter.startedAt} <= ${sql.param(windowStart, attemptCounter.startedAt)}`;
  return database.transaction(async (transaction) => {
    for (let attempt = 1; ; attempt++) {
      const [counted] = await transaction
        .update(attemptCounter)
        .set({
          count: sql`case when ${isOver} then 1 else ${attemptCounter.count} + 1 end`,
          startedAt: sql`case when ${isOver} then ${sql.param(now, attemptCounter.startedAt)} else ${attemptCounter.startedAt} end`,
        })
        .where(eq(attemptCounter.id, key))
        .returning({ count: attemptCounter.count });
      if (counted !== undefined) return counted.count <= limit.most;
      const row = { id: key, count: 1, startedAt: now };
      if (await insertOnce(transaction, (inner) => inner.insert(attemptCounter).values(row))) return limit.most >= 1;
      if (attempt === 3) throw new Error('the counter appears and disappears');
    }
  });
}
