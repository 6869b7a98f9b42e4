import type { PaddingRange } from './pixel-padding';

/**
 * A decoded frame. Every pixel buffer carries its `reduce`: what was decoded from a coarse band is a preview and never
 * diagnostic (design, "Viewing protocol"); `isSharp` is the only question tools may ask before they say a number.
 */
export type DecodedFrame = GreyFrame | ColourFrame;

export type GreyPixels = Uint8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

interface FrameBuffer {
  /** 0 = every pixel as stored; n = 1/2^n of the size in each direction. */
  readonly reduce: number;
  /** Size of this buffer, not of the image, which has 2^reduce times as many. */
  readonly rows: number;
  readonly columns: number;
}

/**
 * One sample a pixel, stored values (before the rescale), upper bits already cleaned. Where the object has a modality LUT, which
 * stands instead of a rescale, they are the table's outputs: modality values.
 */
export interface GreyFrame extends FrameBuffer {
  readonly kind: 'grey';
  readonly pixels: GreyPixels;
  /** Smallest and largest stored value, pixel padding left out. */
  readonly storedMin: number;
  readonly storedMax: number;
  /** Values of `pixels` that are background. */
  readonly padding: PaddingRange | null;
}

/** Colour, already turned to RGB, 8 bit: R G B 255 a pixel. */
export interface ColourFrame extends FrameBuffer {
  readonly kind: 'colour';
  readonly rgba: Uint8Array;
}

export function isSharp(frame: DecodedFrame): boolean {
  return frame.reduce === 0;
}

/** Bytes the frame keeps in memory. */
export function decodedBytes(frame: DecodedFrame): number {
  return frame.kind === 'grey' ? frame.pixels.byteLength : frame.rgba.byteLength;
}

/** Size of one side at a reduce: the low-pass samples of PS3.5 A.4.4's wavelets stand on the even positions, so it rounds up. */
export function reducedSize(size: number, reduce: number): number {
  return Math.ceil(size / 2 ** reduce);
}
