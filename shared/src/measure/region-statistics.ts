import type { GreyFrame } from '../imaging/decoded-frame';
import { noPadding } from '../imaging/pixel-padding';
import { modalityValue, type Rescale } from '../imaging/voi-window';
import { insideSpans, type RegionShape, regionRows } from './region-shape';

/** Of the pixels inside, in modality values (HU where the object says so). */
export interface RegionStatistics {
  readonly pixelCount: number;
  readonly mean: number;
  /** Of these pixels as the whole population (divided by n). */
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Which pixels count: those whose centre is inside the shape (even-odd), each wholly; padding is no image and doesn't count.
 * Null where none does. `frame` must be sharp: means of means aren't measurements.
 */
export function regionStatistics(shape: RegionShape, frame: GreyFrame, rescale: Rescale): RegionStatistics | null {
  const { pixels, columns, rows } = frame;
  const { low, high } = frame.padding ?? noPadding;
  const range = regionRows(shape);
  let count = 0;
  let mean = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let row = Math.max(0, range.first); row <= Math.min(rows - 1, range.last); row++) {
    const spans = insideSpans(shape, row);
    for (let i = 0; i + 1 < spans.length; i += 2) {
      // Centre c + 0.5 inside [from, to)
      const from = Math.max(0, Math.ceil((spans[i] ?? 0) - 0.5));
      const to = Math.min(columns, Math.ceil((spans[i + 1] ?? 0) - 0.5));
      for (let at = row * columns + from; at < row * columns + to; at++) {
        const stored = pixels[at] ?? 0;
        if (stored >= low && stored <= high) continue;
        // Welford: no cancellation, whatever the offset.
        count++;
        const difference = stored - mean;
        mean += difference / count;
        squares += difference * (stored - mean);
        if (stored < min) min = stored;
        if (stored > max) max = stored;
      }
    }
  }
  if (count === 0) return null;
  const a = modalityValue(min, rescale);
  const b = modalityValue(max, rescale);
  return {
    pixelCount: count,
    mean: modalityValue(mean, rescale),
    standardDeviation: Math.sqrt(squares / count) * Math.abs(modalityValue(1, rescale) - modalityValue(0, rescale)),
    min: Math.min(a, b),
    max: Math.max(a, b),
  };
}
