import { decodeFrame, type PlatformDecoders } from '@yingyun/shared/imaging/decode-frame';
import { decodeJpeg } from './decode-jpeg';
import { loadOpenJph } from './load-openjph';

/** Decoding in the page itself: where module workers or OffscreenCanvas are missing. Loaded only then. */
export function decodeHere(): (
  ...args: Parameters<typeof decodeFrame> extends [unknown, ...infer Rest] ? Rest : never
) => ReturnType<typeof decodeFrame> {
  const decoders: PlatformDecoders = { openJph: loadOpenJph(), jpeg: decodeJpeg };
  return (bytes, attributes, reduce) => decodeFrame(decoders, bytes, attributes, reduce);
}
