import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context } from '@midwayjs/koa';
import { problemMessages } from '@yingyun/shared/contract/problem-messages';
import type { ProblemBody } from '@yingyun/shared/contract/routes';
import { isProblem, type Problem, type ProblemCode } from '@yingyun/shared/domain/problem';

const gzipped = promisify(gzip);
const worthCompressing = 1024;
/** Problems that stand for several reasons nobody may tell apart: their answers are the same bytes. */
const sameBytes: ReadonlySet<ProblemCode> = new Set(['share-unavailable', 'code-refused']);

/** Sends a use case's result, or its problem. */
export function answer(ctx: Context, result: object | Problem): void {
  if (isProblem(result)) return answerProblem(ctx, result);
  ctx.status = 200;
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = JSON.stringify(result);
}

/**
 * Like `answer`, compressed where the client takes gzip. Only for answers in which nothing the caller sent stands beside a
 * secret (compressed length tells of contents, BREACH).
 */
export async function answerCompressed(ctx: Context, result: object | Problem): Promise<void> {
  answer(ctx, result);
  if (isProblem(result) || typeof ctx.body !== 'string') return;
  ctx.vary('Accept-Encoding');
  if (ctx.body.length < worthCompressing || ctx.acceptsEncodings('gzip', 'identity') !== 'gzip') return;
  ctx.body = await gzipped(ctx.body, { level: 6 });
  ctx.set('Content-Encoding', 'gzip');
  ctx.type = 'application/json; charset=utf-8';
}

/** The one form of every failed answer. The engineers' detail stays in the log. */
export function answerProblem(ctx: Context, problem: Problem): void {
  const { status, message } = problemMessages[problem.problem];
  const body: ProblemBody = {
    code: problem.problem,
    message,
    requestId: sameBytes.has(problem.problem) ? '' : (ctx.state.requestId ?? ''),
    ...(problem.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: problem.retryAfterSeconds }),
  };
  if (problem.retryAfterSeconds !== undefined) ctx.set('Retry-After', String(problem.retryAfterSeconds));
  if (status === 413) ctx.set('Connection', 'close'); // what is left of the body is not read
  if (status === 401) ctx.set('WWW-Authenticate', 'Bearer');
  ctx.remove('Content-Encoding');
  ctx.status = status;
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = JSON.stringify(body);
  ctx.state.problem = problem;
}
