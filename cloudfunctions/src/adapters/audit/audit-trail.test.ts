import { eq, gte, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { AuditRecord } from '../../ports/audit-trail';
import { auditEvent } from '../../ports/schema';
import { createFakeKeyProvider, createHandClock } from '../../testing/fakes';
import { describeEachDatabase } from '../../testing/for-each-database';
import { createAuditTrail } from './audit-trail';

const record = (id: string, more: Partial<AuditRecord> = {}): AuditRecord => ({
  hospitalId: 'h1',
  actor: { kind: 'staff', id: 's1' },
  action: 'film-viewed',
  object: { kind: 'film', id },
  outcome: 'ok',
  requestId: 'r1',
  ...more,
});

describeEachDatabase('the audit trail', (open) => {
  async function setUp(count = 0) {
    const { database } = await open();
    const clock = createHandClock();
    const trail = createAuditTrail({ keyProvider: createFakeKeyProvider(), clock });
    for (let n = 1; n <= count; n++) {
      clock.advance(1001);
      await trail.record(database, record(`f${n}`, n % 2 === 0 ? { hospitalId: 'h2' } : {}));
    }
    return { database, trail, clock };
  }

  it('keeps who did what to what, when, and whether it was allowed', async () => {
    const { database, trail, clock } = await setUp();
    await trail.record(
      database,
      record('f1', { outcome: 'denied', reason: 'share-unavailable', actor: { kind: 'anonymous', id: '' } }),
    );
    const [row] = await database.select().from(auditEvent);
    expect(row).toMatchObject({
      sequence: 1,
      at: clock.now(),
      actorKind: 'anonymous',
      action: 'film-viewed',
      objectId: 'f1',
      outcome: 'denied',
      reason: 'share-unavailable',
      previousHash: '0'.repeat(64),
    });
    expect(row?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is whole when nobody touched it', async () => {
    const { database, trail } = await setUp(20);
    expect(await trail.firstBreak(database)).toBeUndefined();
    expect(await (await setUp()).trail.firstBreak(database)).toBeUndefined();
  });

  it('shows any column that was changed', async () => {
    const { database, trail } = await setUp(8);
    const changes = [
      { hospitalId: 'h9' },
      { at: new Date('2026-03-01T09:00:00.001Z') },
      { actorKind: 'system' },
      { actorId: 's2' },
      { action: 'film-listed' },
      { objectKind: 'share' },
      { objectId: 'f9' },
      { outcome: 'denied' },
      { reason: 'x' },
      { requestId: 'r2' },
      { previousHash: '1'.repeat(64) },
      { hash: '1'.repeat(64) },
    ];
    const [original] = await database.select().from(auditEvent).where(eq(auditEvent.sequence, 5));
    for (const change of changes) {
      await database.update(auditEvent).set(change).where(eq(auditEvent.sequence, 5));
      expect(await trail.firstBreak(database)).toBe(5);
      await database
        .update(auditEvent)
        .set(original ?? {})
        .where(eq(auditEvent.sequence, 5));
    }
    expect(await trail.firstBreak(database)).toBeUndefined();
  });

  it('shows a record that was removed, from the front as well', async () => {
    const { database, trail } = await setUp(8);
    await database.delete(auditEvent).where(eq(auditEvent.sequence, 4));
    expect(await trail.firstBreak(database)).toBe(5);
    await database.delete(auditEvent).where(eq(auditEvent.sequence, 1));
    expect(await trail.firstBreak(database)).toBe(2);
  });

  it('shows a record that was slipped in', async () => {
    const { database, trail } = await setUp(6);
    const rows = await database.select().from(auditEvent).where(gte(auditEvent.sequence, 4));
    for (const row of rows.sort((a, b) => b.sequence - a.sequence)) {
      await database
        .update(auditEvent)
        .set({ sequence: row.sequence + 1 })
        .where(eq(auditEvent.sequence, row.sequence));
    }
    const [copied] = rows;
    if (copied !== undefined) await database.insert(auditEvent).values({ ...copied, sequence: 4, objectId: 'forged' });
    expect(await trail.firstBreak(database)).toBe(4);
  });

  it('shows two records that changed places', async () => {
    const { database, trail } = await setUp(6);
    for (const [from, to] of [
      [3, 100],
      [4, 3],
      [100, 4],
    ] as const) {
      await database.update(auditEvent).set({ sequence: to }).where(eq(auditEvent.sequence, from));
    }
    expect(await trail.firstBreak(database)).toBe(3);
  });

  it('can’t be mended by who has the database and not the key', async () => {
    const { database, trail, clock } = await setUp(3);
    await database.delete(auditEvent).where(gte(auditEvent.sequence, 2));
    const stranger = createAuditTrail({
      keyProvider: { ...createFakeKeyProvider(), derive: async () => new Uint8Array(32) },
      clock,
    });
    await stranger.record(database, record('forged'));
    expect(await trail.firstBreak(database)).toBe(2);
  });

  it('stays whole with many writers at once, inside and outside transactions', async () => {
    const { database, trail } = await setUp();
    const outside = Array.from({ length: 20 }, (_, n) => trail.record(database, record(`a${n}`)));
    const inside = Array.from({ length: 8 }, (_, n) =>
      database.transaction(async (transaction) => {
        await trail.record(transaction, record(`b${n}`));
        await trail.record(transaction, record(`c${n}`));
      }),
    );
    await Promise.all([...outside, ...inside]);
    const [last] = (await database.execute<{ count: string }>(sql`select count(*) as "count" from "audit_event"`)).rows;
    expect(Number(last?.count)).toBe(36);
    expect(await trail.firstBreak(database)).toBeUndefined();
  });

  it('keeps nothing of a transaction that was undone', async () => {
    const { database, trail } = await setUp(1);
    const undone = database.transaction(async (transaction) => {
      await trail.record(transaction, record('f2'));
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    await trail.record(database, record('f3'));
    expect((await database.select().from(auditEvent)).map((row) => row.objectId)).toEqual(['f1', 'f3']);
    expect(await trail.firstBreak(database)).toBeUndefined();
  });
});
