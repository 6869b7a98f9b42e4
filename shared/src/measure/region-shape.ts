import type { ImageXy } from '../imaging/viewport';
import type { Mark, MarkKind } from './mark';
import type { PixelScale } from './pixel-scale';
import { polygonArea } from './plane-geometry';

/** A closed shape, in image coordinates. A circle on pixels that aren't square is an ellipse there. */
export type RegionShape =
  | {
      readonly is: 'ellipse';
      readonly x: number;
      readonly y: number;
      readonly radiusX: number;
      readonly radiusY: number;
    }
  | { readonly is: 'polygon'; readonly points: readonly ImageXy[] };

export type RegionKind = Extract<MarkKind, 'ellipse' | 'circle' | 'rectangle' | 'polygon' | 'freehand'>;

/** Null: the mark encloses nothing. `aspect`: how much taller than wide a pixel is. */
export function regionShape(mark: Pick<Mark, 'kind' | 'points'>, aspect: number): RegionShape | null {
  const [a, b] = mark.points;
  if (a === undefined || b === undefined) return null;
  switch (mark.kind) {
    case 'circle': {
      const radiusX = Math.hypot(b.x - a.x, (b.y - a.y) * aspect);
      return { is: 'ellipse', x: a.x, y: a.y, radiusX, radiusY: radiusX / aspect };
    }
    case 'ellipse':
      return {
        is: 'ellipse',
        x: (a.x + b.x) / 2,
        y: (a.y + b.y) / 2,
        radiusX: Math.abs(b.x - a.x) / 2,
        radiusY: Math.abs(b.y - a.y) / 2,
      };
    case 'rectangle':
      return { is: 'polygon', points: [a, { ...b, y: a.y }, b, { ...a, y: b.y }] };
    case 'polygon':
    case 'freehand':
      return { is: 'polygon', points: mark.points };
    default:
      return null;
  }
}

/** In the scale's unit squared. Of the drawn shape, not of the pixels it holds. */
export function regionArea(shape: RegionShape, scale: PixelScale): number {
  return shape.is === 'ellipse'
    ? Math.PI * shape.radiusX * shape.radiusY * scale.perColumn * scale.perRow
    : polygonArea(shape.points, scale);
}

/**
 * Where the line through the centres of a row of pixels (y = row + 0.5) is inside: ascending pairs of x. Even-odd: what a line that
 * crosses itself encloses twice is outside.
 */
export function insideSpans(shape: RegionShape, row: number): number[] {
  const y = row + 0.5;
  if (shape.is === 'ellipse') {
    const part = 1 - ((y - shape.y) / shape.radiusY) ** 2;
    if (!(part > 0)) return [];
    const half = shape.radiusX * Math.sqrt(part);
    return [shape.x - half, shape.x + half];
  }
  const crossings: number[] = [];
  let last = shape.points.at(-1);
  for (const point of shape.points) {
    // Half open in y: a corner on the line belongs to one of its two edges.
    if (last !== undefined && last.y <= y !== point.y <= y)
      crossings.push(last.x + ((y - last.y) / (point.y - last.y)) * (point.x - last.x));
    last = point;
  }
  return crossings.sort((one, other) => one - other);
}

/** First and last row whose centres can be inside. */
export function regionRows(shape: RegionShape): { readonly first: number; readonly last: number } {
  const ys =
    shape.is === 'ellipse' ? [shape.y - shape.radiusY, shape.y + shape.radiusY] : shape.points.map(({ y }) => y);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const y of ys) {
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  return { first: Math.floor(low - 0.5), last: Math.ceil(high) };
}
