import { and, inArray, lt } from 'drizzle-orm';
import type { Database } from '../../ports/database';
import { attemptCounter, personSession, refreshToken, textMessage, textMessageCode } from '../../ports/schema';

const dayMs = 86_400_000;
/** Longer than the longest window anything is counted in. */
const keepCountersMs = 2 * dayMs;
/** Of use to whoever looks into a complaint; what was in them is wiped long before. */
const keepMessagesMs = 7 * dayMs;
const keepSessionsMs = 7 * dayMs;
/** The last session tells when a phone was last proved: longer than what ends links (service/patient/let-links-lapse.ts). */
const keepProofsMs = 100 * dayMs;
/** A session's tokens: one a quarter of an hour at most, so that a step stays small. */
const sessionsAtOnce = 200;

/** Removes what time has ended of codes, counters, text messages and persons' sessions. Answers how many rows. */
export async function removePersonLeftovers(database: Database, now: Date): Promise<number> {
  const before = (ms: number) => new Date(now.getTime() - ms);
  const codes = await database
    .delete(textMessageCode)
    .where(lt(textMessageCode.expiresAt, before(dayMs)))
    .returning({ id: textMessageCode.id });
  const counters = await database
    .delete(attemptCounter)
    .where(lt(attemptCounter.startedAt, before(keepCountersMs)))
    .returning({ id: attemptCounter.id });
  const messages = await database
    .delete(textMessage)
    .where(lt(textMessage.createdAt, before(keepMessagesMs)))
    .returning({ id: textMessage.id });
  // a used token must be known as long as its session may live: a second use ends it
  const sessions = await database.transaction(async (transaction) => {
    const over = await transaction
      .select({ id: personSession.id })
      .from(personSession)
      .where(
        and(lt(personSession.expiresAt, before(keepSessionsMs)), lt(personSession.createdAt, before(keepProofsMs))),
      )
      .limit(sessionsAtOnce);
    const ids = over.map((row) => row.id);
    if (ids.length === 0) return 0;
    await transaction.delete(refreshToken).where(inArray(refreshToken.sessionId, ids));
    await transaction.delete(personSession).where(inArray(personSession.id, ids));
    return ids.length;
  });
  return codes.length + counters.length + messages.length + sessions;
}
