import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createOperationGate, operationRoutes } from './operation-routes';

const request = (peer: string | undefined, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress: peer }, headers }) as unknown as IncomingMessage; // what is read of it

describe('what operators ask for', () => {
  const gate = createOperationGate({ operations: 'local', isBehindGateway: false });
  const seenBy = (one: IncomingMessage, by = gate) => operationRoutes.filter((operation) => by(one, operation));

  it('is answered to this machine, and /healthz to everybody', () => {
    for (const peer of ['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1'])
      expect(seenBy(request(peer)), peer).toEqual(operationRoutes);
    for (const peer of ['10.0.0.1', '2001:db8::1', '::ffff:10.0.0.1', '', undefined])
      expect(seenBy(request(peer)), peer).toEqual(['/healthz']);
  });

  it('is not answered through a proxy on this machine, whatever address it names', () => {
    for (const headers of [{ 'x-forwarded-for': '127.0.0.1' }, { forwarded: 'for=127.0.0.1' }, { via: '1.1 proxy' }])
      expect(seenBy(request('127.0.0.1', headers))).toEqual(['/healthz']);
    const behind = createOperationGate({ operations: 'local', isBehindGateway: true });
    expect(seenBy(request('127.0.0.1'), behind)).toEqual(['/healthz']);
  });

  it('is answered to everybody where the setting says so', () => {
    const open = createOperationGate({ operations: 'public', isBehindGateway: true });
    expect(seenBy(request('10.0.0.1'), open)).toEqual(operationRoutes);
  });
});
