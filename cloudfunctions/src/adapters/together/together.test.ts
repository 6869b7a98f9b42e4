import { describe, expect, it } from 'vitest';
import { createTogether, type TogetherOptions } from './together';

function setUp(options?: TogetherOptions) {
  const batches: number[][] = [];
  const together = createTogether(options);
  const double = async (inputs: readonly number[]) => {
    batches.push([...inputs]);
    await new Promise((resolve) => setImmediate(resolve));
    if (inputs.includes(13)) throw new Error('unlucky');
    return inputs.map((input) => 2 * input);
  };
  const run = (input: number) => together.run('double', input, double);
  return { together, batches, run };
}

describe('work done together', () => {
  it('takes what comes at once in one batch, what comes meanwhile in the next, and answers each its own', async () => {
    const { batches, together, run } = setUp();
    const later: Promise<number>[] = [];
    const first = together.run('double', 0, async (inputs: readonly number[]) => {
      batches.push([...inputs]);
      later.push(run(3), run(4));
      return inputs.map((input) => 2 * input);
    });
    expect(await Promise.all([first, run(1), run(2)])).toEqual([0, 2, 4]);
    expect(await Promise.all(later)).toEqual([6, 8]);
    expect(batches).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    expect(await run(5)).toBe(10);
    expect(batches.at(-1)).toEqual([5]);
  });

  it('lets calls gather for a while, but not longer than until there are enough', async () => {
    const { batches, run } = setUp({ gatherMs: 40, maxInputs: 3 });
    const first = run(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([first, run(2)]);
    await Promise.all([3, 4, 5, 6].map(run));
    expect(batches).toEqual([[1, 2], [3, 4, 5], [6]]);
  });

  it('never takes more than it may at once', async () => {
    const { batches, run } = setUp({ maxInputs: 2 });
    expect(await Promise.all([1, 2, 3, 4, 5, 6].map(run))).toEqual([2, 4, 6, 8, 10, 12]);
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  it('lets one bad input fail only itself', async () => {
    const { batches, run } = setUp();
    const settled = await Promise.allSettled([1, 2, 13, 4].map(run));
    expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(batches).toEqual([[1, 2, 13, 4], [1], [2], [13], [4]]);
    expect(await run(6)).toBe(12);
  });

  it('keeps works of other names apart', async () => {
    const { together, run } = setUp();
    const text = together.run('text', 'a', async (inputs: readonly string[]) => inputs.map((input) => `${input}!`));
    expect(await Promise.all([run(1), text])).toEqual([2, 'a!']);
  });
});
