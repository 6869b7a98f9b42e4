import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import { ProblemError } from '@yingyun/shared/domain/problem';
import type { DecodedFrame } from '@yingyun/shared/imaging/decoded-frame';
import type { DecodeAnswer, DecodeRequest } from './decode-messages';

interface Job {
  readonly request: DecodeRequest;
  resolve(frame: DecodedFrame): void;
  reject(cause: unknown): void;
}

/**
 * Two module workers, each with its own codec. They start loading the codec at once. A worker that cannot start or dies
 * is replaced by decoding in the page: slower, never absent.
 */
export class DecodePool {
  readonly size: number;
  private readonly workers: (Worker | null)[];
  private readonly jobs: Map<number, Job>[];
  private nextId = 1;
  private here: Promise<ReturnType<typeof import('./decode-here').decodeHere>> | undefined;
  private isClosed = false;

  constructor(size: number) {
    this.size = size;
    this.jobs = Array.from({ length: size }, () => new Map());
    this.workers = Array.from({ length: size }, (_, i) => this.startWorker(i));
  }

  decode(bytes: Uint8Array, attributes: FrameAttributes, reduce: number): Promise<DecodedFrame> {
    // A copy: cloning a view would clone all that lies around it. It stays here until the answer, in case the worker dies.
    const request = { id: this.nextId++, bytes: bytes.slice(), attributes, reduce };
    const needsPage = attributes.codec === 'jpeg' && typeof OffscreenCanvas === 'undefined';
    return new Promise((resolve, reject) => {
      const job = { request, resolve, reject };
      const index = needsPage ? -1 : this.leastBusy();
      const worker = this.workers[index];
      if (worker === undefined || worker === null) {
        this.decodeHere(job);
        return;
      }
      this.jobs[index]?.set(request.id, job);
      worker.postMessage(request);
    });
  }

  close(): void {
    this.isClosed = true;
    for (const worker of this.workers) worker?.terminate();
    for (const jobs of this.jobs) jobs.clear();
  }

  private startWorker(index: number): Worker | null {
    let worker: Worker;
    try {
      worker = new Worker(new URL('./decode-worker.ts', import.meta.url), { type: 'module', name: 'yingyun-decode' });
    } catch {
      return null; // no workers here: decoding happens in the page
    }
    worker.onmessage = (event: MessageEvent<DecodeAnswer>) => {
      const answer = event.data;
      const job = this.jobs[index]?.get(answer.id);
      this.jobs[index]?.delete(answer.id);
      if ('frame' in answer) job?.resolve(answer.frame);
      else job?.reject(new ProblemError(answer.problem));
    };
    worker.onerror = () => this.workerDied(index);
    return worker;
  }

  private workerDied(index: number): void {
    if (this.isClosed) return;
    this.workers[index]?.terminate();
    this.workers[index] = null;
    const orphans = [...(this.jobs[index]?.values() ?? [])];
    this.jobs[index]?.clear();
    for (const job of orphans) this.decodeHere(job);
  }

  private leastBusy(): number {
    let best = -1;
    for (let i = 0; i < this.workers.length; i++) {
      if (this.workers[i] === null) continue;
      if (best < 0 || (this.jobs[i]?.size ?? 0) < (this.jobs[best]?.size ?? 0)) best = i;
    }
    return best;
  }

  private decodeHere({ request, resolve, reject }: Job): void {
    this.here ??= import('./decode-here').then((module) => module.decodeHere());
    this.here.then((decode) => decode(request.bytes, request.attributes, request.reduce)).then(resolve, reject);
  }
}
