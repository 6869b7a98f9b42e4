import * as path from 'node:path';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { Piscina } from 'piscina';
import type { ArchivedInstance, Transcoder, VerifiedObject } from '../../ports/transcoder';
import { createGate } from './gate';

export interface TranscoderOptions {
  readonly workers: number;
  /** A task that takes longer is stopped with its worker. Default two minutes. */
  readonly timeoutMs?: number;
  /** JavaScript heap of a worker. Default 1 GiB. */
  readonly maxHeapMb?: number;
  /** The worker's compiled entry; default: beside this file. */
  readonly workerFile?: string;
}

interface Prepared {
  readonly task: unknown;
  readonly transfer: ArrayBuffer[];
}

/** What became of a task whose worker crashed or was stopped. */
class LostWorker {
  constructor(readonly code: string) {}
}

/**
 * The Transcoder on a pool of worker threads. Needs the compiled output: worker threads can't load TypeScript.
 *
 * A task that crashes, exhausts or stalls its worker, and does so again when it runs alone, answers `dicom-limit-exceeded`; the worker is
 * replaced, the others notice nothing. `close` lets running tasks end.
 */
export function createTranscoder(options: TranscoderOptions): Transcoder {
  const timeoutMs = options.timeoutMs ?? 120_000;
  const pool = new Piscina({
    filename: options.workerFile ?? path.join(__dirname, 'transcoder-worker.js'),
    minThreads: options.workers,
    maxThreads: options.workers,
    concurrentTasksPerWorker: 1,
    // A worker needs no setting and no secret of ours.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: options.maxHeapMb ?? 1024 },
  });
  // A worker that dies between two tasks has no one to tell; piscina replaces it, and the next task shows whether it can work.
  pool.on('error', () => undefined);
  const gate = createGate(options.workers);
  // However many phones ask: one worker is left to what arrives, where there are two.
  const views = createGate(Math.max(1, options.workers - 1));

  /** A task whose worker was lost among others may be innocent, the machine short of memory: it is tried once more, alone. */
  async function run<T>(
    name: 'archive' | 'verify' | 'plainSamples',
    prepare: () => Promise<Prepared>,
  ): Promise<T | Problem> {
    // Piscina's signal counts waiting time too: so tasks wait here, and the time begins with the work.
    // Who is further on goes first: what is sealed already is in memory until it was read back, and for plain samples somebody waits.
    const leave = await gate.enter(name === 'archive' ? 'last' : 'first');
    const answer = await runOnPool<T>(name, prepare).finally(leave);
    if (!(answer instanceof LostWorker)) return answer;
    const leaveAlone = await gate.enterAlone();
    const again = await runOnPool<T>(name, prepare).finally(leaveAlone);
    return again instanceof LostWorker
      ? problem('dicom-limit-exceeded', `the worker was stopped: ${again.code}`)
      : again;
  }

  async function runOnPool<T>(name: string, prepare: () => Promise<Prepared>): Promise<T | Problem | LostWorker> {
    const { task, transfer } = await prepare();
    try {
      return await pool.run(task, { name, transferList: transfer, signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : typeof error; // only to read a code that may not be there
      return new LostWorker(code);
    }
  }

  return {
    archive: (whenFree) =>
      run<ArchivedInstance>('archive', async () => {
        const task = await whenFree();
        if ('plain' in task.source) {
          const plain = ownBytes(task.source.plain);
          return { task: { ...task, source: { plain } }, transfer: [plain.buffer] };
        }
        const sealed = ownBytes(task.source.sealed);
        return { task: { ...task, source: { ...task.source, sealed } }, transfer: [sealed.buffer] };
      }),
    verify: (whenFree) =>
      run<VerifiedObject>('verify', async () => {
        const task = await whenFree();
        const sealed = ownBytes(task.sealed);
        return { task: { ...task, sealed }, transfer: [sealed.buffer] };
      }),
    async plainSamples(whenFree) {
      const leave = await views.enter('last');
      return run<Uint8Array>('plainSamples', async () => {
        const task = await whenFree();
        const encoded = ownBytes(task.encoded);
        return { task: { ...task, encoded }, transfer: [encoded.buffer] };
      }).finally(leave);
    },
    close: () => pool.close(),
  };
}

/** The bytes in a buffer of their own, which can be transferred; a copy only where they share one (Node's pool). */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const isWhole = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
  return isWhole ? new Uint8Array(bytes.buffer as ArrayBuffer) : new Uint8Array(bytes); // instanceof just proved it
}
