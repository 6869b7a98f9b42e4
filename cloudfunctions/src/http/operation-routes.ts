import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** For operators and probes, outside the contract: no credential, no tenant, no patient data. */
export const operationRoutes = ['/healthz', '/readyz', '/metrics'] as const;

/** True where this request may see that operation; otherwise it is answered like any path that doesn't exist. */
export type OperationGate = (request: IncomingMessage, operation: (typeof operationRoutes)[number]) => boolean;

/**
 * `/healthz` is everybody's. What the server depends on and how much it does are shown to this machine alone (`local`), by the
 * socket's peer: a request that a proxy has forwarded is nobody's of this machine, and behind a platform's gateway all of them are.
 */
export function createOperationGate(access: {
  readonly operations: 'local' | 'public';
  readonly isBehindGateway: boolean;
}): OperationGate {
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return (request, operation) => {
    if (operation === '/healthz' || access.operations === 'public') return true;
    if (access.isBehindGateway) return false;
    if (['x-forwarded-for', 'forwarded', 'via'].some((name) => request.headers[name] !== undefined)) return false;
    const peer = request.socket.remoteAddress ?? '';
    return loopback.check(peer, isIP(peer) === 6 ? 'ipv6' : 'ipv4');
  };
}
