export interface Gate {
  /** Resolves when there is a place, with what gives it back. 'first': before all who wait now. */
  enter(rank: 'first' | 'last'): Promise<() => void>;
  /** Resolves when nobody else is inside, and keeps everybody out. */
  enterAlone(): Promise<() => void>;
}

/** Lets `places` callers in at a time. */
export function createGate(places: number): Gate {
  let free = places;
  const waiting: (() => void)[] = [];
  let alone: Promise<unknown> = Promise.resolve();

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  }

  async function enter(rank: 'first' | 'last'): Promise<() => void> {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => (rank === 'first' ? waiting.unshift(resolve) : waiting.push(resolve)));
    return leave;
  }

  /** Takes all places; one after another, because two who hold half of them each would wait for ever. */
  async function takeAll(): Promise<() => void> {
    const leaves = await Promise.all(Array.from({ length: places }, () => enter('last')));
    return () => {
      for (const one of leaves) one();
    };
  }

  return {
    enter,
    async enterAlone() {
      const taken = alone.then(takeAll);
      let isLeft = () => {};
      alone = new Promise<void>((resolve) => {
        isLeft = resolve;
      });
      const leaveAll = await taken;
      return () => {
        leaveAll();
        isLeft();
      };
    },
  };
}
