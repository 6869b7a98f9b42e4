import type { IncomingMessage } from 'node:http';
import { type Problem, problem } from '@yingyun/shared/domain/problem';

/** No request of ours needs more. */
export const maxBodyBytes = 256 * 1024;

/**
 * Reads a request's JSON. Refuses by the declared length before anything is read, and while reading; takes no compressed body.
 * Problems: `invalid-request`, `payload-too-large`.
 */
export async function readJsonBody(request: IncomingMessage): Promise<{ readonly json: unknown } | Problem> {
  const { 'content-type': type, 'content-length': declared, 'content-encoding': encoding } = request.headers;
  if (Number(declared ?? 0) > maxBodyBytes) return problem('payload-too-large');
  if (encoding !== undefined && encoding !== 'identity') return problem('invalid-request', 'content-encoding');
  const chunks: Buffer[] = [];
  let length = 0;
  // The answer to a body that is too large goes out on the same connection: leaving the loop must not destroy it.
  const received: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false }); // no encoding is set: chunks are buffers
  for await (const chunk of received) {
    length += chunk.length;
    if (length > maxBodyBytes) return problem('payload-too-large');
    chunks.push(chunk);
  }
  if (length === 0) return { json: undefined };
  if (type === undefined || !/^application\/json(\s*;|$)/i.test(type))
    return problem('invalid-request', 'content-type');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    return { json: JSON.parse(text) };
  } catch {
    return problem('invalid-request', 'json');
  }
}
