import { ProblemError } from '@yingyun/shared/domain/problem';
import type { DecodedFrame } from '@yingyun/shared/imaging/decoded-frame';
import type { DecodeAnswer, DecodeRequest } from './decode-worker';
import type { FrameDecoder, PhoneCodecs } from './decoder-contract';

interface Job {
  readonly request: DecodeRequest;
  resolve(frame: DecodedFrame): void;
  reject(cause: unknown): void;
}

/** Decodings under way: one at work, one waiting at its door. One worker, since a cheap phone needs its other cores to draw. */
const decoders = 2;

export function phoneCodecs(): PhoneCodecs {
  return { htj2k: typeof WebAssembly !== 'undefined', jpeg: true };
}

/** Decodes in a worker. Where it can't start, or dies, the page decodes: slower, never absent. `onNoCodec`: HTJ2K's did not load. */
export function createFrameDecoder(onNoCodec: () => void): FrameDecoder {
  const jobs = new Map<number, Job>();
  let nextId = 1;
  let isClosed = false;
  let here: Promise<FrameDecoder['decode']> | undefined;
  const decodeInPage = ({ request, resolve, reject }: Job): void => {
    here ??= import('./decode-here').then((module) => module.decodeHere(onNoCodec));
    here.then((decode) => decode(request.bytes, request.attributes, request.reduce)).then(resolve, reject);
  };
  let worker = startWorker();
  if (worker !== null) {
    worker.onmessage = ({ data }: MessageEvent<DecodeAnswer>) => {
      if (data === 'no-codec') return onNoCodec();
      const job = jobs.get(data.id);
      jobs.delete(data.id);
      if ('frame' in data) job?.resolve(data.frame);
      else job?.reject(new ProblemError(data.problem));
    };
    worker.onerror = () => {
      worker?.terminate();
      worker = null;
      const orphans = [...jobs.values()];
      jobs.clear();
      if (!isClosed) for (const job of orphans) decodeInPage(job);
    };
  }
  return {
    count: decoders,
    decode(bytes, attributes, reduce) {
      // A copy: cloning a view would clone all that lies around it. It stays here until the answer, in case the worker dies.
      const request = { id: nextId++, bytes: bytes.slice(), attributes, reduce };
      const needsPage = attributes.codec === 'jpeg' && typeof OffscreenCanvas === 'undefined';
      return new Promise((resolve, reject) => {
        const job = { request, resolve, reject };
        if (worker === null || needsPage) return decodeInPage(job);
        jobs.set(request.id, job);
        worker.postMessage(request);
      });
    },
    close() {
      isClosed = true;
      worker?.terminate();
      jobs.clear();
    },
  };
}

function startWorker(): Worker | null {
  try {
    return new Worker(new URL('./decode-worker.h5.ts', import.meta.url), { name: 'yingyun-decode' });
  } catch {
    return null; // no workers here
  }
}
