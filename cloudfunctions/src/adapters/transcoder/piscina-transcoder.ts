import * as path from 'node:path';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { Piscina } from 'piscina';
import type { ArchivedInstance, Transcoder, VerifiedObject } from '../../ports/transcoder';

export interface TranscoderOptions {
  readonly workers: number;
  /** A task that takes longer is stopped with its worker. Default two minutes. */
  readonly timeoutMs?: number;
  /** JavaScript heap of a worker. Default 1 GiB. */
  readonly maxHeapMb?: number;
  /** The worker's compiled entry; default: beside this file. */
  readonly workerFile?: string;
}

/**
 * The Transcoder on a pool of worker threads. Needs the compiled output: worker threads can't load TypeScript.
 *
 * A task that crashes, exhausts or stalls its worker answers `dicom-limit-exceeded`; the worker is replaced, the others notice
 * nothing. `close` lets running tasks end.
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

  async function run<T>(
    name: 'archive' | 'verify',
    prepare: () => Promise<{ readonly task: unknown; readonly transfer: ArrayBuffer[] }>,
  ): Promise<T | Problem> {
    // Piscina's signal counts waiting time too: so tasks wait here, and the time begins with the work.
    const leave = await gate();
    try {
      const { task, transfer } = await prepare();
      return await runOnPool<T>(name, task, transfer);
    } finally {
      leave();
    }
  }

  async function runOnPool<T>(name: string, task: unknown, transfer: ArrayBuffer[]): Promise<T | Problem> {
    try {
      return await pool.run(task, { name, transferList: transfer, signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : typeof error; // only to read a code that may not be there
      return problem('dicom-limit-exceeded', `the worker was stopped: ${code}`);
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
    close: () => pool.close(),
  };
}

/** The bytes in a buffer of their own, which can be transferred; a copy only where they share one (Node's pool). */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const isWhole = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
  return isWhole ? new Uint8Array(bytes.buffer as ArrayBuffer) : new Uint8Array(bytes); // instanceof just proved it
}

/** Lets `places` callers in at a time, in order; each calls what it gets when it leaves. */
function createGate(places: number): () => Promise<() => void> {
  let free = places;
  const waiting: (() => void)[] = [];
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };
  return async () => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return leave;
  };
}
