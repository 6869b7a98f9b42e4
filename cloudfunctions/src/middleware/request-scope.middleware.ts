import { type IMiddleware, Inject, Middleware } from '@midwayjs/core';
import type { Context, NextFunction } from '@midwayjs/koa';
import { type Problem, ProblemError, problem } from '@yingyun/shared/domain/problem';
import { answerProblem } from '../http/answer';
import type { RequestMetrics } from '../http/request-metrics';
import { securityHeaders } from '../http/security-headers';
import type { ApiPorts } from '../service/api-ports';

/**
 * Around every request: its id, the security headers, one log line, one measurement, and an answer for whatever was thrown.
 * The log line names the route, never the path: a share link's path is its secret.
 */
@Middleware()
export class RequestScopeMiddleware implements IMiddleware<Context, NextFunction> {
  @Inject('ports')
  ports!: ApiPorts; // injected by Midway

  @Inject('requestMetrics')
  requestMetrics!: RequestMetrics; // injected by Midway

  resolve() {
    return async (ctx: Context, next: NextFunction): Promise<void> => {
      const started = performance.now();
      const requestId = this.ports.random.uuid();
      ctx.state.requestId = requestId;
      ctx.set({ ...securityHeaders, 'X-Request-Id': requestId, 'Cache-Control': 'no-store' });
      try {
        await next();
      } catch (cause) {
        answerProblem(ctx, this.problemOf(cause, requestId));
      }
      const ms = performance.now() - started;
      const route: string = ctx.state.admission?.route ?? ctx.state.page ?? 'none';
      const status = ctx.state.isCut === true ? 499 : ctx.status;
      const problemCode: string | undefined = ctx.state.problem?.problem;
      this.requestMetrics.observe(route, status, ms / 1000);
      this.ports.log.info('http-request', {
        requestId,
        method: ctx.method,
        route,
        status,
        ms: Math.round(ms * 10) / 10,
        ...(problemCode === undefined ? {} : { problem: problemCode }),
      });
    };
  }

  private problemOf(cause: unknown, requestId: string): Problem {
    if (cause instanceof ProblemError) {
      this.ports.log.warn('http-request-failed', { requestId, problem: cause.problem.problem });
      return cause.problem;
    }
    this.ports.log.error('http-request-broke', { requestId }, cause);
    return problem('unexpected');
  }
}
