import { eq, inArray, sql } from 'drizzle-orm';
import type { Clock, RandomSource } from '../../ports/clock-and-random';
import type { Queryable } from '../../ports/database';
import { type BatchOutbox, dedupeKeyOf, type OutboxEvent } from '../../ports/outbox';
import { outbox as outboxTable } from '../../ports/schema';
import { isUniqueViolation } from '../database/database-fault';

/** The outbox, with the means to hear of its wake-ups. */
export interface SqlOutbox extends BatchOutbox {
  /** Calls the listener at each `wake`; the answer ends that. */
  onWake(listener: () => void): () => void;
}

/**
 * The writing side of the outbox. `add` of an event whose twin (same dedupe key) is
 * - waiting: keeps the twin, and takes the earlier of the two due times unless the twin is waiting after a failure;
 * - running: lets the twin run once more afterwards, not before it is due;
 * - dead: brings it back to life, with all its attempts.
 * The twin's row is locked until the caller's transaction ends, so its handler can't start, or be taken as done, before the caller's
 * change is visible: keep transactions that add events short.
 */
export function createOutbox({ clock, random }: { clock: Clock; random: RandomSource }): SqlOutbox {
  const listeners = new Set<() => void>();

  async function addMany(
    transaction: Queryable,
    events: readonly OutboxEvent[],
    options: { readonly delayMs?: number } = {},
  ) {
    const now = clock.now();
    const runAfter = new Date(now.getTime() + (options.delayMs ?? 0));
    // Sorted, so that two transactions which add the same events meet in the same order and don't deadlock.
    let missing = [...new Map(events.map((event) => [dedupeKeyOf(event), event])).entries()].sort(([a], [b]) =>
      a < b ? -1 : 1,
    );
    for (let attempt = 1; missing.length > 0; attempt++) {
      const found = await refreshTwins(
        transaction,
        missing.map(([key]) => key),
        runAfter,
      );
      missing = missing.filter(([key]) => !found.has(key));
      if (missing.length === 0) return;
      const rows = missing.map(([dedupeKey, { kind, ...subject }]) => ({
        id: random.uuid(),
        kind,
        dedupeKey,
        payload: JSON.stringify(subject),
        state: 'waiting',
        runAfter,
        createdAt: now,
      }));
      try {
        // A savepoint where we are in a transaction: a violation must not end the caller's.
        await transaction.transaction((inner) => inner.insert(outboxTable).values(rows));
        return;
      } catch (error) {
        if (!isUniqueViolation(error) || attempt === 5) throw error;
        // Someone added one of them in the meantime; now we can see it.
      }
    }
  }

  return {
    add: (transaction, event, options) => addMany(transaction, [event], options),
    addMany,
    wake: () => {
      for (const listener of listeners) listener();
    },
    onWake(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

async function refreshTwins(transaction: Queryable, keys: readonly string[], runAfter: Date): Promise<Set<string>> {
  const t = outboxTable;
  const due = sql.param(runAfter, t.runAfter);
  const rows = await transaction
    .update(t)
    .set({
      runAgain: sql`case when ${t.state} = 'running' then true else ${t.runAgain} end`,
      runAfter: sql`case when ${t.state} = 'dead' or (${t.state} = 'running' and not ${t.runAgain}) then ${due} when (${t.state} = 'running' or ${t.attempts} = 0) and ${t.runAfter} > ${due} then ${due} else ${t.runAfter} end`,
      attempts: sql`case when ${t.state} = 'dead' then 0 else ${t.attempts} end`,
      state: sql`case when ${t.state} = 'dead' then 'waiting' else ${t.state} end`,
    })
    .where(keys.length === 1 && keys[0] !== undefined ? eq(t.dedupeKey, keys[0]) : inArray(t.dedupeKey, [...keys]))
    .returning({ dedupeKey: t.dedupeKey });
  return new Set(rows.map((row) => row.dedupeKey));
}
