import { createHmac } from 'node:crypto';
import { asc, desc, gt } from 'drizzle-orm';
import type { AuditRecord, AuditTrail } from '../../ports/audit-trail';
import type { Clock } from '../../ports/clock-and-random';
import type { Queryable } from '../../ports/database';
import { auditEvent } from '../../ports/schema';
import type { KeyProvider } from '../../ports/sealing';
import { isUniqueViolation } from '../database/database-fault';
import { lengthPrefixed } from '../sealing/hkdf-sm3';

type AuditRow = typeof auditEvent.$inferSelect;

const beforeTheFirst = '0'.repeat(64);
const pageSize = 1000;
const maxAttempts = 50;

/**
 * The hash chain in the table `audit_event`: sequence 1, 2, 3 … without a gap, and
 * `hash = HMAC-SM3(audit key of the record's hospital, previous hash ‖ every column, each with its length)`.
 * One chain over all hospitals. Cutting off the newest records leaves a whole, shorter chain: only a checkpoint kept elsewhere shows that.
 *
 * Two writers of the same sequence: the second waits for the first's commit, is refused by the primary key, and takes the next one.
 * A record written in a transaction therefore holds up every other writer until its end: write it last.
 */
export function createAuditTrail({ keyProvider, clock }: { keyProvider: KeyProvider; clock: Clock }): AuditTrail {
  let lastOfOurs: Promise<unknown> = Promise.resolve();

  async function append(database: Queryable, record: AuditRecord): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const [last] = await database
        .select({ sequence: auditEvent.sequence, hash: auditEvent.hash })
        .from(auditEvent)
        .orderBy(desc(auditEvent.sequence))
        .limit(1);
      const row: AuditRow = {
        sequence: (last?.sequence ?? 0) + 1,
        hospitalId: record.hospitalId,
        at: clock.now(),
        actorKind: record.actor.kind,
        actorId: record.actor.id,
        action: record.action,
        objectKind: record.object.kind,
        objectId: record.object.id,
        outcome: record.outcome,
        reason: record.reason ?? '',
        requestId: record.requestId,
        previousHash: last?.hash ?? beforeTheFirst,
        hash: '',
      };
      row.hash = await hashOf(row);
      try {
        // In a transaction this is a savepoint: being refused must not end the caller's work.
        if (isRoot(database)) await database.insert(auditEvent).values(row);
        else await database.transaction((inner) => inner.insert(auditEvent).values(row));
        return;
      } catch (error) {
        if (!isUniqueViolation(error) || attempt === maxAttempts) throw error;
      }
    }
  }

  async function hashOf(row: AuditRow): Promise<string> {
    const key = await keyProvider.derive(row.hospitalId, 'audit', 'chain');
    const fields = [
      row.previousHash,
      String(row.sequence),
      row.hospitalId,
      row.at.toISOString(),
      row.actorKind,
      row.actorId,
      row.action,
      row.objectKind,
      row.objectId,
      row.outcome,
      row.reason,
      row.requestId,
    ];
    return createHmac('sm3', key).update(lengthPrefixed(fields)).digest('hex');
  }

  return {
    record(database, record) {
      // Our own writers queue up here instead of colliding. One inside a transaction must not: it may hold what the one before waits for.
      if (!isRoot(database)) return append(database, record);
      const mine = lastOfOurs.then(() => append(database, record));
      lastOfOurs = mine.catch(() => {}); // its caller hears of it; the next one goes on
      return mine;
    },
    async firstBreak(database) {
      let previous = { sequence: 0, hash: beforeTheFirst };
      for (;;) {
        const page = await database
          .select()
          .from(auditEvent)
          .where(gt(auditEvent.sequence, previous.sequence))
          .orderBy(asc(auditEvent.sequence))
          .limit(pageSize);
        for (const row of page) {
          const follows = row.sequence === previous.sequence + 1 && row.previousHash === previous.hash;
          if (!follows || row.hash !== (await hashOf(row))) return row.sequence;
          previous = row;
        }
        if (page.length < pageSize) return undefined;
      }
    },
  };
}

/** The root handle, each of whose statements commits by itself. */
function isRoot(database: Queryable): boolean {
  return !('rollback' in database);
}
