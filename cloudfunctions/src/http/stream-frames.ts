import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Context } from '@midwayjs/koa';
import { frameBatchMediaType } from '@yingyun/shared/contract/frame-batch';
import { isProblem, type Problem } from '@yingyun/shared/domain/problem';
import type { Log } from '../ports/log';
import { answerProblem } from './answer';

/**
 * Sends a batch with back-pressure. The first record is read before the head goes out, so that a problem with it is still a
 * proper answer; after that an error destroys the connection, and the missing trailer tells the client. Stops reading when the
 * client leaves.
 */
export async function streamFrames(
  ctx: Context,
  log: Log,
  frames: AsyncGenerator<Uint8Array> | Problem,
): Promise<void> {
  if (isProblem(frames)) return answerProblem(ctx, frames);
  const first = await frames.next();
  ctx.respond = false;
  ctx.status = 200;
  ctx.res.setHeader('Content-Type', frameBatchMediaType);
  try {
    await pipeline(Readable.from(restored(first, frames), { objectMode: false, highWaterMark: 256 * 1024 }), ctx.res);
  } catch (cause) {
    ctx.res.destroy();
    ctx.state.isCut = true;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'stream-failed';
    log.warn('frames-cut', { requestId: ctx.state.requestId, code });
  }
}

async function* restored(
  first: IteratorResult<Uint8Array>,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (first.done !== true) yield first.value;
  yield* rest;
}
