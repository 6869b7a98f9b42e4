interface Plane {
  readonly rows: number;
  readonly columns: number;
}

/**
 * A subsampled component at the image's size. Half the columns, and half the rows too, are brought up by the triangle filter of libjpeg
 * ("fancy upsampling", jdsample.c), with its rounding, since browsers and dcmtk show that; any other ratio by repeating.
 */
export function upsample(plane: Uint16Array, from: Plane, to: Plane): Uint16Array {
  if (from.rows === to.rows && from.columns === to.columns) return plane;
  const isHalfWide = from.columns === Math.ceil(to.columns / 2) && from.columns > 2;
  if (isHalfWide && from.rows === to.rows) return widened(plane, from, to);
  if (isHalfWide && from.rows === Math.ceil(to.rows / 2)) return doubled(plane, from, to);
  const out = new Uint16Array(to.rows * to.columns);
  const [down, across] = [Math.ceil(to.rows / from.rows), Math.ceil(to.columns / from.columns)];
  for (let y = 0, at = 0; y < to.rows; y++) {
    const line = Math.floor(y / down) * from.columns;
    for (let x = 0; x < to.columns; x++, at++) out[at] = plane[line + Math.floor(x / across)] ?? 0;
  }
  return out;
}

/** Three parts of the nearer sample, one of the other; a half is rounded down on the left, up on the right (h2v1_fancy_upsample). */
function widened(plane: Uint16Array, from: Plane, to: Plane): Uint16Array {
  const out = new Uint16Array(to.rows * to.columns);
  for (let y = 0, at = 0; y < to.rows; y++) {
    const line = y * from.columns;
    for (let x = 0; x < to.columns; x++, at++) {
      const i = x >> 1;
      const isLeft = (x & 1) === 0;
      const near = plane[line + i] ?? 0;
      const other = clamped(isLeft ? i - 1 : i + 1, from.columns);
      out[at] = other === i ? near : (near * 3 + (plane[line + other] ?? 0) + (isLeft ? 1 : 2)) >> 2;
    }
  }
  return out;
}

/** The same in both directions, in sixteenths (h2v2_fancy_upsample). */
function doubled(plane: Uint16Array, from: Plane, to: Plane): Uint16Array {
  const out = new Uint16Array(to.rows * to.columns);
  for (let y = 0, at = 0; y < to.rows; y++) {
    const near = (y >> 1) * from.columns;
    const far = clamped((y & 1) === 0 ? (y >> 1) - 1 : (y >> 1) + 1, from.rows) * from.columns;
    const sum = (i: number) => (plane[near + i] ?? 0) * 3 + (plane[far + i] ?? 0);
    for (let x = 0; x < to.columns; x++, at++) {
      const i = x >> 1;
      const isLeft = (x & 1) === 0;
      const other = clamped(isLeft ? i - 1 : i + 1, from.columns);
      out[at] = (sum(i) * 3 + sum(other) + (isLeft ? 8 : 7)) >> 4;
    }
  }
  return out;
}

function clamped(index: number, length: number): number {
  return Math.min(length - 1, Math.max(0, index));
}
