import type { ImageXy } from '../imaging/viewport';

/** What can be drawn on an image. */
export const markKinds = [
  'length',
  'angle',
  'cobb',
  'ellipse',
  'circle',
  'rectangle',
  'polygon',
  'freehand',
  'point',
  'arrow',
  'text',
  'heart-chest',
  'calibration',
] as const;
export type MarkKind = (typeof markKinds)[number];

/**
 * One thing drawn on one frame, in that frame's image coordinates (viewport.ts `ImageXy`): zoom, turn and mirror change
 * nothing of it. It carries no values: those come from the pixels each time (measure-mark.ts).
 */
export interface Mark {
  /** Unique in the film. */
  readonly id: string;
  readonly kind: MarkKind;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  /** 1-based frame of the instance. */
  readonly frameNumber: number;
  /** 'series': shown on every frame of the series, at the same place, with that frame's values. */
  readonly reach: MarkReach;
  /**
   * By kind: length, calibration, arrow: both ends (an arrow's first is its tip); angle: end, vertex, end; cobb: both ends of one
   * line, then of the other; ellipse, rectangle: opposite corners of the box; circle: centre and a point of the ring; polygon,
   * freehand: the corners; point, text: the point; heart-chest: both ends of the chest's width, then of the heart's.
   */
  readonly points: readonly ImageXy[];
  /** Of an arrow or a text; '' else. May hold a name: never into logs. */
  readonly text: string;
  /** Of a calibration: how long its line is. */
  readonly millimetres: number | null;
}

export type MarkReach = 'image' | 'series';

/** Where a frame stands: what tells the marks that belong on it. */
export type FramePlace = Pick<Mark, 'seriesInstanceUid' | 'sopInstanceUid' | 'frameNumber'>;

/** Points a kind has; null: as many as are drawn. */
export const pointCounts: Readonly<Record<MarkKind, number | null>> = {
  length: 2,
  angle: 3,
  cobb: 4,
  ellipse: 2,
  circle: 2,
  rectangle: 2,
  polygon: null,
  freehand: null,
  point: 1,
  arrow: 2,
  text: 1,
  'heart-chest': 4,
  calibration: 2,
};

export function isOnFrame(mark: Mark, frame: FramePlace): boolean {
  if (mark.seriesInstanceUid !== frame.seriesInstanceUid) return false;
  return (
    mark.reach === 'series' || (mark.sopInstanceUid === frame.sopInstanceUid && mark.frameNumber === frame.frameNumber)
  );
}

/** All points are there: something half drawn has no values and isn't kept. */
export function isComplete(mark: Pick<Mark, 'kind' | 'points'>): boolean {
  const count = pointCounts[mark.kind];
  return count === null ? mark.points.length >= 3 : mark.points.length === count;
}
