import { type IMiddleware, Inject, Middleware } from '@midwayjs/core';
import type { Context, NextFunction } from '@midwayjs/koa';
import { isProblem, type Problem, problem } from '@yingyun/shared/domain/problem';
import * as v from 'valibot';
import type { Admission } from '../http/admitted';
import { answerProblem } from '../http/answer';
import type { ClientAddress } from '../http/client-address';
import { createRouteMatcher, type MatchedRoute } from '../http/match-route';
import { type OperationGate, operationRoutes } from '../http/operation-routes';
import { readJsonBody } from '../http/read-json-body';
import type { ApiPorts } from '../service/api-ports';
import { authenticate } from '../service/authenticate';
import type { AnonymousCaller, Caller } from '../service/caller';

/**
 * The gate before every controller, driven by the contract: first who asks (the route's audience), then what (its schemas).
 * Deny by default: a path under /api without a contract entry never reaches the router, and a controller refuses a request that
 * was not admitted as its own route.
 */
@Middleware()
export class AdmissionMiddleware implements IMiddleware<Context, NextFunction> {
  @Inject('ports')
  ports!: ApiPorts; // injected by Midway

  @Inject('clientAddress')
  clientAddress!: ClientAddress; // injected by Midway

  @Inject('operationGate')
  operationGate!: OperationGate; // injected by Midway

  resolve() {
    const match = createRouteMatcher();
    return async (ctx: Context, next: NextFunction): Promise<void> => {
      const matched = match(ctx.method, ctx.path);
      if (matched === undefined) {
        if (/^\/api(\/|$)/i.test(ctx.path)) return answerProblem(ctx, problem('not-found'));
        const operation = operationRoutes.find(
          (path) => path === ctx.path && ctx.method === 'GET' && this.operationGate(ctx.req, path),
        );
        ctx.state.isOperation = operation !== undefined;
        if (operation !== undefined) ctx.state.page = operation.slice(1);
        return next();
      }
      const caller = await this.callerOf(ctx, matched);
      if (isProblem(caller)) {
        ctx.state.page = matched.name;
        return answerProblem(ctx, caller);
      }
      const input = await parseInput(ctx, matched);
      if (isProblem(input)) {
        ctx.state.page = matched.name;
        return answerProblem(ctx, input);
      }
      const admission: Admission = { route: matched.name, caller, input };
      ctx.state.admission = admission;
      await next();
    };
  }

  private async callerOf(ctx: Context, matched: MatchedRoute): Promise<Caller | Problem> {
    const { audience } = matched.contract;
    const address = this.clientAddress(ctx.req);
    const anonymous: AnonymousCaller = { kind: 'anonymous', requestId: ctx.state.requestId, address };
    if (audience === 'public') return anonymous;
    const token = /^Bearer ([A-Za-z0-9_.-]+)$/.exec(ctx.get('authorization'))?.[1];
    return authenticate(this.ports, audience, token, anonymous);
  }
}

/** Params, query and body through the contract's schemas, merged; a part without a schema must be empty. */
async function parseInput(
  ctx: Context,
  { contract, params }: MatchedRoute,
): Promise<Record<string, unknown> | Problem> {
  let body: unknown;
  if (ctx.method === 'POST') {
    const read = await readJsonBody(ctx.req);
    if (isProblem(read)) return read;
    body = read.json;
  }
  const parts: readonly (readonly [v.GenericSchema | undefined, unknown])[] = [
    [contract.params ?? v.looseObject({}), params],
    [contract.query, { ...ctx.query }],
    [contract.body, contract.body === undefined && body === undefined ? {} : body],
  ];
  const input: Record<string, unknown> = {};
  for (const [schema, given] of parts) {
    const parsed = v.safeParse(schema ?? v.strictObject({}), given);
    if (!parsed.success) {
      const where = parsed.issues.map((issue) => v.getDotPath(issue) ?? '').join(' ');
      return problem('invalid-request', where);
    }
    Object.assign(input, parsed.output);
  }
  return input;
}
