import { type IMiddleware, Inject, Middleware } from '@midwayjs/core';
import type { Context, NextFunction } from '@midwayjs/faas';
import type { ApiPorts } from '../service/api-ports';

/** Around every event function: one log line with the function's name, how long it took and how it ended. */
@Middleware()
export class EventScopeMiddleware implements IMiddleware<Context, NextFunction> {
  @Inject('ports')
  ports!: ApiPorts; // injected by Midway

  resolve() {
    return async (ctx: Context, next: NextFunction): Promise<unknown> => {
      const started = performance.now();
      const name = String(ctx.originContext?.function_name ?? '');
      const result: unknown = await next();
      const outcome =
        typeof result === 'object' && result !== null && 'outcome' in result ? String(result.outcome) : 'done';
      this.ports.log.info('function-ran', { name, outcome, ms: Math.round(performance.now() - started) });
      return result;
    };
  }
}
