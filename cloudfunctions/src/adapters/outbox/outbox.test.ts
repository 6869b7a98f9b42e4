import { expect, it } from 'vitest';
import type { HandlerOutcome } from '../../ports/outbox';
import { outbox as table } from '../../ports/schema';
import { createHandClock, createMemoryLog, createSeededRandom } from '../../testing/fakes';
import { describeEachDatabase } from '../../testing/for-each-database';
import { createOutbox } from './outbox';
import { startOutboxRunner } from './outbox-runner';

describeEachDatabase('adding to the outbox', (open) => {
  it('survives two transactions that add the same event at once', async () => {
    const { database } = await open();
    const outbox = createOutbox({ clock: createHandClock(), random: createSeededRandom() });
    const add = () =>
      database.transaction((transaction) => outbox.add(transaction, { kind: 'study-changed', studyId: 'a' }));
    await Promise.all(Array.from({ length: 6 }, add));
    expect(await database.select().from(table)).toHaveLength(1);
  });

  it('runs the handler only after the change that added the event can be seen', async () => {
    const { database, kind } = await open();
    if (kind === 'pglite') return; // one connection: an open transaction excludes the runner altogether
    const clock = createHandClock();
    const random = createSeededRandom();
    const outbox = createOutbox({ clock, random });
    const ran: number[] = [];
    const steps: string[] = [];
    await outbox.add(database, { kind: 'study-changed', studyId: 'a' });
    let runner: ReturnType<typeof startOutboxRunner> | undefined;
    await database.transaction(async (transaction) => {
      await outbox.add(transaction, { kind: 'study-changed', studyId: 'a' });
      const dispatch = async (): Promise<HandlerOutcome> => {
        steps.push('ran');
        ran.push(1);
        return { outcome: 'done' };
      };
      runner = startOutboxRunner({ database, clock, random, log: createMemoryLog(), concurrency: 1, dispatch });
      await new Promise((resolve) => setTimeout(resolve, 150));
      steps.push('committed');
    });
    await runner?.idle();
    await runner?.stop();
    expect(steps).toEqual(['committed', 'ran']);
  });

  it('wakes who listens, until they stop', () => {
    const outbox = createOutbox({ clock: createHandClock(), random: createSeededRandom() });
    let woken = 0;
    const stop = outbox.onWake(() => woken++);
    outbox.wake();
    stop();
    outbox.wake();
    expect(woken).toBe(1);
  });
});
