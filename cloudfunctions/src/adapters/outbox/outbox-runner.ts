import { ProblemError } from '@yingyun/shared/domain/problem';
import type { Clock, RandomSource } from '../../ports/clock-and-random';
import type { Database } from '../../ports/database';
import type { Log } from '../../ports/log';
import type { HandlerOutcome, OutboxEvent, OutboxEventKind } from '../../ports/outbox';
import {
  type Claim,
  type ClaimedEvent,
  claimDue,
  completeDone,
  giveBack,
  nextDueAt,
  reclaimLapsed,
  renewLeases,
  reviveDead,
  settleFailed,
} from './outbox-leases';
import { retryDelayMs } from './retry-delay';

export interface OutboxRunnerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly log: Log;
  /** How many handlers run at once. */
  readonly concurrency: number;
  /** Runs the event's handler. `attempt` is 1 at the first run. A throw counts as `retry`. */
  dispatch(event: OutboxEvent, attempt: number): Promise<HandlerOutcome>;
  /** Nothing runs and nothing is due. */
  onIdle?(): void;
  /** An event that has failed so often rests as `dead`. Default 40: about two and a half hours of trying. */
  readonly maxAttempts?: number;
  /** A crashed runner's events run again after this long. Default 30 s. */
  readonly leaseMs?: number;
  /** Other processes' events are seen after this long at the latest. Default 1 s. */
  readonly pollMs?: number;
  /** No other process runs this outbox (embedded database): what stands as running at the start was left by a crash and runs at once. */
  readonly isSole?: boolean;
  /** Kinds that must not start now. When there are fewer, call `wake`. Default none. */
  heldKinds?(): readonly OutboxEventKind[];
}

export interface OutboxRunner {
  /** Something may be due. */
  wake(): void;
  /** Resolves when nothing runs and nothing is due now; events that wait for later don't count. */
  idle(): Promise<void>;
  /** Claims no more, waits for the running handlers, gives the rest back. */
  stop(): Promise<void>;
  /** Lets dead events run again, with all their attempts; answers how many. */
  replayDead(kind?: OutboxEventKind): Promise<number>;
}

const claimBatch = 64;
/** How long completions gather: one statement for many. */
const flushAfterMs = 250;

/**
 * Runs the outbox's events: at least once each, no event in two places at once, a failing event never in the way of others.
 * Not promised: order between events (they start in the order in which they are due, and run `concurrency` at a time).
 */
export function startOutboxRunner(options: OutboxRunnerOptions): OutboxRunner {
  const { database, clock, random, log } = options;
  const maxAttempts = options.maxAttempts ?? 40;
  const leaseMs = options.leaseMs ?? 30_000;
  const pollMs = options.pollMs ?? 1000;
  const owner = random.uuid();
  const claimNow = (): Claim => {
    const now = clock.now();
    return { owner, now, leaseUntil: new Date(now.getTime() + leaseMs) };
  };

  const heldKinds = () => options.heldKinds?.() ?? [];
  const startable = () => {
    const held = heldKinds();
    return held.length === 0 ? queue : queue.filter(({ event }) => !held.includes(event.kind));
  };

  let queue: ClaimedEvent[] = [];
  const running = new Set<Promise<void>>();
  let done: string[] = [];
  let mayBeDue = true;
  let isStopping = false;
  let hasWorked = true;
  let isFlushDue = false;
  const idleWaiters: (() => void)[] = [];
  let signal = () => {};
  let nextLook: NodeJS.Timeout | undefined;

  const wake = () => {
    mayBeDue = true;
    signal();
  };

  const flushSoon = () => {
    isFlushDue = true;
    signal();
  };

  async function run(one: ClaimedEvent): Promise<void> {
    const outcome = await outcomeOf(one);
    if (outcome.outcome === 'done') {
      if (done.push(one.id) === 1) setTimeout(flushSoon, flushAfterMs);
      return;
    }
    const isDead = outcome.outcome === 'dead' || one.attempt >= maxAttempts;
    const claim = claimNow();
    const runAfter = isDead ? undefined : new Date(claim.now.getTime() + retryDelayMs(one.attempt, random));
    const fields = { kind: one.event.kind, attempt: one.attempt, reason: outcome.reason.slice(0, 200) };
    if (isDead) log.error('outbox-event-dead', fields);
    else log.warn('outbox-event-failed', fields);
    await settleFailed(database, claim, one.id, runAfter, outcome.reason);
  }

  async function outcomeOf(one: ClaimedEvent): Promise<HandlerOutcome> {
    try {
      return await options.dispatch(one.event, one.attempt);
    } catch (error) {
      log.error('outbox-handler-threw', { kind: one.event.kind, attempt: one.attempt }, error);
      return { outcome: 'retry', reason: error instanceof ProblemError ? error.problem.problem : 'unexpected' };
    }
  }

  function startQueued(): void {
    while (!isStopping && running.size < options.concurrency) {
      const [one] = startable();
      if (one === undefined) return;
      queue = queue.filter((other) => other !== one);
      // A failed bookkeeping write leaves the row leased: it lapses and runs again.
      const task: Promise<void> = run(one)
        .catch((error) => log.error('outbox-bookkeeping-failed', { kind: one.event.kind }, error))
        .finally(() => {
          running.delete(task);
          signal();
        });
      running.add(task);
    }
  }

  async function claimMore(): Promise<void> {
    if (isStopping || !mayBeDue || startable().length >= options.concurrency) return;
    mayBeDue = false; // before we look: a wake that comes while we look counts
    const { claimed, unreadable } = await claimDue(database, claimNow(), claimBatch, heldKinds());
    queue.push(...claimed);
    for (const id of unreadable) {
      log.error('outbox-event-unreadable', { id });
      await settleFailed(database, claimNow(), id, undefined, 'unreadable');
    }
    if (claimed.length + unreadable.length === 0) return;
    hasWorked = true;
    mayBeDue = true; // there may be more
  }

  async function flushDone(): Promise<void> {
    // While more wait their turn, completions gather for a moment: one statement for many.
    const isDue = isFlushDue || done.length >= claimBatch / 2 || startable().length === 0;
    isFlushDue = false;
    if (done.length === 0 || !isDue) return;
    const ids = done;
    done = [];
    try {
      if (await completeDone(database, claimNow(), ids)) mayBeDue = true;
    } catch (error) {
      done.push(...ids);
      throw error;
    }
  }

  async function lookAgainLater(): Promise<void> {
    const next = await nextDueAt(database, heldKinds());
    if (isStopping) return;
    const wait =
      next === undefined ? pollMs : Math.min(pollMs, Math.max(next.getTime() - clock.now().getTime(), 0) + 1);
    clearTimeout(nextLook);
    nextLook = setTimeout(wake, wait);
  }

  async function turn(): Promise<void> {
    await flushDone();
    await claimMore();
    startQueued();
    if (running.size >= options.concurrency || startable().length > 0 || done.length > 0 || mayBeDue) return;
    await lookAgainLater();
    if (running.size > 0 || done.length > 0 || mayBeDue || heldKinds().length > 0) return;
    if (hasWorked) options.onIdle?.();
    hasWorked = false;
    for (const resolve of idleWaiters.splice(0)) resolve();
  }

  async function loop(): Promise<void> {
    await reclaim(options.isSole === true);
    while (!isStopping) {
      const signalled = new Promise<void>((resolve) => {
        signal = resolve;
      });
      try {
        await turn();
        const canGoOn =
          done.length >= claimBatch / 2 || (mayBeDue && startable().length < options.concurrency) || isFlushDue;
        if (!canGoOn && !isStopping) await signalled;
      } catch (error) {
        log.error('outbox-turn-failed', {}, error);
        mayBeDue = true;
        await Promise.race([new Promise((resolve) => setTimeout(resolve, pollMs)), whenStopping]);
      }
    }
  }

  async function reclaim(everyOther: boolean): Promise<void> {
    try {
      await reclaimLapsed(database, claimNow(), everyOther);
    } catch (error) {
      log.error('outbox-reclaim-failed', {}, error);
    }
  }

  let stopNow = () => {};
  const whenStopping = new Promise<void>((resolve) => {
    stopNow = resolve;
  });
  let upkeep: Promise<void> = Promise.resolve();
  const upkeepTimer = setInterval(() => {
    upkeep = upkeep.then(async () => {
      if (isStopping) return;
      if (running.size + queue.length > 0)
        await renewLeases(database, claimNow()).catch((error) => log.error('outbox-renew-failed', {}, error));
      await reclaim(false);
      wake();
    });
  }, leaseMs / 3);
  const looping = loop();

  return {
    wake,
    idle: () => {
      wake();
      return new Promise<void>((resolve) => idleWaiters.push(resolve));
    },
    async stop() {
      if (isStopping) return looping.then(() => {});
      isStopping = true;
      clearInterval(upkeepTimer);
      clearTimeout(nextLook);
      stopNow();
      signal();
      await looping;
      await upkeep;
      await Promise.all(running);
      if (done.length > 0) await completeDone(database, claimNow(), done);
      const rest = queue.splice(0).map((one) => one.id);
      if (rest.length > 0) await giveBack(database, claimNow(), rest);
      for (const resolve of idleWaiters.splice(0)) resolve();
    },
    async replayDead(kind) {
      const count = await reviveDead(database, clock.now(), kind);
      wake();
      return count;
    },
  };
}
