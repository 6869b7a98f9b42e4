import { and, eq, sql } from 'drizzle-orm';
import { removeExpiredSessions } from '../adapters/database/sessions';
import type { Ports } from '../ports/ports';
import { outbox } from '../ports/schema';

/** A session's row is of use to audits for a while after it has ended. */
const keepEndedMs = 7 * 86_400_000;

export interface SweepResult {
  readonly sessionsRemoved: number;
  /** Events that wait for a person. */
  readonly deadEvents: number;
}

/** Removes what time has ended, and tells of events that rest as dead. Safe to run at any time, any number of times. */
export async function sweep(ports: Pick<Ports, 'database' | 'clock' | 'log'>): Promise<SweepResult> {
  const now = ports.clock.now();
  const sessionsRemoved = await removeExpiredSessions(ports.database, new Date(now.getTime() - keepEndedMs));
  const [dead] = await ports.database
    .select({ count: sql<number>`count(*)` })
    .from(outbox)
    .where(and(eq(outbox.state, 'dead')));
  const result = { sessionsRemoved, deadEvents: Number(dead?.count ?? 0) };
  if (result.deadEvents > 0) ports.log.warn('outbox-events-dead', { count: result.deadEvents });
  ports.log.info('swept', { ...result });
  return result;
}
