import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type AddressRange, parseAddressRange } from '../config/address-range';
import { createClientAddress } from './client-address';

const ranges = (...texts: string[]): AddressRange[] =>
  texts.flatMap((text) => {
    const range = parseAddressRange(text);
    return range === undefined ? [] : [range];
  });
const request = (peer: string, forwarded?: string) =>
  ({ socket: { remoteAddress: peer }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage; // what is read of it
const behind = (...proxies: string[]) => {
  const clientAddress = createClientAddress({ isBehindGateway: false, trustedProxies: ranges(...proxies) });
  return (peer: string, forwarded?: string) => clientAddress(request(peer, forwarded));
};

describe('the address that limits count', () => {
  it('is the socket’s peer, whatever a client writes, where no proxy is trusted', () => {
    expect(behind()('203.0.113.9', '10.0.0.1')).toBe('203.0.113.9');
  });

  it('is the right-most entry that is no trusted proxy, and only a trusted proxy is believed', () => {
    const of = behind('10.0.0.0/8', 'fd00::/8', '192.0.2.7');
    expect(of('10.0.0.2', '1.1.1.1, 203.0.113.9')).toBe('203.0.113.9');
    expect(of('10.0.0.2', '1.1.1.1, 203.0.113.9, 10.9.9.9, 192.0.2.7')).toBe('203.0.113.9');
    expect(of('::ffff:10.0.0.2', '203.0.113.9')).toBe('203.0.113.9');
    expect(of('fd00::2', '2001:db8::9')).toBe('2001:db8::9');
    expect(of('192.0.2.8', '203.0.113.9')).toBe('192.0.2.8');
    expect(of('11.0.0.2', '203.0.113.9')).toBe('11.0.0.2');
  });

  it('is read with a port, and is the last proxy’s where an entry is no address', () => {
    const of = behind('10.0.0.0/8');
    expect(of('10.0.0.2', '203.0.113.9:4711')).toBe('203.0.113.9');
    expect(of('10.0.0.2', '[2001:db8::9]:4711')).toBe('2001:db8::9');
    expect(of('10.0.0.2', '203.0.113.9, unknown')).toBe('10.0.0.2');
    expect(of('10.0.0.2', '203.0.113.9, unknown, 10.0.0.3')).toBe('10.0.0.3');
    expect(of('10.0.0.2')).toBe('10.0.0.2');
    expect(of('10.0.0.2', '10.0.0.4')).toBe('10.0.0.4');
  });

  it('is what the platform’s gateway saw, where that ends TLS', () => {
    const clientAddress = createClientAddress({ isBehindGateway: true, trustedProxies: [] });
    expect(clientAddress(request('169.254.0.1', '1.1.1.1, 203.0.113.9'))).toBe('203.0.113.9');
  });
});

describe('an address range', () => {
  it('is an address or a CIDR block', () => {
    expect(parseAddressRange(' 10.0.0.0/8 ')).toEqual({ address: '10.0.0.0', prefix: 8, family: 'ipv4' });
    expect(parseAddressRange('fd00::1')).toEqual({ address: 'fd00::1', prefix: 128, family: 'ipv6' });
    for (const wrong of [
      '',
      '10.0.0',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      'proxy',
      'fd00::/129',
      '10.0.0.0/-1',
    ])
      expect(parseAddressRange(wrong), wrong).toBeUndefined();
  });
});
