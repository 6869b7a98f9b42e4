import type { Together } from '../../ports/together';

interface Waiting {
  readonly input: unknown;
  readonly work: (inputs: readonly never[]) => Promise<readonly unknown[]>;
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

export interface TogetherOptions {
  /** At most so many are worked off at once; so many don't wait for more. Default 32. */
  readonly maxInputs?: number;
  /** How long calls gather before each batch, in ms. Default 0: those of one turn of the event loop. */
  readonly gatherMs?: number;
}

export function createTogether({ maxInputs = 32, gatherMs = 0 }: TogetherOptions = {}): Together {
  const queues = new Map<string, Waiting[]>();

  async function workOff(name: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      if (queue.length < maxInputs) await pause(gatherMs);
      await workOffBatch(queue.splice(0, maxInputs));
    }
    queues.delete(name);
  }

  return {
    run<I, O>(name: string, input: I, work: (inputs: readonly I[]) => Promise<readonly O[]>): Promise<O> {
      return new Promise<O>((resolve, reject) => {
        const one: Waiting = {
          input,
          work: work as Waiting['work'], // calls of one name are of one type: the port asks for it
          resolve: resolve as Waiting['resolve'], // the same type's answer
          reject,
        };
        const queue = queues.get(name);
        if (queue !== undefined) {
          queue.push(one);
          return;
        }
        const fresh = [one];
        queues.set(name, fresh);
        void workOff(name, fresh);
      });
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => (ms > 0 ? setTimeout(resolve, ms) : setImmediate(resolve)));
}

/** Never rejects. */
async function workOffBatch(batch: readonly Waiting[]): Promise<void> {
  const [first] = batch;
  if (first === undefined) return;
  try {
    const outputs = await first.work(batch.map((one) => one.input as never)); // see above
    if (outputs.length !== batch.length) throw new Error(`${outputs.length} answers to ${batch.length} inputs`);
    batch.forEach((one, i) => one.resolve(outputs[i]));
  } catch (error) {
    if (batch.length === 1) first.reject(error);
    else for (const one of batch) await workOffBatch([one]);
  }
}
