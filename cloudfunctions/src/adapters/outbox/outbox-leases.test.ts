import { expect, it, vi } from 'vitest';
import type { HandlerOutcome, OutboxEvent } from '../../ports/outbox';
import { outbox as outboxTable } from '../../ports/schema';
import { describeEachDatabase } from '../../testing/for-each-database';
import { createOutboxWorld, done, rowsOf, studyChanged } from '../../testing/outbox-world';

describeEachDatabase('the outbox, with several runners or after a crash', (open) => {
  const { setUp, gate } = createOutboxWorld(open);

  it('never runs one event in two runners at once', async () => {
    const { database, outbox, start } = await setUp();
    await outbox.addMany(
      database,
      Array.from({ length: 300 }, (_, i) => studyChanged(`${i}`)),
    );
    const inside = new Set<string>();
    const ran = new Map<string, number>();
    let collisions = 0;
    const dispatch = async (event: OutboxEvent): Promise<HandlerOutcome> => {
      const key = event.kind === 'study-changed' ? event.studyId : '';
      if (inside.has(key)) collisions++;
      inside.add(key);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inside.delete(key);
      ran.set(key, (ran.get(key) ?? 0) + 1);
      return done;
    };
    const both = [start(dispatch), start(dispatch)];
    await Promise.all(both.map((runner) => runner.idle()));
    while ((await rowsOf({ database })).length > 0) await Promise.all(both.map((runner) => runner.idle()));
    expect(collisions).toBe(0);
    expect(ran.size).toBe(300);
    expect([...ran.values()].every((count) => count === 1)).toBe(true);
  });

  it('runs a crashed runner’s events again when its lease has lapsed, and not before', async () => {
    const { database, outbox, clock, start } = await setUp();
    const crashed = gate();
    await outbox.add(database, studyChanged('a'));
    const first = start(() => crashed.pass().then(() => done), { leaseMs: 60_000, concurrency: 1 });
    await crashed.isEntered; // its one slot is taken: from here the first runner claims nothing more, as after kill -9
    const attempts: number[] = [];
    const second = start(
      async (_event, attempt) => {
        attempts.push(attempt);
        return done;
      },
      { leaseMs: 150 },
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    await second.idle();
    expect(attempts).toEqual([]);
    clock.advance(60_001);
    await vi.waitFor(() => expect(attempts).toEqual([2]), { timeout: 20_000 }); // it looks for lapsed leases every 50 ms
    await second.idle();

    // The late first runner must not take away what now belongs to others.
    await outbox.add(database, studyChanged('a'));
    crashed.open();
    await first.idle();
    await second.idle();
    expect(attempts).toEqual([2, 1].slice(0, attempts.length));
  });

  it('never lays to rest what fifty crashes left running, and lets others go first', async () => {
    const { database, outbox, clock, start } = await setUp();
    await outbox.add(database, studyChanged('a'));
    await database
      .update(outboxTable)
      .set({ state: 'running', attempts: 50, leaseOwner: 'crashed', leaseUntil: clock.now() });
    await outbox.add(database, studyChanged('b'));
    const ran: string[] = [];
    const runner = start(
      async (event) => {
        if (event.kind === 'study-changed') ran.push(event.studyId);
        return done;
      },
      { isSole: true },
    );
    await vi.waitFor(() => expect(ran).toEqual(['b']), { timeout: 20_000 });
    clock.advance(21_000);
    runner.wake();
    await vi.waitFor(() => expect(ran).toEqual(['b', 'a']), { timeout: 20_000 });
  });

  it('takes up at once what a crash left running, where it is the only runner', async () => {
    const { database, outbox, start } = await setUp();
    const crashed = gate();
    await outbox.add(database, studyChanged('a'));
    start(() => crashed.pass().then(() => done), { concurrency: 1 });
    await crashed.isEntered;
    await new Promise((resolve) => setTimeout(resolve, 100)); // from here it claims nothing more: its one slot is taken
    let runs = 0;
    const second = start(
      async () => {
        runs++;
        return done;
      },
      { isSole: true },
    );
    await second.idle();
    expect(runs).toBe(1);
    crashed.open();
  });

  it('gives back what it has not started when it is stopped', async () => {
    const { database, outbox, start } = await setUp();
    const slow = gate();
    await outbox.addMany(
      database,
      Array.from({ length: 20 }, (_, i) => studyChanged(`${i}`)),
    );
    const runner = start(() => slow.pass().then(() => done), { concurrency: 2 });
    await slow.isEntered;
    const stopping = runner.stop();
    slow.open();
    await stopping;
    const rows = await rowsOf({ database });
    expect(rows).toHaveLength(18);
    expect(rows.every((row) => row.state === 'waiting' && row.attempts === 0 && row.leaseOwner === '')).toBe(true);
  });
});
