import type { FrameAttributes, OverlayPlane } from '../contract/film-manifest';

/** The overlay planes of a frame laid over each other: one byte a pixel, 255 where something is drawn. */
export interface OverlayMask {
  /** Image pixel of the mask's first one, from 0; below 0 where a plane begins outside the image. */
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** A plane with its bits: rows × columns of them in DICOM order, lowest bit of each byte first (PS3.3 C.9.2). */
export interface DrawnPlane {
  readonly plane: OverlayPlane;
  readonly bits: Uint8Array;
}

/**
 * Null where no plane has a pixel near the image. What lies outside is kept as far as the image is wide and high: writers put
 * labels beside the breast, but a plane of 65535² pixels must not cost a phone its memory. Missing bits are not drawn.
 */
export function overlayMask(
  planes: readonly DrawnPlane[],
  image: Pick<FrameAttributes, 'rows' | 'columns'>,
): OverlayMask | null {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const { plane } of planes) {
    left = Math.min(left, plane.column - 1);
    top = Math.min(top, plane.row - 1);
    right = Math.max(right, plane.column - 1 + plane.columns);
    bottom = Math.max(bottom, plane.row - 1 + plane.rows);
  }
  left = Math.max(left, -image.columns);
  top = Math.max(top, -image.rows);
  const columns = Math.min(right, image.columns * 2) - left;
  const rows = Math.min(bottom, image.rows * 2) - top;
  if (!(columns > 0) || !(rows > 0)) return null;
  const mask = { left, top, columns, rows, bytes: new Uint8Array(columns * rows) };
  for (const one of planes) draw(one, mask);
  return mask;
}

function draw({ plane, bits }: DrawnPlane, mask: OverlayMask): void {
  const toColumn = plane.column - 1 - mask.left;
  const toRow = plane.row - 1 - mask.top;
  const lastRow = Math.min(plane.rows, mask.rows - toRow);
  const lastColumn = Math.min(plane.columns, mask.columns - toColumn);
  for (let row = Math.max(0, -toRow); row < lastRow; row++) {
    const to = (row + toRow) * mask.columns + toColumn;
    for (let column = Math.max(0, -toColumn), at = row * plane.columns + column; column < lastColumn; column++, at++) {
      if ((((bits[at >> 3] ?? 0) >> (at & 7)) & 1) === 1) mask.bytes[to + column] = 255;
    }
  }
}
