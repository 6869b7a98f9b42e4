import type { IncomingMessage } from 'node:http';

/**
 * Whose request it is, for limits. The peer of the socket; behind a gateway the last entry of X-Forwarded-For, the one which the
 * gateway itself wrote: everything before it is the client's own word.
 */
export function clientAddress(request: IncomingMessage, isBehindGateway: boolean): string {
  const peer = request.socket.remoteAddress ?? '';
  if (!isBehindGateway) return peer;
  const forwarded = request.headers['x-forwarded-for'];
  const text = Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '');
  return text.split(',').pop()?.trim() || peer;
}
