import { and, asc, eq, inArray, lt, lte, min, ne, notInArray, sql } from 'drizzle-orm';
import * as v from 'valibot';
import type { Database } from '../../ports/database';
import type { OutboxEvent, OutboxEventKind } from '../../ports/outbox';
import { outbox as t } from '../../ports/schema';

/** The statements of the runner, each safe beside other runners on the same table. */

export interface ClaimedEvent {
  readonly id: string;
  readonly event: OutboxEvent;
  /** 1 at the first run. */
  readonly attempt: number;
}

export interface Claim {
  readonly owner: string;
  readonly now: Date;
  readonly leaseUntil: Date;
}

/**
 * Takes up to `limit` due events, the longest due first. Two runners that choose the same rows: the second waits for the first's
 * commit and then finds `state` changed, so no event is claimed twice (no SKIP LOCKED: docs/adr/0006-sql-subset.md).
 * Events of `heldKinds` are left waiting. `unreadable` are rows whose payload this version can't read.
 */
export async function claimDue(
  database: Database,
  claim: Claim,
  limit: number,
  heldKinds: readonly OutboxEventKind[],
): Promise<{ claimed: ClaimedEvent[]; unreadable: string[] }> {
  const due = database
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.state, 'waiting'), lte(t.runAfter, claim.now), notOf(heldKinds)))
    .orderBy(asc(t.runAfter), asc(t.id))
    .limit(limit);
  const rows = await database
    .update(t)
    .set({
      state: 'running',
      leaseOwner: claim.owner,
      leaseUntil: claim.leaseUntil,
      attempts: sql`${t.attempts} + 1`,
      runAgain: false,
    })
    .where(and(eq(t.state, 'waiting'), inArray(t.id, due)))
    .returning({ id: t.id, kind: t.kind, payload: t.payload, attempts: t.attempts, runAfter: t.runAfter });
  rows.sort((a, b) => a.runAfter.getTime() - b.runAfter.getTime() || (a.id < b.id ? -1 : 1)); // RETURNING promises no order
  const claimed: ClaimedEvent[] = [];
  const unreadable: string[] = [];
  for (const row of rows) {
    const event = readEvent(row.kind, row.payload);
    if (event === undefined) unreadable.push(row.id);
    else claimed.push({ id: row.id, event, attempt: row.attempts });
  }
  return { claimed, unreadable };
}

export async function renewLeases(database: Database, claim: Claim): Promise<void> {
  await database
    .update(t)
    .set({ leaseUntil: claim.leaseUntil })
    .where(and(eq(t.state, 'running'), eq(t.leaseOwner, claim.owner)));
}

/** After so many lost runs an event waits its `crashDelayMs`, so that one that takes its process down is not the first to run again. */
const crashesInARow = 8;
const crashDelayMs = 20_000;

/**
 * Gives back what other runners held and let lapse: they crashed. A lost run counts as an attempt, but never lays an event to rest: a
 * machine that fails fifty times must not leave behind what was acknowledged.
 */
export async function reclaimLapsed(database: Database, claim: Claim, everyOther: boolean): Promise<void> {
  const later = new Date(claim.now.getTime() + crashDelayMs);
  const lapsed = and(
    eq(t.state, 'running'),
    ne(t.leaseOwner, claim.owner),
    everyOther ? undefined : lt(t.leaseUntil, claim.now),
  );
  await database
    .update(t)
    .set({
      state: 'waiting',
      runAfter: sql`case when ${t.attempts} >= ${sql.param(crashesInARow, t.attempts)} then ${sql.param(later, t.runAfter)} else ${t.runAfter} end`,
      lastError: 'lease-lapsed',
      leaseOwner: '',
      leaseUntil: null,
    })
    .where(lapsed);
}

/**
 * Removes finished events; one that was added again meanwhile waits again instead. A lost lease changes nothing.
 * Answers whether any waits again.
 */
export async function completeDone(database: Database, claim: Claim, ids: readonly string[]): Promise<boolean> {
  const mine = and(inArray(t.id, [...ids]), eq(t.state, 'running'), eq(t.leaseOwner, claim.owner));
  const gone = await database
    .delete(t)
    .where(and(mine, eq(t.runAgain, false)))
    .returning({ id: t.id });
  if (gone.length === ids.length) return false;
  // What is left was added again while it ran, or is no longer ours.
  const again = await database
    .update(t)
    .set({
      state: 'waiting',
      attempts: 0,
      runAgain: false,
      leaseOwner: '',
      leaseUntil: null,
      lastError: '',
    })
    .where(mine)
    .returning({ id: t.id });
  return again.length > 0;
}

/** Puts a failed event back for later (`runAfter`), or to rest where it is undefined; one that was added again runs again in any case. */
export async function settleFailed(
  database: Database,
  claim: Claim,
  id: string,
  runAfter: Date | undefined,
  reason: string,
): Promise<void> {
  await database
    .update(t)
    .set({
      state: runAfter === undefined ? sql`case when ${t.runAgain} then 'waiting' else 'dead' end` : 'waiting',
      attempts: runAfter === undefined ? sql`case when ${t.runAgain} then 0 else ${t.attempts} end` : t.attempts,
      runAfter: runAfter ?? sql`${t.runAfter}`,
      runAgain: false,
      leaseOwner: '',
      leaseUntil: null,
      lastError: reason.slice(0, 500),
    })
    .where(and(eq(t.id, id), eq(t.state, 'running'), eq(t.leaseOwner, claim.owner)));
}

/** Gives back events that were claimed and never started. */
export async function giveBack(database: Database, claim: Claim, ids: readonly string[]): Promise<void> {
  await database
    .update(t)
    .set({ state: 'waiting', attempts: sql`${t.attempts} - 1`, leaseOwner: '', leaseUntil: null })
    .where(and(inArray(t.id, [...ids]), eq(t.state, 'running'), eq(t.leaseOwner, claim.owner)));
}

export async function reviveDead(database: Database, now: Date, kind: OutboxEventKind | undefined): Promise<number> {
  const rows = await database
    .update(t)
    .set({ state: 'waiting', attempts: 0, runAfter: now, lastError: '' })
    .where(and(eq(t.state, 'dead'), kind === undefined ? undefined : eq(t.kind, kind)))
    .returning({ id: t.id });
  return rows.length;
}

/** When the next waiting event that isn't of `heldKinds` is due; undefined where none waits. */
export async function nextDueAt(database: Database, heldKinds: readonly OutboxEventKind[]): Promise<Date | undefined> {
  const [row] = await database
    .select({ at: min(t.runAfter) })
    .from(t)
    .where(and(eq(t.state, 'waiting'), notOf(heldKinds)));
  return row?.at ?? undefined;
}

function notOf(kinds: readonly OutboxEventKind[]) {
  return kinds.length === 0 ? undefined : notInArray(t.kind, [...kinds]);
}

const sequence = v.pipe(v.number(), v.safeInteger());
const eventSchema = v.variant('kind', [
  v.object({ kind: v.literal('instance-acknowledged'), journalSequence: sequence }),
  v.object({ kind: v.literal('message-acknowledged'), journalSequence: sequence }),
  v.object({ kind: v.literal('object-created'), storedObjectId: v.string() }),
  v.object({ kind: v.literal('study-changed'), studyId: v.string() }),
  v.object({ kind: v.literal('film-published'), filmId: v.string() }),
  v.object({ kind: v.literal('text-message-due'), textMessageId: v.string() }),
]);

function readEvent(kind: string, payload: string): OutboxEvent | undefined {
  try {
    const parsed = v.safeParse(eventSchema, { ...JSON.parse(payload), kind });
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined; // not JSON: the caller lays it to rest as dead
  }
}
