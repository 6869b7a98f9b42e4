import { and, eq, inArray } from 'drizzle-orm';
import type { Queryable } from '../../ports/database';
import { textMessage } from '../../ports/schema';

export type TextMessageRow = typeof textMessage.$inferSelect;
export type TextMessageState = 'waiting' | 'sending' | 'sent' | 'expired' | 'refused' | 'unclear' | 'void';

export async function insertTextMessage(
  database: Queryable,
  fresh: typeof textMessage.$inferInsert & { readonly state: TextMessageState },
): Promise<void> {
  await database.insert(textMessage).values(fresh);
}

export async function findTextMessage(database: Queryable, id: string): Promise<TextMessageRow | undefined> {
  const rows = await database.select().from(textMessage).where(eq(textMessage.id, id));
  return rows[0];
}

/** Moves it on, and only from one of `from`: of two runs at once one is the first. What is over is wiped. */
export async function moveTextMessage(
  database: Queryable,
  id: string,
  from: readonly TextMessageState[],
  to: TextMessageState,
  sentAt: Date | null = null,
): Promise<boolean> {
  const isOver = to !== 'waiting' && to !== 'sending';
  const moved = await database
    .update(textMessage)
    .set({ state: to, sentAt, ...(isOver ? { contentSealed: new Uint8Array(0) } : {}) })
    .where(and(eq(textMessage.id, id), inArray(textMessage.state, [...from])))
    .returning({ id: textMessage.id });
  return moved.length === 1;
}
