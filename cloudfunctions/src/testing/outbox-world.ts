import { afterEach } from 'vitest';
import { createOutbox } from '../adapters/outbox/outbox';
import { type OutboxRunner, type OutboxRunnerOptions, startOutboxRunner } from '../adapters/outbox/outbox-runner';
import type { Database } from '../ports/database';
import type { HandlerOutcome, OutboxEvent } from '../ports/outbox';
import { outbox as table } from '../ports/schema';
import { createHandClock, createMemoryLog, createSeededRandom } from './fakes';
import type { OpenFresh } from './for-each-database';

export const studyChanged = (studyId: string): OutboxEvent => ({ kind: 'study-changed', studyId });
export const done: HandlerOutcome = { outcome: 'done' };
export const rowsOf = ({ database }: { readonly database: Database }) => database.select().from(table);

/** A handler that waits until the test lets it go. */
function createGate() {
  let open = () => {};
  let entered = () => {};
  const isEntered = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  const pass = () => {
    entered();
    return isOpen;
  };
  return { open, pass, isEntered };
}

/** An outbox with as many runners as a test starts; call it in a `describe`. Gates open and runners stop after each test. */
export function createOutboxWorld(open: OpenFresh) {
  const runners: OutboxRunner[] = [];
  const gates: ReturnType<typeof createGate>[] = [];
  const gate = () => {
    const one = createGate();
    gates.push(one);
    return one;
  };
  afterEach(async () => {
    for (const one of gates.splice(0)) one.open();
    for (const runner of runners.splice(0)) await runner.stop();
  });

  async function setUp() {
    const opened = await open();
    const clock = createHandClock();
    const random = createSeededRandom();
    const log = createMemoryLog();
    const outbox = createOutbox({ clock, random });
    const start = (dispatch: OutboxRunnerOptions['dispatch'], more: Partial<OutboxRunnerOptions> = {}) => {
      const runner = startOutboxRunner({
        database: opened.database,
        clock,
        random,
        log,
        concurrency: 4,
        pollMs: 20,
        dispatch,
        ...more,
      });
      runners.push(runner);
      return runner;
    };
    return { ...opened, clock, random, log, outbox, start };
  }
  return { setUp, gate };
}
