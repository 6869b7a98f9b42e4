import { type ImageXy, imageXy } from '../imaging/viewport';
import type { Mark } from './mark';
import { regionShape } from './region-shape';

/** A line to draw, in image coordinates. */
export interface MarkLine {
  readonly points: readonly ImageXy[];
  readonly isClosed: boolean;
  /** Dashed: it belongs to the construction, nobody drew it. */
  readonly isHelper: boolean;
}

const ellipseCorners = 72;

/** What a mark looks like, also half drawn. `aspect`: how much taller than wide a pixel is. */
export function markLines(mark: Pick<Mark, 'kind' | 'points'>, aspect: number): MarkLine[] {
  const { kind, points } = mark;
  const [a, b, c, d] = points;
  switch (kind) {
    case 'point':
    case 'text':
      return [];
    case 'cobb':
      return [
        ...open(points.slice(0, 2)),
        ...open(points.slice(2, 4)),
        ...(a && b && c && d ? helper([middle(a, b), middle(c, d)]) : []),
      ];
    case 'heart-chest': {
      const chest = open(points.slice(0, 2));
      if (!a || !b || !c) return chest;
      // The heart's borders are dropped onto the chest's line: their distance there is the heart's width.
      const feet = [c, ...(d ? [d] : [])].map((point) => [point, footOn(a, b, point, aspect)]);
      return [...chest, ...(d ? open([c, d]) : []), ...feet.flatMap((pair) => helper(pair))];
    }
    case 'ellipse':
    case 'circle':
    case 'rectangle':
    case 'polygon':
    case 'freehand': {
      const shape = regionShape(mark, aspect);
      if (shape === null) return open(points);
      const outline = shape.is === 'polygon' ? shape.points : ellipsePoints(shape);
      return [{ points: outline, isClosed: true, isHelper: false }];
    }
    case 'length':
    case 'angle':
    case 'arrow':
    case 'calibration':
      return open(points);
    default:
      return kind satisfies never;
  }
}

/** Where a mark can be taken hold of; the index is that of `movedHandle`. A freehand line is moved whole. */
export function markHandles(mark: Pick<Mark, 'kind' | 'points'>): readonly ImageXy[] {
  const [a, b] = mark.points;
  if (mark.kind === 'freehand') return [];
  if (a === undefined || b === undefined) return mark.points;
  if (mark.kind === 'rectangle') return [a, imageXy(b.x, a.y), b, imageXy(a.x, b.y)];
  if (mark.kind === 'ellipse') {
    const { x, y } = middle(a, b);
    return [imageXy(a.x, y), imageXy(x, a.y), imageXy(b.x, y), imageXy(x, b.y)];
  }
  return mark.points;
}

/** The mark with one of its handles at `to`. A circle's centre takes the ring along. */
export function movedHandle(mark: Mark, handle: number, to: ImageXy): Mark {
  const [a, b] = mark.points;
  const withPoints = (...points: readonly ImageXy[]): Mark => ({ ...mark, points });
  if (a !== undefined && b !== undefined) {
    if (mark.kind === 'circle' && handle === 0) return movedBy(mark, to.x - a.x, to.y - a.y);
    if (mark.kind === 'rectangle') {
      if (handle === 0) return withPoints(to, b);
      if (handle === 1) return withPoints(imageXy(a.x, to.y), imageXy(to.x, b.y));
      if (handle === 2) return withPoints(a, to);
      return withPoints(imageXy(to.x, a.y), imageXy(b.x, to.y));
    }
    if (mark.kind === 'ellipse') {
      if (handle === 0) return withPoints(imageXy(to.x, a.y), b);
      if (handle === 1) return withPoints(imageXy(a.x, to.y), b);
      if (handle === 2) return withPoints(a, imageXy(to.x, b.y));
      return withPoints(a, imageXy(b.x, to.y));
    }
  }
  return withPoints(...mark.points.map((point, i) => (i === handle ? to : point)));
}

export function movedBy(mark: Mark, dx: number, dy: number): Mark {
  return { ...mark, points: mark.points.map(({ x, y }) => imageXy(x + dx, y + dy)) };
}

function ellipsePoints(shape: { x: number; y: number; radiusX: number; radiusY: number }): ImageXy[] {
  return Array.from({ length: ellipseCorners }, (_, i) => {
    const turn = (i / ellipseCorners) * 2 * Math.PI;
    return imageXy(shape.x + shape.radiusX * Math.cos(turn), shape.y + shape.radiusY * Math.sin(turn));
  });
}

function footOn(a: ImageXy, b: ImageXy, point: ImageXy, aspect: number): ImageXy {
  const x = b.x - a.x;
  const y = (b.y - a.y) * aspect;
  const square = x * x + y * y;
  const along = square > 0 ? ((point.x - a.x) * x + (point.y - a.y) * aspect * y) / square : 0;
  return imageXy(a.x + (b.x - a.x) * along, a.y + (b.y - a.y) * along);
}

const middle = (a: ImageXy, b: ImageXy) => imageXy((a.x + b.x) / 2, (a.y + b.y) / 2);
const open = (points: readonly ImageXy[]): MarkLine[] =>
  points.length < 2 ? [] : [{ points, isClosed: false, isHelper: false }];
const helper = (points: readonly ImageXy[]): MarkLine[] => [{ points, isClosed: false, isHelper: true }];
