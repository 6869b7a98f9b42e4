import { isIP } from 'node:net';

/**
 * What limits count an address as: an IPv4 address is itself, of IPv6 it is the first 64 bits. A subscriber is handed a whole /64 at least
 * (RFC 6177, RFC 4291 2.5.4), so that each of its 2^64 addresses would otherwise have tries of its own.
 */
export function addressNetwork(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const before = head === '' ? [] : head.split(':');
  // An IPv4 tail stands for two groups.
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const behind = after.length + (tail?.includes('.') === true ? 1 : 0);
  const zeros = tail === undefined ? 0 : 8 - before.length - behind;
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
