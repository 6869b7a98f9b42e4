import { eq } from 'drizzle-orm';
import { expect, it, vi } from 'vitest';
import type { OutboxEvent } from '../../ports/outbox';
import { outbox as table } from '../../ports/schema';
import { describeEachDatabase } from '../../testing/for-each-database';
import { createOutboxWorld, done, rowsOf, studyChanged } from '../../testing/outbox-world';

describeEachDatabase('the outbox', (open) => {
  const { setUp, gate } = createOutboxWorld(open);

  it('runs each event once and forgets it', async () => {
    const { database, outbox, start } = await setUp();
    const ran: OutboxEvent[] = [];
    await outbox.add(database, studyChanged('a'));
    await outbox.add(database, { kind: 'instance-acknowledged', journalSequence: 7 });
    const runner = start(async (event) => {
      ran.push(event);
      return done;
    });
    await runner.idle();
    expect(ran).toHaveLength(2);
    expect(ran).toContainEqual(studyChanged('a'));
    expect(ran).toContainEqual({ kind: 'instance-acknowledged', journalSequence: 7 });
    expect(await rowsOf({ database })).toEqual([]);
  });

  it('tells of nothing that was rolled back', async () => {
    const { database, outbox, start } = await setUp();
    const ran: OutboxEvent[] = [];
    await database
      .transaction(async (transaction) => {
        await outbox.add(transaction, studyChanged('a'));
        throw new Error('no');
      })
      .catch(() => {});
    const runner = start(async (event) => {
      ran.push(event);
      return done;
    });
    await runner.idle();
    expect(ran).toEqual([]);
  });

  it('keeps one waiting event a key, due at the earlier time', async () => {
    const { database, outbox, clock } = await setUp();
    await outbox.add(database, studyChanged('a'), { delayMs: 5000 });
    await outbox.add(database, studyChanged('a'), { delayMs: 9000 });
    expect((await rowsOf({ database })).map((row) => row.runAfter.getTime() - clock.now().getTime())).toEqual([5000]);
    await outbox.addMany(database, [studyChanged('a'), studyChanged('b'), studyChanged('b')]);
    expect((await rowsOf({ database })).map((row) => row.runAfter.getTime() - clock.now().getTime())).toEqual([0, 0]);
  });

  it('does not run an event before its time', async () => {
    const { database, outbox, clock, start } = await setUp();
    const ran: OutboxEvent[] = [];
    await outbox.add(database, studyChanged('a'), { delayMs: 5000 });
    const runner = start(async (event) => {
      ran.push(event);
      return done;
    });
    await runner.idle();
    expect(ran).toEqual([]);
    clock.advance(5000);
    await runner.idle();
    expect(ran).toEqual([studyChanged('a')]);
  });

  it('keeps the delay of an event that is added again while it runs', async () => {
    const { database, clock, outbox, start } = await setUp();
    await outbox.add(database, studyChanged('a'));
    let runs = 0;
    const runner = start(async () => {
      if (++runs === 1) await outbox.add(database, studyChanged('a'), { delayMs: 5000 });
      return done;
    });
    await runner.idle();
    clock.advance(4999);
    await runner.idle();
    expect(runs).toBe(1);
    clock.advance(1);
    await runner.idle();
    expect(runs).toBe(2);
  });

  it('runs an event again that was added while it was running', async () => {
    const { database, outbox, start } = await setUp();
    const first = gate();
    let runs = 0;
    const runner = start(async () => {
      if (++runs === 1) await first.pass();
      return done;
    });
    await outbox.add(database, studyChanged('a'));
    runner.wake();
    await first.isEntered;
    await outbox.add(database, studyChanged('a'));
    await outbox.add(database, studyChanged('a'));
    first.open();
    await runner.idle();
    expect(runs).toBe(2);
    expect(await rowsOf({ database })).toEqual([]);
  });

  it('runs an event at its time while another one takes long', async () => {
    const { database, outbox, clock, start } = await setUp();
    const long = gate();
    const short = gate();
    start((event) => (event.kind === 'film-published' ? long : short).pass().then(() => done));
    await outbox.add(database, { kind: 'film-published', filmId: 'f' });
    await outbox.add(database, studyChanged('a'), { delayMs: 500 });
    await long.isEntered;
    clock.advance(500);
    await short.isEntered;
    short.open();
    long.open();
  });

  it('leaves held kinds waiting, even those it has claimed, and runs the others meanwhile', async () => {
    const { database, outbox, start } = await setUp();
    const ran: string[] = [];
    const slow = gate();
    let isHeld = false;
    const acknowledged = (journalSequence: number): OutboxEvent => ({ kind: 'instance-acknowledged', journalSequence });
    await outbox.addMany(database, [1, 2, 3, 4].map(acknowledged));
    const runner = start(
      async (event) => {
        ran.push(event.kind);
        if (ran.length === 1) await slow.pass();
        return done;
      },
      { concurrency: 1, heldKinds: () => (isHeld ? ['instance-acknowledged'] : []) },
    );
    await slow.isEntered;
    isHeld = true;
    slow.open();
    await outbox.add(database, acknowledged(5));
    await outbox.add(database, studyChanged('a'));
    runner.wake();
    await vi.waitFor(() => expect(ran).toEqual(['instance-acknowledged', 'study-changed']), { timeout: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(ran).toHaveLength(2);
    isHeld = false;
    await runner.idle();
    expect(ran.filter((kind) => kind === 'instance-acknowledged')).toHaveLength(5);
    expect(await rowsOf({ database })).toEqual([]);
  });

  it('tries a failed event again after 1 s, 2 s, 4 s … and not before', async () => {
    const { database, outbox, clock, start } = await setUp();
    const attempts: number[] = [];
    await outbox.add(database, studyChanged('a'));
    const runner = start(async (_event, attempt) => {
      attempts.push(attempt);
      return attempt < 4 ? { outcome: 'retry', reason: 'storage-unavailable' } : done;
    });
    await runner.idle();
    for (const [index, restMs] of [1000, 2000, 4000].entries()) {
      clock.advance(restMs / 2 - 1); // jitter leaves at least half of the rest
      await runner.idle();
      expect(attempts).toHaveLength(index + 1);
      clock.advance(restMs / 2 + 1);
      await runner.idle();
      expect(attempts).toHaveLength(index + 2);
    }
    expect(attempts).toEqual([1, 2, 3, 4]);
    expect(await rowsOf({ database })).toEqual([]);
  });

  it('lays a hopeless event to rest, after maxAttempts or at once, and replays it on demand', async () => {
    const { database, outbox, clock, log, start } = await setUp();
    let isRepaired = false;
    await outbox.add(database, studyChanged('a'));
    await outbox.add(database, { kind: 'film-published', filmId: 'f' });
    const runner = start(
      async (event) => {
        if (isRepaired) return done;
        if (event.kind === 'film-published') return { outcome: 'dead', reason: 'not-found' };
        throw new Error('a bug');
      },
      { maxAttempts: 2 },
    );
    await runner.idle();
    clock.advance(1000);
    await runner.idle();
    expect(
      (await rowsOf({ database })).map((row) => [row.kind, row.state, row.attempts, row.lastError]).sort(),
    ).toEqual([
      ['film-published', 'dead', 1, 'not-found'],
      ['study-changed', 'dead', 2, 'unexpected'],
    ]);
    expect(log.lines.filter((line) => line.event === 'outbox-event-dead')).toHaveLength(2);
    isRepaired = true;
    clock.advance(3_600_000);
    await runner.idle();
    expect(await rowsOf({ database })).toHaveLength(2);
    expect(await runner.replayDead('film-published')).toBe(1);
    await outbox.add(database, studyChanged('a')); // a new reason revives it, too
    await runner.idle();
    expect(await rowsOf({ database })).toEqual([]);
  });

  it('lets no event stand in the way of others', async () => {
    const { database, outbox, start } = await setUp();
    const ran = new Set<string>();
    await outbox.addMany(
      database,
      Array.from({ length: 200 }, (_, i) => studyChanged(`${i}`)),
    );
    const runner = start(async (event) => {
      if (event.kind !== 'study-changed') return done;
      if (Number(event.studyId) % 10 === 0) throw new Error('poison');
      ran.add(event.studyId);
      return done;
    });
    await runner.idle();
    expect(ran.size).toBe(180);
    expect(await rowsOf({ database })).toHaveLength(20);
  });

  it('starts events in the order in which they are due', async () => {
    const { database, outbox, clock, start } = await setUp();
    for (const studyId of ['c', 'a', 'b']) {
      await outbox.add(database, studyChanged(studyId));
      clock.advance(10);
    }
    const ran: string[] = [];
    const runner = start(
      async (event) => {
        if (event.kind === 'study-changed') ran.push(event.studyId);
        return done;
      },
      { concurrency: 1 },
    );
    await runner.idle();
    expect(ran).toEqual(['c', 'a', 'b']);
  });

  it('lays an event it can’t read to rest', async () => {
    const { database, clock, start } = await setUp();
    const row = { kind: 'study-changed', state: 'waiting', runAfter: clock.now(), createdAt: clock.now() };
    await database.insert(table).values([
      { ...row, id: '1', dedupeKey: 'x', payload: '{' },
      { ...row, id: '2', dedupeKey: 'y', payload: '{"studyId":5}' },
    ]);
    const runner = start(async () => done);
    await runner.idle();
    const rows = await database.select().from(table).where(eq(table.state, 'dead'));
    expect(rows.map((one) => one.lastError)).toEqual(['unreadable', 'unreadable']);
  });

  it('handles at least 300 trivial events a second', async () => {
    const { database, outbox, start } = await setUp();
    await outbox.addMany(
      database,
      Array.from({ length: 1500 }, (_, i) => studyChanged(`${i}`)),
    );
    const from = performance.now();
    const runner = start(async () => done, { concurrency: 8 });
    await runner.idle();
    const perSecond = 1500 / ((performance.now() - from) / 1000);
    expect(await rowsOf({ database })).toEqual([]);
    expect(perSecond).toBeGreaterThan(300);
  });
});
