import type { Together } from '../../ports/together';

interface Waiting {
  readonly input: unknown;
  readonly work: (inputs: readonly never[]) => Promise<readonly unknown[]>;
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

/** `maxInputs` at most are worked off at once. */
export function createTogether({ maxInputs = 32 }: { readonly maxInputs?: number } = {}): Together {
  const queues = new Map<string, Waiting[]>();

  async function workOff(name: string, queue: Waiting[]): Promise<void> {
    for (let batch = queue.splice(0, maxInputs); batch.length > 0; batch = queue.splice(0, maxInputs)) {
      await workOffBatch(batch);
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
