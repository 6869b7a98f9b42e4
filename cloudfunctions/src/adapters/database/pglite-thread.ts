import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { type PgliteAnswer, type PgliteRequest, type PgliteWorkerData, servePglite } from './pglite-worker';

/** PGlite in its own thread. Requests are answered in order. */
export interface PgliteThread {
  /** Makes PGlite's one session as good as new. */
  startSession(): Promise<void>;
  /** Takes whole frontend messages, gives the backend's answer to them. */
  exchange(bytes: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** PGlite could not open its folder: damaged by a power cut, unreadable, or no space left. */
export class PgliteOpenFault extends Error {
  override readonly name = 'PgliteOpenFault';
}

/** Starts the thread and opens the database; `folder` undefined: in memory. Throws PgliteOpenFault. */
export async function startPgliteThread(folder: string | undefined): Promise<PgliteThread> {
  const workerData: PgliteWorkerData = {
    modulePath: createRequire(__filename).resolve('@electric-sql/pglite'),
    folder,
  };
  const worker = new Worker(`(${servePglite.toString()})(require)`, { eval: true, workerData });
  const waiting: { resolve(answer: PgliteAnswer): void; reject(error: Error): void }[] = [];
  let ended: Error | undefined;
  const end = (error: Error) => {
    ended ??= error;
    for (const one of waiting.splice(0)) one.reject(ended);
  };
  const next = () =>
    new Promise<PgliteAnswer>((resolve, reject) => {
      if (ended !== undefined) reject(ended);
      else waiting.push({ resolve, reject });
    });
  const ask = (request: PgliteRequest) => {
    const answer = next();
    if (ended === undefined) worker.postMessage(request);
    return answer;
  };
  worker.on('message', (answer: PgliteAnswer) => waiting.shift()?.resolve(answer));
  worker.on('error', (error) => end(new PgliteOpenFault('the PGlite thread failed', { cause: error })));
  worker.on('exit', (code) => end(new PgliteOpenFault(`the PGlite thread ended with code ${code}`)));

  const first = await next();
  if (first.answer !== 'ready') {
    await worker.terminate();
    throw new PgliteOpenFault(first.answer === 'open-failed' ? first.message : first.answer);
  }
  return {
    async startSession() {
      refuseFailure(await ask({ ask: 'session' }));
    },
    async exchange(bytes) {
      const answer = refuseFailure(await ask({ ask: 'protocol', bytes }));
      if (answer.answer !== 'protocol') throw new Error(`PGlite answered ${answer.answer} to a protocol message`);
      return answer.bytes;
    },
    async close() {
      if (ended !== undefined) return;
      try {
        refuseFailure(await ask({ ask: 'close' }));
      } finally {
        ended ??= new Error('PGlite is closed');
        await worker.terminate();
      }
    },
  };
}

function refuseFailure(answer: PgliteAnswer): PgliteAnswer {
  if (answer.answer === 'failed') throw new Error(`PGlite failed: ${answer.message}`);
  return answer;
}
