import { and, eq, gt, isNull, lt, lte, sql } from 'drizzle-orm';
import type { Queryable, Transaction } from '../../ports/database';
import { textMessageCode } from '../../ports/schema';
import { insertOnce } from './insert-once';

export type CodeRow = typeof textMessageCode.$inferSelect;

/**
 * Puts a new code in the place of the subject's old one, which thereby ends. False where the old one was sent after `sentBefore`
 * (two requests at the same moment included).
 */
export async function replaceCode(
  transaction: Transaction,
  fresh: typeof textMessageCode.$inferInsert,
  sentBefore: Date,
): Promise<boolean> {
  const { id, subject, verifier, sentAt, expiresAt } = fresh;
  const replaced = await transaction
    .update(textMessageCode)
    .set({ id, verifier, sentAt, expiresAt, failures: 0, usedAt: null })
    .where(and(eq(textMessageCode.subject, subject), lte(textMessageCode.sentAt, sentBefore)))
    .returning({ id: textMessageCode.id });
  if (replaced.length > 0) return true;
  return insertOnce(transaction, (inner) => inner.insert(textMessageCode).values(fresh));
}

/** Counts one try at the subject's live code before it is compared; undefined where there is none, or no try is left. */
export async function takeTry(
  database: Queryable,
  subject: string,
  most: number,
  now: Date,
): Promise<CodeRow | undefined> {
  const rows = await database
    .update(textMessageCode)
    .set({ failures: sql`${textMessageCode.failures} + 1` })
    .where(
      and(
        eq(textMessageCode.subject, subject),
        isNull(textMessageCode.usedAt),
        gt(textMessageCode.expiresAt, now),
        lt(textMessageCode.failures, most),
      ),
    )
    .returning();
  return rows[0];
}

/** Of any number of right answers at once, one is the first: true for it alone. */
export async function useCode(transaction: Transaction, id: string, now: Date): Promise<boolean> {
  const used = await transaction
    .update(textMessageCode)
    .set({ usedAt: now })
    .where(and(eq(textMessageCode.id, id), isNull(textMessageCode.usedAt)))
    .returning({ id: textMessageCode.id });
  return used.length === 1;
}
