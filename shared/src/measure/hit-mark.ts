import { type Affine, type CanvasXy, toCanvas } from '../imaging/viewport';
import type { Mark } from './mark';
import { markHandles, markLines } from './mark-lines';

/** What lies under a finger: a handle of a mark, or the mark itself. */
export type MarkHit =
  | { readonly mark: Mark; readonly part: 'handle'; readonly handle: number }
  | { readonly mark: Mark; readonly part: 'body' };

/** Canvas pixels around the point that still count, for handles and for lines. */
export interface HitReach {
  readonly handle: number;
  readonly line: number;
}

/** CSS pixels: a handle is 44 px across for a finger. */
export function hitReach(isTouch: boolean, pixelRatio: number): HitReach {
  return isTouch
    ? { handle: 22 * pixelRatio, line: 14 * pixelRatio }
    : { handle: 9 * pixelRatio, line: 5 * pixelRatio };
}

/**
 * The nearest handle within reach, else the nearest line. The selected mark's handles come before all others', so that marks which
 * lie close together can be told apart; of equally near ones the last drawn.
 */
export function hitMark(
  marks: readonly Mark[],
  selectedId: string | null,
  at: CanvasXy,
  view: { readonly imageToCanvas: Affine; readonly aspect: number },
  reach: HitReach,
): MarkHit | null {
  const selected = marks.filter((mark) => mark.id === selectedId);
  const { imageToCanvas, aspect } = view;
  for (const among of [selected, marks]) {
    const found = nearest(among, reach.handle, (mark, consider) => {
      for (const [handle, point] of markHandles(mark).entries()) {
        const { x, y } = toCanvas(imageToCanvas, point);
        consider(Math.hypot(x - at.x, y - at.y), { mark, part: 'handle', handle });
      }
    });
    if (found !== null) return found;
  }
  return nearest(marks, reach.line, (mark, consider) => {
    for (const { points, isClosed } of markLines(mark, aspect)) {
      const corners = points.map((point) => toCanvas(imageToCanvas, point));
      for (let i = isClosed ? 0 : 1; i < corners.length; i++) {
        const from = corners.at(i - 1);
        const to = corners[i];
        if (from !== undefined && to !== undefined) consider(distanceToLine(at, from, to), { mark, part: 'body' });
      }
    }
  });
}

function nearest(
  marks: readonly Mark[],
  within: number,
  look: (mark: Mark, consider: (distance: number, hit: MarkHit) => void) => void,
): MarkHit | null {
  let best: MarkHit | null = null;
  let least = within;
  for (const mark of marks) {
    look(mark, (distance, hit) => {
      if (distance > least) return;
      least = distance;
      best = hit;
    });
  }
  return best;
}

function distanceToLine(at: CanvasXy, from: CanvasXy, to: CanvasXy): number {
  const x = to.x - from.x;
  const y = to.y - from.y;
  const square = x * x + y * y;
  const along = square > 0 ? Math.min(1, Math.max(0, ((at.x - from.x) * x + (at.y - from.y) * y) / square)) : 0;
  return Math.hypot(from.x + along * x - at.x, from.y + along * y - at.y);
}
