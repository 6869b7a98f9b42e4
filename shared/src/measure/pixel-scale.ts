import type { FrameAttributes, UltrasoundRegion } from '../contract/film-manifest';
import { type ImageXy, pixelAspect } from '../imaging/viewport';
import { type FramePlace, isOnFrame, type Mark } from './mark';

/**
 * What a pixel step is worth. `source` says what the millimetres stand on: 'patient' (in the patient's plane), 'imager' (at the
 * detector, so larger than in the patient), 'region' (an ultrasound region's calibration), 'manual' (a line somebody gave a length).
 */
export type PixelScale =
  | {
      readonly unit: 'mm';
      readonly source: 'patient' | 'imager' | 'region' | 'manual';
      /** Millimetres from a column to the next, and from a row to the next; both above 0. */
      readonly perColumn: number;
      readonly perRow: number;
    }
  | { readonly unit: 'px'; readonly perColumn: 1; readonly perRow: 1 };

export type ScaleAttributes = Pick<FrameAttributes, 'pixelSpacing' | 'pixelSpacingSource'> &
  Partial<Pick<FrameAttributes, 'ultrasoundRegions' | 'pixelAspectRatio'>>;

const pixels: PixelScale = { unit: 'px', perColumn: 1, perRow: 1 };

/**
 * The scale that holds for all of `points`. A calibration line comes before the detector's spacing and where there is none, never
 * before what is known of the patient; on ultrasound with regions only the region that holds every point has a scale.
 */
export function pixelScale(
  attributes: ScaleAttributes,
  points: readonly ImageXy[],
  calibration: Mark | null = null,
): PixelScale {
  const regions = attributes.ultrasoundRegions ?? [];
  if (regions.length > 0) {
    const region = regions.find((one) => points.every((point) => isWithin(one, point)));
    // Time against depth or speed is no length, and what reaches across two regions has no scale.
    if (region === undefined || !isCalibrated(region)) return manualScale(attributes, calibration) ?? pixels;
    return { unit: 'mm', source: 'region', perColumn: Math.abs(region.deltaX), perRow: Math.abs(region.deltaY) };
  }
  const { pixelSpacing: spacing, pixelSpacingSource: source } = attributes;
  const isKnown = spacing !== null && source !== 'none' && spacing[0] > 0 && spacing[1] > 0;
  if (!isKnown || source === 'imager') {
    const manual = manualScale(attributes, calibration);
    if (manual !== null) return manual;
  }
  // PS3.3 10.7.1.3: the first value is between rows (vertical), the second between columns (horizontal)
  return isKnown ? { unit: 'mm', source, perColumn: spacing[1], perRow: spacing[0] } : pixels;
}

/** Whether drawing a calibration line would change anything here. */
export function canCalibrate(attributes: ScaleAttributes): boolean {
  if ((attributes.ultrasoundRegions ?? []).some(isCalibrated)) return false;
  return pixelScale(attributes, []).unit === 'px' || attributes.pixelSpacingSource === 'imager';
}

/** The calibration line that counts on a frame: the frame's own before its series', the last drawn before earlier ones. */
export function calibrationOf(marks: readonly Mark[], frame: FramePlace): Mark | null {
  const all = marks.filter((mark) => mark.kind === 'calibration' && isOnFrame(mark, frame));
  return all.filter((mark) => mark.reach === 'image').at(-1) ?? all.at(-1) ?? null;
}

/** How much taller than wide a pixel is: for angles and circles, which need a shape but no length. */
export function shapeAspect(attributes: ScaleAttributes, scale: PixelScale): number {
  return scale.unit === 'mm'
    ? scale.perRow / scale.perColumn
    : pixelAspect({ ...attributes, pixelAspectRatio: attributes.pixelAspectRatio ?? null });
}

function manualScale(attributes: ScaleAttributes, calibration: Mark | null): PixelScale | null {
  const [from, to] = calibration?.points ?? [];
  const millimetres = calibration?.millimetres ?? 0;
  if (from === undefined || to === undefined || !(millimetres > 0)) return null;
  const aspect = pixelAspect({ ...attributes, pixelAspectRatio: attributes.pixelAspectRatio ?? null });
  const length = Math.hypot(to.x - from.x, (to.y - from.y) * aspect);
  if (!(length > 0)) return null;
  const perColumn = millimetres / length;
  return { unit: 'mm', source: 'manual', perColumn, perRow: perColumn * aspect };
}

/** Millimetres both ways, each with a step: one that is missing or 0 would make every length in its direction nothing. */
function isCalibrated({ unitX, unitY, deltaX, deltaY }: UltrasoundRegion): boolean {
  const isStep = (delta: number) => Number.isFinite(delta) && delta !== 0;
  return unitX === 'mm' && unitY === 'mm' && isStep(deltaX) && isStep(deltaY);
}

function isWithin({ x0, y0, x1, y1 }: UltrasoundRegion, { x, y }: ImageXy): boolean {
  return x >= x0 && x < x1 + 1 && y >= y0 && y < y1 + 1;
}
