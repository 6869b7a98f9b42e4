import { describe, expect, it } from 'vitest';
import { createTurns } from './turns';

function held() {
  const ends: (() => void)[] = [];
  const started: number[] = [];
  const work = (number: number) => () => {
    started.push(number);
    return new Promise<number>((resolve) => ends.push(() => resolve(number)));
  };
  return { ends, started, work };
}
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('turns', () => {
  it('let so many work at once, the others in the order they came, and send away what would wait too long', async () => {
    const turns = createTurns({ atOnce: 2, mostWaiting: 2 });
    const { ends, started, work } = held();
    const answers = [1, 2, 3, 4].map((number) => turns.run(work(number)));
    await turn();
    expect(started).toEqual([1, 2]);
    expect(await turns.run(work(5))).toMatchObject({ problem: 'too-many-requests', retryAfterSeconds: 2 });
    ends[1]?.();
    await turn();
    expect(started).toEqual([1, 2, 3]);
    for (const end of [0, 2]) ends[end]?.();
    await turn();
    ends[3]?.();
    expect(await Promise.all(answers)).toEqual([1, 2, 3, 4]);
  });

  it('go on after work that failed', async () => {
    const turns = createTurns({ atOnce: 1, mostWaiting: 1 });
    const failing = turns.run(() => Promise.reject(new Error('unreadable')));
    const next = turns.run(() => Promise.resolve('read'));
    await expect(failing).rejects.toThrow('unreadable');
    expect(await next).toBe('read');
    expect(await turns.run(() => Promise.resolve('again'))).toBe('again');
  });
});
