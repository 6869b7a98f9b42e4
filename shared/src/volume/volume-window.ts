import type { GreyPixels } from '../imaging/decoded-frame';
import { openingWindow } from '../imaging/default-window';
import { greyFrame } from '../imaging/normalise-pixels';
import type { VoiWindow } from '../imaging/voi-window';
import { noSlice, type Volume } from './volume';

/** What a volume opens with: its own window, its modality's, or one from the slice in the middle once there is anything of it. */
export function volumeWindow(volume: Volume, modality: string): VoiWindow {
  const { plan, columns, rows, slices, samples, sliceReduce, padding, rescale } = volume;
  const middle = Math.floor(slices / 2);
  const attributes = { ...plan.attributes, ...rescale };
  if ((sliceReduce[middle] ?? noSlice) === noSlice) return openingWindow(attributes, null, modality);
  const values = samples.subarray(middle * columns * rows, (middle + 1) * columns * rows);
  const pixels: GreyPixels = values instanceof Float32Array ? Int32Array.from(values) : values;
  const { center, width, shape } = openingWindow(
    attributes,
    greyFrame(pixels, { rows, columns, reduce: volume.reduce }, padding),
    modality,
  );
  return { center, width, shape };
}

/** What a value of the volume is counted in: as imaging/point-value.ts has it for one image. */
export function volumeUnit({ plan: { attributes } }: Volume, modality: string): string {
  return attributes.rescaleType === '' && modality === 'CT' ? 'HU' : attributes.rescaleType;
}
