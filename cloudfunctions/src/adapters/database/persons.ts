import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Queryable, Transaction } from '../../ports/database';
import { person, personSession } from '../../ports/schema';
import { insertOnce } from './insert-once';

export type PersonRow = typeof person.$inferSelect;

export async function findPersonByPhone(database: Queryable, phoneIndex: string): Promise<PersonRow | undefined> {
  const rows = await database.select().from(person).where(eq(person.phoneIndex, phoneIndex));
  return rows[0];
}

export async function findPerson(database: Queryable, personId: string): Promise<PersonRow | undefined> {
  const rows = await database.select().from(person).where(eq(person.id, personId));
  return rows[0];
}

/** The person of this phone, made where there is none: of two first sign-ins at once, one registers. */
export async function ensurePerson(
  transaction: Transaction,
  phoneIndex: string,
  make: () => Promise<typeof person.$inferInsert>,
): Promise<PersonRow> {
  for (let attempt = 1; ; attempt++) {
    const known = await findPersonByPhone(transaction, phoneIndex);
    if (known !== undefined) return known;
    const fresh = await make();
    await insertOnce(transaction, (inner) => inner.insert(person).values(fresh));
    if (attempt === 3) throw new Error('the person appears and disappears');
  }
}

/** Holds the person's row until the transaction ends: what is decided about their links is decided one at a time. */
export async function lockPerson(transaction: Transaction, personId: string): Promise<void> {
  await transaction
    .update(person)
    .set({ disabledAt: sql`${person.disabledAt}` })
    .where(eq(person.id, personId));
}

export async function insertPersonSession(
  database: Queryable,
  fresh: typeof personSession.$inferInsert,
): Promise<void> {
  await database.insert(personSession).values(fresh);
}

/** When a code sent to the person's phone was last answered; sessions that were swept away are older than any that is left. */
export async function phoneProvedAt(database: Queryable, row: Pick<PersonRow, 'id' | 'createdAt'>): Promise<Date> {
  const [latest] = await database
    .select({ at: personSession.createdAt })
    .from(personSession)
    .where(eq(personSession.personId, row.id))
    .orderBy(desc(personSession.createdAt))
    .limit(1);
  return latest?.at ?? row.createdAt;
}

/** The session with what decides whether it may go on. */
export async function findPersonSession(database: Queryable, sessionId: string) {
  const rows = await database
    .select({ session: personSession, disabledAt: person.disabledAt })
    .from(personSession)
    .innerJoin(person, eq(person.id, personSession.personId))
    .where(eq(personSession.id, sessionId));
  return rows[0];
}

export async function touchPersonSession(database: Queryable, sessionId: string, now: Date): Promise<void> {
  await database.update(personSession).set({ lastUsedAt: now }).where(eq(personSession.id, sessionId));
}

export async function endPersonSession(database: Queryable, sessionId: string, now: Date): Promise<void> {
  await database
    .update(personSession)
    .set({ endedAt: now })
    .where(and(eq(personSession.id, sessionId), isNull(personSession.endedAt)));
}
