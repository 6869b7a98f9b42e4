import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createReceiveFirst, type ReceiveFirstLimits } from './receive-first';

describe('receive first', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function setUp(limits: Partial<ReceiveFirstLimits> = {}) {
    const onRelease = vi.fn();
    const first = createReceiveFirst({ monotonicMs: () => Date.now(), onRelease, limits });
    return { first, onRelease };
  }

  it('holds work back while bytes come in, and lets it go once after 200 ms of silence', () => {
    const { first, onRelease } = setUp();
    first.noteCaughtUp();
    expect(first.isHolding()).toBe(false);
    for (let i = 0; i < 20; i++) {
      first.noteBytes(16_384);
      vi.advanceTimersByTime(150);
      expect(first.isHolding()).toBe(true);
    }
    expect(onRelease).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(first.isHolding()).toBe(false);
    expect(onRelease).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(60_000);
    expect(onRelease).toHaveBeenCalledTimes(1);
  });

  it('does not hold back what an earlier life left behind', () => {
    const { first } = setUp();
    first.noteBytes(1);
    expect(first.isHolding()).toBe(false);
    first.noteCaughtUp();
    first.noteBytes(1);
    expect(first.isHolding()).toBe(true);
  });

  it.each<[string, Partial<ReceiveFirstLimits>]>([
    ['after its longest time', { maxHeldMs: 1000 }],
    ['when too many instances wait', { maxHeldInstances: 10 }],
    ['when too many bytes wait', { maxHeldBytes: 10_000 }],
  ])('gives up %s, until the archive has caught up', (_name, limits) => {
    const { first, onRelease } = setUp(limits);
    first.noteCaughtUp();
    const receive = () => {
      first.noteBytes(1000);
      first.noteInstance();
      vi.advanceTimersByTime(100);
    };
    for (let i = 0; i < 8; i++) receive();
    expect(first.isHolding()).toBe(true);
    for (let i = 0; i < 3; i++) receive();
    expect(first.isHolding()).toBe(false);
    expect(onRelease).toHaveBeenCalled();
    for (let i = 0; i < 50; i++) receive();
    expect(first.isHolding()).toBe(false);
    first.noteCaughtUp();
    receive();
    expect(first.isHolding()).toBe(true);
  });

  it('counts what waits over several bursts', () => {
    const { first } = setUp({ maxHeldInstances: 10 });
    first.noteCaughtUp();
    for (let i = 0; i < 10; i++) {
      first.noteBytes(1);
      first.noteInstance();
      vi.advanceTimersByTime(5000); // each burst ends, the archive doesn't
    }
    first.noteBytes(1);
    expect(first.isHolding()).toBe(false);
  });
});
