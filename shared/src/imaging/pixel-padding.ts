import type { FrameAttributes } from '../contract/film-manifest';

/** Values of a buffer that are background, both ends included. */
export interface PaddingRange {
  readonly low: number;
  readonly high: number;
}

/** Pixel Padding Value and Range Limit as a range, whichever is the larger (PS3.3 C.7.5.1.1.2); null: no padding. */
export function paddingRange(
  attributes: Pick<FrameAttributes, 'pixelPaddingValue' | 'pixelPaddingRangeLimit'>,
): PaddingRange | null {
  const { pixelPaddingValue: value, pixelPaddingRangeLimit: limit } = attributes;
  if (value === null) return null;
  const other = limit ?? value;
  return { low: Math.min(value, other), high: Math.max(value, other) };
}

export function isPadding(value: number, padding: PaddingRange | null): boolean {
  return padding !== null && value >= padding.low && value <= padding.high;
}

/** A range that holds no value: for loops that would rather compare than ask for null. */
export const noPadding: PaddingRange = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
