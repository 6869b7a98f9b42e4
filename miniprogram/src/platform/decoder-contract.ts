import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import type { DecodedFrame } from '@yingyun/shared/imaging/decoded-frame';

/** Codecs of frames that this phone decodes by itself. It asks for all others as plain samples. */
export interface PhoneCodecs {
  readonly htj2k: boolean;
  readonly jpeg: boolean;
}

/** Turns encoded frames into pixels, off the thread that draws where the platform can. Rejects with `ProblemError`. */
export interface FrameDecoder {
  /** Decodings that may run at once. */
  readonly count: number;
  decode(bytes: Uint8Array, attributes: FrameAttributes, reduce: number): Promise<DecodedFrame>;
  close(): void;
}
