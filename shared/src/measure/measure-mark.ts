import type { FrameAttributes } from '../contract/film-manifest';
import { type DecodedFrame, isSharp } from '../imaging/decoded-frame';
import { type ImageXy, pixelAspect } from '../imaging/viewport';
import { isComplete, type Mark } from './mark';
import { type PixelScale, pixelScale, shapeAspect } from './pixel-scale';
import { angleAt, cobbAngle, distance, extentAlong } from './plane-geometry';
import { modalityUnit, type PointValue, pointValue } from './point-value';
import { type RegionShape, regionArea, regionShape } from './region-shape';
import { type RegionStatistics, regionStatistics } from './region-statistics';

/** A number and what it stands on. Areas are of the unit squared. */
export type Quantity =
  | { readonly unit: 'mm'; readonly value: number; readonly source: Extract<PixelScale, { unit: 'mm' }>['source'] }
  | { readonly unit: 'px'; readonly value: number };

/**
 * What a mark says. Coarse is never diagnostic: on a preview, whose edges are not where the anatomy's are, and on nothing there is
 * no value, only 'waiting-for-sharp'.
 */
export type MarkValue =
  | { readonly at: 'waiting-for-sharp' }
  /** An arrow, a text, or something half drawn. */
  | { readonly at: 'nothing' }
  | { readonly at: 'length'; readonly length: Quantity }
  | { readonly at: 'angle'; readonly degrees: number }
  | { readonly at: 'ratio'; readonly heart: Quantity; readonly chest: Quantity; readonly ratio: number }
  | {
      readonly at: 'region';
      readonly area: Quantity;
      /** Null: colour, or no pixel inside. */
      readonly statistics: RegionStatistics | null;
      /** Of the statistics: 'HU', …; '' where the object names none. */
      readonly unit: string;
    }
  | { readonly at: 'point'; readonly value: PointValue }
  | { readonly at: 'calibration'; readonly millimetres: number };

export interface MeasuredFrame {
  readonly attributes: FrameAttributes;
  readonly modality: string;
  /** What is decoded of it, the best there is. */
  readonly picture: DecodedFrame | null;
  /** The calibration line that counts here (pixel-scale.ts `calibrationOf`). */
  readonly calibration: Mark | null;
}

export function measureMark(mark: Pick<Mark, 'kind' | 'points' | 'millimetres'>, frame: MeasuredFrame): MarkValue {
  if (mark.kind === 'arrow' || mark.kind === 'text' || !isComplete(mark)) return { at: 'nothing' };
  const { attributes, picture, modality } = frame;
  if (picture === null || !isSharp(picture)) return { at: 'waiting-for-sharp' };
  const [a, b, c, d] = mark.points;
  if (a === undefined) return { at: 'nothing' };
  if (mark.kind === 'point') return { at: 'point', value: pointValue(a, attributes, picture, modality) };
  const aspect = pixelAspect(attributes);
  const shape = regionShape(mark, aspect);
  const scale = pixelScale(attributes, shape === null ? mark.points : edgesOf(shape), frame.calibration);
  if (shape !== null) {
    const statistics = picture.kind === 'grey' ? regionStatistics(shape, picture, attributes) : null;
    const area = quantity(regionArea(shape, scale), scale);
    return { at: 'region', area, statistics, unit: modalityUnit(attributes.rescaleType, modality) };
  }
  if (b === undefined) return { at: 'nothing' };
  // Angles have no unit, but they need to know how tall a pixel is.
  const steps = scale.unit === 'mm' ? scale : { perColumn: 1, perRow: shapeAspect(attributes, scale) };
  switch (mark.kind) {
    case 'length':
      return { at: 'length', length: quantity(distance(a, b, scale), scale) };
    case 'calibration':
      return { at: 'calibration', millimetres: mark.millimetres ?? 0 };
    case 'angle':
      return c === undefined ? { at: 'nothing' } : { at: 'angle', degrees: angleAt(a, b, c, steps) };
    case 'cobb':
      if (c === undefined || d === undefined) return { at: 'nothing' };
      return { at: 'angle', degrees: cobbAngle([a, b, c, d], steps) };
    case 'heart-chest': {
      if (c === undefined || d === undefined) return { at: 'nothing' };
      const chest = quantity(distance(a, b, steps), scale);
      const heart = quantity(extentAlong(c, d, [a, b], steps), scale);
      return { at: 'ratio', heart, chest, ratio: chest.value > 0 ? heart.value / chest.value : 0 };
    }
    default:
      return { at: 'nothing' };
  }
}

function quantity(value: number, scale: PixelScale): Quantity {
  return scale.unit === 'mm' ? { unit: 'mm', value, source: scale.source } : { unit: 'px', value };
}

/** Points that must all lie in one calibrated region. */
function edgesOf(shape: RegionShape): readonly ImageXy[] {
  if (shape.is === 'polygon') return shape.points;
  const at = (x: number, y: number): ImageXy => ({ space: 'image', x, y });
  return [at(shape.x - shape.radiusX, shape.y - shape.radiusY), at(shape.x + shape.radiusX, shape.y + shape.radiusY)];
}
