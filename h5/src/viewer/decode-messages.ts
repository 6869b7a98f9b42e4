import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import type { Problem } from '@yingyun/shared/domain/problem';
import type { DecodedFrame } from '@yingyun/shared/imaging/decoded-frame';

/** Page to worker. */
export interface DecodeRequest {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly attributes: FrameAttributes;
  readonly reduce: number;
}

/** Worker to page. The pixels are transferred. */
export type DecodeAnswer =
  | { readonly id: number; readonly frame: DecodedFrame }
  | { readonly id: number; readonly problem: Problem };
