import type { FrameAttributes } from '../contract/film-manifest';

/** A point of the canvas, in canvas pixels from its top left corner. */
export interface CanvasXy {
  readonly space: 'canvas';
  readonly x: number;
  readonly y: number;
}

/** A point of the full-size image: pixel (i, j) covers [i, i + 1) × [j, j + 1), its centre is at + 0.5. */
export interface ImageXy {
  readonly space: 'image';
  readonly x: number;
  readonly y: number;
}

export const canvasXy = (x: number, y: number): CanvasXy => ({ space: 'canvas', x, y });
export const imageXy = (x: number, y: number): ImageXy => ({ space: 'image', x, y });

/** How the user has placed the image. The image's centre plus the pan lies on the canvas' centre. */
export interface Placement {
  /** 1 = the whole image just fits. */
  readonly zoom: number;
  /** Canvas pixels. */
  readonly panX: number;
  readonly panY: number;
  /** Clockwise quarter turns, applied after mirroring. */
  readonly quarterTurns: 0 | 1 | 2 | 3;
  /** Left and right changed over, as seen on the unrotated image. */
  readonly isMirroredX: boolean;
  readonly isMirroredY: boolean;
}

export const fitted: Placement = { zoom: 1, panX: 0, panY: 0, quarterTurns: 0, isMirroredX: false, isMirroredY: false };

export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** x' = a x + c y + e, y' = b x + d y + f (the order of the canvas API). */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

const zoomMin = 0.25;
const zoomMax = 32;

/**
 * Height of a pixel over its width: spacing between rows over spacing between columns (PS3.3 10.7.1.3), else the Pixel Aspect
 * Ratio (C.7.6.3.1.7), which is vertical over horizontal too; 1 where neither is known.
 */
export function pixelAspect(
  attributes: Pick<FrameAttributes, 'pixelSpacing'> & Partial<Pick<FrameAttributes, 'pixelAspectRatio'>>,
): number {
  const isStated = (pair: readonly [number, number] | null | undefined): pair is readonly [number, number] =>
    pair !== null && pair !== undefined && pair[0] > 0 && pair[1] > 0;
  const { pixelSpacing, pixelAspectRatio } = attributes;
  const pair = isStated(pixelSpacing) ? pixelSpacing : isStated(pixelAspectRatio) ? pixelAspectRatio : null;
  return pair === null ? 1 : pair[0] / pair[1];
}

/** Canvas pixels a column is wide where the turned image just fits. */
export function fitScale(image: Extent, aspect: number, canvas: Extent, quarterTurns: number): number {
  const isTurned = quarterTurns % 2 === 1;
  const width = isTurned ? image.height * aspect : image.width;
  const height = isTurned ? image.width : image.height * aspect;
  return Math.min(canvas.width / width, canvas.height / height);
}

/** Image points to canvas points. */
export function imageToCanvas(placement: Placement, image: Extent, aspect: number, canvas: Extent): Affine {
  const scale = fitScale(image, aspect, canvas, placement.quarterTurns) * placement.zoom;
  const sx = scale * (placement.isMirroredX ? -1 : 1);
  const sy = scale * aspect * (placement.isMirroredY ? -1 : 1);
  // Clockwise on a canvas whose y points down: (x, y) becomes (-y, x).
  const [cos, sin] = quarter[placement.quarterTurns];
  const a = cos * sx;
  const b = sin * sx;
  const c = -sin * sy;
  const d = cos * sy;
  return {
    a,
    b,
    c,
    d,
    e: canvas.width / 2 + placement.panX - a * (image.width / 2) - c * (image.height / 2),
    f: canvas.height / 2 + placement.panY - b * (image.width / 2) - d * (image.height / 2),
  };
}

const quarter = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

export function invert(m: Affine): Affine {
  const det = m.a * m.d - m.b * m.c;
  const a = m.d / det;
  const b = -m.b / det;
  const c = -m.c / det;
  const d = m.a / det;
  return { a, b, c, d, e: -(a * m.e + c * m.f), f: -(b * m.e + d * m.f) };
}

export function toCanvas(m: Affine, p: ImageXy): CanvasXy {
  return canvasXy(m.a * p.x + m.c * p.y + m.e, m.b * p.x + m.d * p.y + m.f);
}

/** `m` is image to canvas. */
export function toImage(m: Affine, p: CanvasXy): ImageXy {
  const i = invert(m);
  return imageXy(i.a * p.x + i.c * p.y + i.e, i.b * p.x + i.d * p.y + i.f);
}

/** Length of one image column on the canvas, in canvas pixels. */
export function columnScale(m: Affine): number {
  return Math.hypot(m.a, m.b);
}

/** Zooms by `factor`, keeping the image point under `anchor` there, then moves by `dx`, `dy`. Zoom stops at its limits. */
export function zoomAround(
  placement: Placement,
  canvas: Extent,
  factor: number,
  anchor: CanvasXy,
  dx = 0,
  dy = 0,
): Placement {
  const zoom = Math.min(zoomMax, Math.max(zoomMin, placement.zoom * factor));
  const k = zoom / placement.zoom;
  const fromCentreX = anchor.x - canvas.width / 2;
  const fromCentreY = anchor.y - canvas.height / 2;
  return {
    ...placement,
    zoom,
    panX: fromCentreX - k * (fromCentreX - placement.panX) + dx,
    panY: fromCentreY - k * (fromCentreY - placement.panY) + dy,
  };
}

export function panBy(placement: Placement, dx: number, dy: number): Placement {
  return { ...placement, panX: placement.panX + dx, panY: placement.panY + dy };
}

/** A quarter clockwise about the canvas' centre: what is in the middle stays in the middle. */
export function turnedClockwise(placement: Placement): Placement {
  const quarterTurns = ((placement.quarterTurns + 1) % 4) as Placement['quarterTurns']; // a remainder of 4
  return { ...placement, quarterTurns, panX: -placement.panY, panY: placement.panX };
}

/** Left and right of the *screen* changed over, whatever the turn. */
export function mirroredLeftRight(placement: Placement): Placement {
  const isTurned = placement.quarterTurns % 2 === 1;
  return isTurned
    ? { ...placement, isMirroredY: !placement.isMirroredY, panX: -placement.panX }
    : { ...placement, isMirroredX: !placement.isMirroredX, panX: -placement.panX };
}

/** Top and bottom of the *screen* changed over. */
export function mirroredUpDown(placement: Placement): Placement {
  const isTurned = placement.quarterTurns % 2 === 1;
  return isTurned
    ? { ...placement, isMirroredX: !placement.isMirroredX, panY: -placement.panY }
    : { ...placement, isMirroredY: !placement.isMirroredY, panY: -placement.panY };
}

/**
 * Full-size image coordinates to coordinates of a coarse buffer: sample k of reduce r stands over the centre of pixel
 * k · 2^r, so going from coarse to sharp moves nothing.
 */
export function toReduced(m: Affine, reduce: number): Affine {
  const k = 2 ** -reduce;
  const shift = 0.5 - 0.5 * k;
  return { a: m.a * k, b: m.b * k, c: m.c * k, d: m.d * k, e: m.e * k + shift, f: m.f * k + shift };
}
