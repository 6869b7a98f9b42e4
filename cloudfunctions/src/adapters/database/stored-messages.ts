import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Queryable } from '../../ports/database';
import { storedObject } from '../../ports/schema';

/** The original of an acknowledged HL7 message in the object store; undefined where the journal doesn't say that it is there, or wasn't read so far. */
export async function storedMessageOf(
  database: Queryable,
  hospitalId: string,
  journalSequence: number,
): Promise<typeof storedObject.$inferSelect | undefined> {
  const rows = await database
    .select()
    .from(storedObject)
    .where(and(eq(storedObject.hospitalId, hospitalId), eq(storedObject.journalSequence, journalSequence)))
    .orderBy(asc(storedObject.id))
    .limit(1);
  return rows[0];
}

/** Those of these acknowledgements whose message is known to be stored. */
export async function storedAmong(
  database: Queryable,
  hospitals: readonly string[],
  sequences: readonly number[],
): Promise<Set<number>> {
  if (hospitals.length === 0 || sequences.length === 0) return new Set();
  const rows = await database
    .select({ journalSequence: storedObject.journalSequence })
    .from(storedObject)
    .where(
      and(inArray(storedObject.hospitalId, [...hospitals]), inArray(storedObject.journalSequence, [...sequences])),
    );
  return new Set(rows.flatMap((row) => (row.journalSequence === null ? [] : [row.journalSequence])));
}
