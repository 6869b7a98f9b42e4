import { expect, it } from 'vitest';
import { createHandClock } from '../../testing/fakes';
import { describeEachDatabase } from '../../testing/for-each-database';
import { takeAttempt } from './attempt-counters';

describeEachDatabase('counting attempts', (open) => {
  const limit = { most: 5, windowMs: 60_000 };

  it('lets exactly as many through as the limit says, of many at once, and each key by itself', async () => {
    const { database } = await open();
    const now = createHandClock().now();
    const takes = await Promise.all(
      ['a', 'b'].flatMap((key) => Array.from({ length: 20 }, () => takeAttempt(database, key, limit, now))),
    );
    expect(takes.slice(0, 20).filter(Boolean)).toHaveLength(5);
    expect(takes.slice(20).filter(Boolean)).toHaveLength(5);
  });

  it('begins a new window with the first attempt after the old one, and not before', async () => {
    const { database } = await open();
    const clock = createHandClock();
    const take = () => takeAttempt(database, 'a', limit, clock.now());
    for (let i = 0; i < 5; i++) expect(await take()).toBe(true);
    clock.advance(59_999);
    expect(await take()).toBe(false);
    clock.advance(1);
    for (let i = 0; i < 5; i++) expect(await take()).toBe(true);
    expect(await take()).toBe(false);
  });
});
