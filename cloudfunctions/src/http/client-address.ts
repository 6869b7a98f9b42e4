import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { AddressRange } from '../config/address-range';

/** Whose request it is, for limits. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * The peer of the socket. Where that is a trusted proxy: the right-most entry of X-Forwarded-For which is not one itself, because
 * each proxy appends whom it saw and everything before is the client's own word. From anybody else the header is never read.
 * `isBehindGateway`: whoever connects is the platform's gateway (SCF), which ends TLS.
 */
export function createClientAddress(trust: {
  readonly isBehindGateway: boolean;
  readonly trustedProxies: readonly AddressRange[];
}): ClientAddress {
  const proxies = new BlockList();
  for (const { address, prefix, family } of trust.trustedProxies) proxies.addSubnet(address, prefix, family);
  // BlockList takes "::ffff:10.0.0.1" for 10.0.0.1 by itself
  const isProxy = (address: string) => proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (request) => {
    let address = request.socket.remoteAddress ?? '';
    if (!trust.isBehindGateway && !isProxy(address)) return address;
    const forwarded = request.headers['x-forwarded-for'];
    const entries = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',');
    for (const entry of entries.reverse()) {
      const seen = withoutPort(entry.trim());
      if (isIP(seen) === 0) return address; // no address: the proxy that wrote it is the last we know of
      address = seen;
      if (!isProxy(address)) return address;
    }
    return address;
  };
}

/** Some proxies write "10.0.0.1:4711" or "[fd00::1]:4711". */
function withoutPort(entry: string): string {
  return entry.replace(/^\[([^\]]+)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
}
