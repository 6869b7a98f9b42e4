/** A part of a frame that fits in a texture, and the part of it that this tile draws; both in buffer pixels of the frame. */
export interface FrameTile {
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly rows: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Pixels a tile has beyond what it draws: as far as a minified canvas pixel reaches (scene.ts: four taps over 2 pixels each). */
const margin = 16;

/** Opaque neighbours overlap by this much, so that float rounding leaves no seam between them. */
const seam = 1 / 64;

/**
 * One tile where the frame fits, else a grid of them. `largest`: texels a texture may be wide or high, above 2 margins.
 * `overlap`: 0 for what is blended, where drawing twice would show.
 */
export function frameTiles(
  frame: { readonly columns: number; readonly rows: number },
  largest: number,
  overlap = seam,
): FrameTile[] {
  const across = spans(frame.columns, largest, overlap);
  return spans(frame.rows, largest, overlap).flatMap((down) =>
    across.map((along) => ({
      x: along.at,
      columns: along.length,
      left: along.low,
      right: along.high,
      y: down.at,
      rows: down.length,
      top: down.low,
      bottom: down.high,
    })),
  );
}

function spans(
  size: number,
  largest: number,
  overlap: number,
): { at: number; length: number; low: number; high: number }[] {
  const all = { at: 0, length: size, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  if (size <= largest) return [all];
  const step = largest - 2 * margin;
  const count = Math.ceil(size / step);
  return Array.from({ length: count }, (_, i) => {
    const at = Math.max(0, i * step - margin);
    const end = Math.min(size, (i + 1) * step + margin);
    return {
      at,
      length: end - at,
      low: i === 0 ? Number.NEGATIVE_INFINITY : i * step,
      high: i === count - 1 ? Number.POSITIVE_INFINITY : (i + 1) * step + overlap,
    };
  });
}
