/// <reference lib="webworker" />

import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import { decodeFrame, type PlatformDecoders } from '@yingyun/shared/imaging/decode-frame';
import { decodeJpeg } from './decode-jpeg';
import type { DecodeAnswer, DecodeRequest } from './decode-messages';
import { loadOpenJph } from './load-openjph';

declare const self: DedicatedWorkerGlobalScope;

const decoders: PlatformDecoders = { openJph: loadOpenJph(), jpeg: decodeJpeg };

self.onmessage = async (event: MessageEvent<DecodeRequest>) => {
  const { id, bytes, attributes, reduce } = event.data;
  try {
    const frame = await decodeFrame(decoders, bytes, attributes, reduce);
    const pixels = frame.kind === 'grey' ? frame.pixels : frame.rgba;
    self.postMessage({ id, frame } satisfies DecodeAnswer, [pixels.buffer]);
  } catch (cause) {
    const told = cause instanceof ProblemError ? cause.problem : problem('unexpected');
    self.postMessage({ id, problem: told } satisfies DecodeAnswer);
  }
};
