import { type GreyFrame, type GreyPixels, reducedSize } from '../imaging/decoded-frame';
import { isPadding, type PaddingRange } from '../imaging/pixel-padding';
import type { Rescale } from '../imaging/voi-window';
import { toVolumeValue, type Volume, type VolumeSamples } from './volume';

/**
 * Writes a decoded frame into its slice, unless a sharper one stands there. Sample k of reduce r stands over pixel k · 2^r, so a
 * coarse frame is spread between its samples and a finer one thinned to them, and nothing moves as slices sharpen.
 * False: nothing was written.
 */
export function fillSlice(volume: Volume, slice: number, frame: GreyFrame, rescale: Rescale): boolean {
  const { columns, rows, samples, sliceReduce, reduce } = volume;
  const held = sliceReduce[slice];
  if (held === undefined || held <= frame.reduce) return false;
  const out = samples.subarray(slice * columns * rows, (slice + 1) * columns * rows);
  const same = frame.reduce > reduce ? frame : thinned(frame, reduce);
  const turn = toVolumeValue(volume, rescale, frame);
  const isSpread = same.reduce > reduce;
  if (isSpread) spread(same, reduce, out, columns, rows);
  else out.set(same.pixels);
  if (turn !== null && !isSpread) for (let i = 0; i < out.length; i++) out[i] = turn(same.pixels[i] as number); // i < out.length, which is the frame's
  if (turn !== null && isSpread) for (let i = 0; i < out.length; i++) out[i] = turn(out[i] as number); // in range: i < length
  sliceReduce[slice] = Math.max(frame.reduce, reduce);
  return true;
}

/** Bilinear between the coarse samples; beyond the last, the nearest. */
function spread(frame: GreyFrame, reduce: number, out: VolumeSamples, columns: number, rows: number): void {
  if (frame.padding !== null) return spreadBesidePadding(frame, frame.padding, reduce, out, columns, rows);
  const { pixels } = frame;
  const step = 2 ** (reduce - frame.reduce);
  const rounding = out instanceof Float32Array ? 0 : 0.5;
  const last = frame.columns - 1;
  // One coarse row between two of them, then along it: a row's mixing is shared by all its pixels.
  const between = new Float64Array(frame.columns);
  for (let y = 0, to = 0; y < rows; y++) {
    const v = Math.min(frame.rows - 1, y * step);
    const upper = Math.floor(v) * frame.columns;
    const lower = Math.min(frame.rows - 1, Math.floor(v) + 1) * frame.columns;
    const fv = v - Math.floor(v);
    for (let c = 0; c <= last; c++) {
      const a = pixels[upper + c] as number; // inside the frame
      between[c] = a + ((pixels[lower + c] as number) - a) * fv; // inside the frame
    }
    for (let x = 0; x < columns; x++, to++) {
      const u = x * step;
      const left = u < last ? Math.floor(u) : last;
      const a = between[left] as number; // clamped to the row
      const value = left === last ? a : a + ((between[left + 1] as number) - a) * (u - left); // before the last
      out[to] = rounding === 0 ? value : Math.floor(value + rounding);
    }
  }
}

/** The same where some samples are padding: there the nearest stands for all. */
function spreadBesidePadding(
  frame: GreyFrame,
  padding: PaddingRange,
  reduce: number,
  out: VolumeSamples,
  columns: number,
  rows: number,
): void {
  const { pixels } = frame;
  const step = 2 ** (reduce - frame.reduce);
  const isWhole = !(out instanceof Float32Array);
  for (let y = 0, to = 0; y < rows; y++) {
    const v = Math.min(frame.rows - 1, y * step);
    const upper = Math.floor(v) * frame.columns;
    const lower = Math.min(frame.rows - 1, Math.floor(v) + 1) * frame.columns;
    const fv = v - Math.floor(v);
    for (let x = 0; x < columns; x++, to++) {
      const u = Math.min(frame.columns - 1, x * step);
      const left = Math.floor(u);
      const right = Math.min(frame.columns - 1, left + 1);
      const fu = u - left;
      const [a, b] = [pixels[upper + left] as number, pixels[upper + right] as number]; // clamped to the frame
      const [c, d] = [pixels[lower + left] as number, pixels[lower + right] as number]; // clamped to the frame
      const hasPadding = [a, b, c, d].some((value) => isPadding(value, padding));
      const value = hasPadding
        ? (pixels[(fv < 0.5 ? upper : lower) + (fu < 0.5 ? left : right)] as number) // clamped to the frame
        : (a * (1 - fu) + b * fu) * (1 - fv) + (c * (1 - fu) + d * fu) * fv;
      out[to] = isWhole ? Math.round(value) : value;
    }
  }
}

/** Frames without resolutions of their own (JPEG, raw), for a coarse grid: halved with the low-pass ¼ ½ ¼ over even pixels. */
function thinned(frame: GreyFrame, reduce: number): GreyFrame {
  let at = frame;
  while (at.reduce < reduce) {
    const [rows, columns] = [reducedSize(at.rows, 1), reducedSize(at.columns, 1)];
    const pixels = halved(at.pixels, at.columns, at.rows, at.padding);
    at = { ...at, reduce: at.reduce + 1, rows, columns, pixels };
  }
  return at;
}

function halved(pixels: GreyPixels, columns: number, rows: number, padding: PaddingRange | null): GreyPixels {
  const [toRows, toColumns] = [reducedSize(rows, 1), reducedSize(columns, 1)];
  const out = pixels.slice(0, toRows * toColumns);
  const edge = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));
  for (let y = 0; y < toRows; y++) {
    for (let x = 0; x < toColumns; x++) {
      const centre = pixels[2 * y * columns + 2 * x] as number; // even pixels are inside
      let sum = 0;
      for (let j = -1; j <= 1; j++) {
        for (let i = -1; i <= 1; i++) {
          const value = pixels[edge(2 * y + j, rows) * columns + edge(2 * x + i, columns)] as number; // clamped
          sum += (isPadding(value, padding) ? centre : value) * (2 - Math.abs(i)) * (2 - Math.abs(j));
        }
      }
      out[y * toColumns + x] = isPadding(centre, padding) ? centre : Math.round(sum / 16);
    }
  }
  return out;
}
