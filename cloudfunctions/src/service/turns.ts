import { type Problem, problem } from '@yingyun/shared/domain/problem';

/** Work that holds much memory, so much of it at once; the rest waits its turn, and what would wait too long is sent away. */
export interface Turns {
  /** Answers what `work` answers; `too-many-requests` where too many wait already. */
  run<T>(work: () => Promise<T>): Promise<T | Problem>;
}

export function createTurns(limits: { readonly atOnce: number; readonly mostWaiting: number }): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    async run(work) {
      if (running >= limits.atOnce) {
        if (waiting.length >= limits.mostWaiting) return problem('too-many-requests', undefined, 2);
        // Whoever ends hands the place on: `running` stays as it is.
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else running++;
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) running--;
        else next();
      }
    },
  };
}
