import type * as faas from '@midwayjs/faas';
import type { HandlerOutcome, OutboxEvent } from '../ports/outbox';
import { outboxHandlers } from './outbox.function';

/** The event functions, callable by name. The local server and the SCF starter call the same ones. */
export interface FunctionApp {
  /** Runs an outbox event's function. */
  dispatch(event: OutboxEvent): Promise<HandlerOutcome>;
  /** Runs a function by its handler name with the platform's event and context. */
  invoke(handler: string, event: unknown, context?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export function functionApp(framework: faas.Framework): FunctionApp {
  const invoke: FunctionApp['invoke'] = (handler, event, context = {}) =>
    framework.invokeTriggerFunction(
      { originEvent: event, originContext: { ...context, function_name: handler } },
      handler,
      { isHttpFunction: false },
    );
  return {
    invoke,
    dispatch: async (event) => (await invoke(outboxHandlers[event.kind], event)) as HandlerOutcome, // every outbox function returns one
  };
}
