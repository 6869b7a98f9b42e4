import { and, eq, isNull, sql } from 'drizzle-orm';
import { removePersonLeftovers } from '../adapters/database/person-leftovers';
import { studiesNamedBy } from '../adapters/database/reports';
import { removeExpiredSessions } from '../adapters/database/sessions';
import type { Ports } from '../ports/ports';
import { outbox, report } from '../ports/schema';

/** A session's row is of use to audits for a while after it has ended. */
const keepEndedMs = 7 * 86_400_000;
/** Reports looked at in one sweep, the longest untouched first. */
const maxReports = 200;

export interface SweepResult {
  readonly sessionsRemoved: number;
  /** Codes, counters, text messages and sessions of persons. */
  readonly personRowsRemoved: number;
  /** Events that wait for a person. */
  readonly deadEvents: number;
  /** Studies whose publication is decided again, because a report that waited for images names them. */
  readonly studiesMatched: number;
}

type SweepPorts = Pick<Ports, 'database' | 'clock' | 'log' | 'outbox'>;

/** Removes what time has ended, matches what still waits, and tells of events that rest as dead. Safe to run any number of times. */
export async function sweep(ports: SweepPorts): Promise<SweepResult> {
  const now = ports.clock.now();
  const sessionsRemoved = await removeExpiredSessions(ports.database, new Date(now.getTime() - keepEndedMs));
  const personRowsRemoved = await removePersonLeftovers(ports.database, now);
  const studiesMatched = await matchWaitingReports(ports);
  const [dead] = await ports.database
    .select({ count: sql<number>`count(*)` })
    .from(outbox)
    .where(eq(outbox.state, 'dead'));
  const result = { sessionsRemoved, personRowsRemoved, deadEvents: Number(dead?.count ?? 0), studiesMatched };
  if (result.deadEvents > 0) ports.log.warn('outbox-events-dead', { count: result.deadEvents });
  ports.log.info('swept', { ...result });
  return result;
}

/** A second chance for reports that came before their images: the publish stage attaches them, or leaves them as they are. */
async function matchWaitingReports(ports: SweepPorts): Promise<number> {
  const waiting = await ports.database
    .select()
    .from(report)
    .where(and(isNull(report.studyId), eq(report.heldReason, 'waiting-for-images')))
    .orderBy(report.updatedAt)
    .limit(maxReports);
  const studyIds = new Set<string>();
  for (const row of waiting) for (const study of await studiesNamedBy(ports.database, row)) studyIds.add(study.id);
  for (const studyId of studyIds) await ports.outbox.add(ports.database, { kind: 'study-changed', studyId });
  if (studyIds.size > 0) ports.outbox.wake();
  return studyIds.size;
}
