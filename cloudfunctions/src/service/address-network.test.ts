import { expect, it } from 'vitest';
import { createHandClock } from '../testing/fakes';
import { addressNetwork } from './address-network';
import { createAttemptLimits } from './attempt-limits';

it('is the address itself for IPv4, also where it comes mapped, and for what is no address', () => {
  for (const [address, network] of [
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['', ''],
  ] as const)
    expect(addressNetwork(address)).toBe(network);
});

it('is the first 64 bits of IPv6, however they are written', () => {
  const written = [
    '2001:db8:1:2::9',
    '2001:0DB8:0001:0002:a:b:c:d',
    '2001:db8:1:2:ffff::1.2.3.4',
    '2001:db8:1:2:3:4:5:6',
  ];
  expect(new Set(written.map(addressNetwork))).toEqual(new Set(['2001:db8:1:2::/64']));
  expect(addressNetwork('2001:db8::1:2:3:4')).toBe('2001:db8:0:0::/64');
  expect(addressNetwork('::1')).toBe('0:0:0:0::/64');
  expect(addressNetwork('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  expect(addressNetwork('2001:db8:1:3::9')).not.toBe('2001:db8:1:2::/64');
});

it('is what attempts are counted by: another address of one subscriber brings no new tries', () => {
  const limits = createAttemptLimits(createHandClock(), { 'share-open': 2 });
  expect(limits.take('share-open', '2001:db8:1:2::1')).toBe(true);
  expect(limits.take('share-open', '2001:db8:1:2::2')).toBe(true);
  expect(limits.take('share-open', '2001:db8:1:2:aaaa::3')).toBe(false);
  limits.giveBack('share-open', '2001:db8:1:2::9');
  expect(limits.take('share-open', '2001:db8:1:2::4')).toBe(true);
  expect(limits.take('share-open', '2001:db8:1:3::1')).toBe(true);
});
