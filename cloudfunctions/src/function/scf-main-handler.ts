import { ProblemError } from '@yingyun/shared/domain/problem';
import type { HandlerOutcome } from '../ports/outbox';
import type { FunctionApp } from './function-app';
import { objectCreatedHandler } from './object-created.function';
import { kindOfScfEvent, unknownEvent } from './scf-event';
import { sweepHandler } from './sweep.function';

export type MainHandler = (event: unknown, context: Readonly<Record<string, unknown>>) => Promise<unknown>;

const handlers = { 'object-created': objectCreatedHandler, timer: sweepHandler } as const;

/**
 * SCF's entry of an event function: `main_handler(event, context)`. `start` runs once, at the first event of an instance; an
 * instance whose start failed tries again with the next one. Rejects where the event should be delivered again (SCF retries
 * asynchronous events) and on events of an unknown kind.
 */
export function createMainHandler(start: () => Promise<Pick<FunctionApp, 'invoke'>>): MainHandler {
  let started: Promise<Pick<FunctionApp, 'invoke'>> | undefined;
  return async (event, context) => {
    const kind = kindOfScfEvent(event);
    if (kind === undefined) throw new ProblemError(unknownEvent());
    started ??= start();
    const app = await started.catch((cause: unknown) => {
      started = undefined;
      throw cause;
    });
    const result = await app.invoke(handlers[kind], event, context);
    if (isRetry(result)) throw new Error(`to be delivered again: ${result.reason}`);
    return result;
  };
}

function isRetry(result: unknown): result is Extract<HandlerOutcome, { outcome: 'retry' }> {
  return typeof result === 'object' && result !== null && 'outcome' in result && result.outcome === 'retry';
}
