import type { ImageXy } from '../imaging/viewport';
import type { PixelScale } from './pixel-scale';

type Steps = Pick<PixelScale, 'perColumn' | 'perRow'>;

/** Distance in the scale's unit. */
export function distance(from: ImageXy, to: ImageXy, { perColumn, perRow }: Steps): number {
  return Math.hypot((to.x - from.x) * perColumn, (to.y - from.y) * perRow);
}

/** Angle at `vertex` between two arms, 0…180 degrees. */
export function angleAt(one: ImageXy, vertex: ImageXy, other: ImageXy, steps: Steps): number {
  return between(vector(vertex, one, steps), vector(vertex, other, steps));
}

/**
 * Angle between two lines across the spine, 0…180 degrees. A line has no direction, so each is taken the way that crosses the axis
 * between their middles from the same side: whoever draws one of them backwards gets the same angle, and one above 90° stays.
 */
export function cobbAngle(points: readonly [ImageXy, ImageXy, ImageXy, ImageXy], steps: Steps): number {
  const [a, b, c, d] = points;
  const axis = {
    x: ((c.x + d.x - a.x - b.x) / 2) * steps.perColumn,
    y: ((c.y + d.y - a.y - b.y) / 2) * steps.perRow,
  };
  const across = (line: Vector): Vector => (axis.x * line.y - axis.y * line.x < 0 ? { x: -line.x, y: -line.y } : line);
  return between(across(vector(a, b, steps)), across(vector(c, d, steps)));
}

/** How far apart `from` and `to` are along the direction of a line: widths that a doctor projects onto the chest's. */
export function extentAlong(from: ImageXy, to: ImageXy, line: readonly [ImageXy, ImageXy], steps: Steps): number {
  const along = vector(line[0], line[1], steps);
  const length = Math.hypot(along.x, along.y);
  if (!(length > 0)) return 0;
  const part = vector(from, to, steps);
  return Math.abs(part.x * along.x + part.y * along.y) / length;
}

/** Area of a closed line by the shoelace rule, in the scale's unit squared. A line that crosses itself counts by its turns. */
export function polygonArea(points: readonly ImageXy[], { perColumn, perRow }: Steps): number {
  let twice = 0;
  let last = points.at(-1);
  for (const point of points) {
    if (last !== undefined) twice += last.x * point.y - point.x * last.y;
    last = point;
  }
  return (Math.abs(twice) / 2) * perColumn * perRow;
}

interface Vector {
  readonly x: number;
  readonly y: number;
}

function vector(from: ImageXy, to: ImageXy, { perColumn, perRow }: Steps): Vector {
  return { x: (to.x - from.x) * perColumn, y: (to.y - from.y) * perRow };
}

/** By atan2, which is exact near 0° and 180°, where an arc cosine is not. */
function between(one: Vector, other: Vector): number {
  const cross = one.x * other.y - one.y * other.x;
  const dot = one.x * other.x + one.y * other.y;
  return (Math.atan2(Math.abs(cross), dot) * 180) / Math.PI;
}
