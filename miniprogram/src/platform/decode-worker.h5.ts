import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import { type Problem, ProblemError, problem } from '@yingyun/shared/domain/problem';
import type { DecodedFrame } from '@yingyun/shared/imaging/decoded-frame';
import { decodeHere } from './decode-here';

/** Page to worker. */
export interface DecodeRequest {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly attributes: FrameAttributes;
  readonly reduce: number;
}

/** Worker to page; the pixels are transferred. */
export type DecodeAnswer =
  | 'no-codec'
  | { readonly id: number; readonly frame: DecodedFrame }
  | { readonly id: number; readonly problem: Problem };

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<DecodeRequest>) => void) | null;
  postMessage(answer: DecodeAnswer, transfer?: Transferable[]): void;
}; // this file runs in a worker only; the page's library has another `self`

const decode = decodeHere(() => scope.postMessage('no-codec'));

scope.onmessage = (event) => {
  const { id, bytes, attributes, reduce } = event.data;
  decode(bytes, attributes, reduce).then(
    (frame) => {
      const pixels = frame.kind === 'grey' ? frame.pixels : frame.rgba;
      scope.postMessage({ id, frame }, [pixels.buffer as ArrayBuffer]); // made by the decoder, never shared
    },
    (cause: unknown) => {
      scope.postMessage({ id, problem: cause instanceof ProblemError ? cause.problem : problem('unexpected') });
    },
  );
};
