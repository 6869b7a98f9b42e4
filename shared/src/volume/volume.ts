import { type DecodedFrame, reducedSize } from '../imaging/decoded-frame';
import { type PaddingRange, paddingRange } from '../imaging/pixel-padding';
import type { Rescale } from '../imaging/voi-window';
import type { VolumePlan } from './find-volumes';
import type { GridAffine } from './grid-affine';
import { scaled } from './vector';

export type VolumeSamples = Int16Array | Uint16Array | Uint8Array | Float32Array;

/** `sliceReduce` of a slice of which nothing is there: it is shown as background. */
export const noSlice = 255;

/**
 * A stack of slices in one array, filled slice by slice, coarse to fine. Every slice carries its reduce; what is coarser than 0 is a
 * preview and never diagnostic.
 */
export interface Volume {
  readonly plan: VolumePlan;
  /** Of the grid against the stored frames: 0 = every pixel; 1 = half the columns and rows, on devices that can't hold more. */
  readonly reduce: number;
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  /** Of this grid: a coarse grid's voxel (0, 0, k) lies where the fine one's does, its steps are 2^reduce as long. */
  readonly grid: GridAffine;
  /** Column by column, row by row, slice by slice. Stored values; modality values where `rescale` is the identity. */
  readonly samples: VolumeSamples;
  readonly rescale: Rescale;
  /** Values that are background. */
  readonly padding: PaddingRange | null;
  /** 0 … 8, or `noSlice`. Also above `reduce` while a slice is a preview still. */
  readonly sliceReduce: Uint8Array;
}

/** Background of float volumes: far from every value, and exact in a float. */
const floatPadding = -(2 ** 100);

/**
 * The least reduce at which the volume fits into so many bytes. A device that can't hold the whole holds half of it in each direction
 * rather than crash (design, "Memory contract").
 */
export function gridReduce(plan: VolumePlan, capBytes: number): number {
  const bytes = (reduce: number): number =>
    reducedSize(plan.columns, reduce) * reducedSize(plan.rows, reduce) * plan.frames.length * sampleBytes(plan);
  let reduce = 0;
  while (reduce < 5 && bytes(reduce) > capBytes) reduce++;
  return reduce;
}

/** Stored values need one rescale and at most 16 bits; any other volume (PET, tables) holds modality values as floats. */
function sampleBytes({ attributes, hasOneRescale }: VolumePlan): 1 | 2 | 4 {
  if (!hasOneRescale || attributes.bitsAllocated > 16 || attributes.modalityLut !== null) return 4;
  return attributes.bitsAllocated === 8 && !attributes.isSigned ? 1 : 2;
}

export function emptyVolume(plan: VolumePlan, reduce: number): Volume {
  const { attributes, frames } = plan;
  const [columns, rows, slices] = [reducedSize(plan.columns, reduce), reducedSize(plan.rows, reduce), frames.length];
  const count = columns * rows * slices;
  const bytes = sampleBytes(plan);
  const isFloat = bytes === 4;
  const samples = isFloat
    ? new Float32Array(count)
    : bytes === 1
      ? new Uint8Array(count)
      : attributes.isSigned
        ? new Int16Array(count)
        : new Uint16Array(count);
  const padding = paddingRange(attributes);
  const k = 2 ** reduce;
  return {
    plan,
    reduce,
    columns,
    rows,
    slices,
    grid: { ...plan.grid, column: scaled(plan.grid.column, k), row: scaled(plan.grid.row, k) },
    samples,
    rescale: isFloat ? { rescaleSlope: 1, rescaleIntercept: 0 } : attributes,
    padding: isFloat && padding !== null ? { low: floatPadding, high: floatPadding } : padding,
    sliceReduce: new Uint8Array(slices).fill(noSlice),
  };
}

/** What a frame's values are turned by on their way into a float volume. */
export type ToVolumeValue = (stored: number) => number;

export function toVolumeValue(volume: Volume, rescale: Rescale, frame: DecodedFrame): ToVolumeValue | null {
  if (!(volume.samples instanceof Float32Array)) return null;
  const { rescaleSlope, rescaleIntercept } = rescale;
  const slope = rescaleSlope === 0 ? 1 : rescaleSlope;
  const padding = frame.kind === 'grey' ? frame.padding : null;
  return (stored) =>
    padding !== null && stored >= padding.low && stored <= padding.high
      ? floatPadding
      : stored * slope + rescaleIntercept;
}

export interface VolumeProgress {
  readonly slices: number;
  /** Of which a picture is there, coarse or not. */
  readonly coarse: number;
  /** As sharp as the grid is. */
  readonly complete: number;
}

export function volumeProgress({ plan, reduce, sliceReduce }: Volume): VolumeProgress {
  const progress = { slices: plan.frames.length - plan.missing, coarse: 0, complete: 0 };
  for (const held of sliceReduce) {
    if (held !== noSlice) progress.coarse++;
    if (held <= reduce) progress.complete++;
  }
  return progress;
}

/** Only then may a tool say a number: every slice that exists is there as stored. */
export function isDiagnostic(volume: Volume): boolean {
  const { slices, complete } = volumeProgress(volume);
  return volume.reduce === 0 && complete === slices;
}
