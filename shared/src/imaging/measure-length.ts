import type { FrameAttributes, UltrasoundRegion } from '../contract/film-manifest';
import type { DecodedFrame } from './decoded-frame';
import { isSharp } from './decoded-frame';
import type { ImageXy } from './viewport';

/**
 * A length, or why there is none yet. Measurements on a preview are refused: its edges are not where the anatomy's are.
 * `source` says what the millimetres stand on: 'patient' (in the patient's plane), 'imager' (at the detector, so larger
 * than in the patient), 'region' (an ultrasound region's calibration).
 */
export type Length =
  | { readonly at: 'waiting-for-sharp' }
  | {
      readonly at: 'measured';
      readonly unit: 'mm';
      readonly value: number;
      readonly source: 'patient' | 'imager' | 'region';
    }
  | { readonly at: 'measured'; readonly unit: 'px'; readonly value: number };

export function measureLength(
  from: ImageXy,
  to: ImageXy,
  attributes: Pick<FrameAttributes, 'pixelSpacing' | 'pixelSpacingSource'> &
    Partial<Pick<FrameAttributes, 'ultrasoundRegions'>>,
  frame: DecodedFrame | null,
): Length {
  if (frame === null || !isSharp(frame)) return { at: 'waiting-for-sharp' };
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const { pixelSpacing: spacing, pixelSpacingSource: source } = attributes;
  const regions = attributes.ultrasoundRegions ?? [];
  if (regions.length > 0) {
    const region = regions.find((one) => isWithin(one, from) && isWithin(one, to));
    // Time against depth or speed is no length, and a line across two regions has no scale.
    return region !== undefined && isCalibrated(region)
      ? { at: 'measured', unit: 'mm', value: Math.hypot(dx * region.deltaX, dy * region.deltaY), source: 'region' }
      : { at: 'measured', unit: 'px', value: Math.hypot(dx, dy) };
  }
  if (spacing === null || source === 'none' || !(spacing[0] > 0) || !(spacing[1] > 0)) {
    return { at: 'measured', unit: 'px', value: Math.hypot(dx, dy) };
  }
  // PS3.3 10.7.1.3: the first value is between rows (vertical), the second between columns (horizontal)
  return { at: 'measured', unit: 'mm', value: Math.hypot(dx * spacing[1], dy * spacing[0]), source };
}

/** Millimetres both ways, each with a step: one that is missing or 0 would make every length in its direction nothing. */
function isCalibrated({ unitX, unitY, deltaX, deltaY }: UltrasoundRegion): boolean {
  const isStep = (delta: number) => Number.isFinite(delta) && delta !== 0;
  return unitX === 'mm' && unitY === 'mm' && isStep(deltaX) && isStep(deltaY);
}

function isWithin({ x0, y0, x1, y1 }: UltrasoundRegion, { x, y }: ImageXy): boolean {
  return x >= x0 && x < x1 + 1 && y >= y0 && y < y1 + 1;
}
