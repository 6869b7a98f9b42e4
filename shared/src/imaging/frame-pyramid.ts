import type { FrameAttributes, FrameBytes, SeriesManifest } from '../contract/film-manifest';
import { reducedSize } from './decoded-frame';
import { coarsestReduce, frameAttributes } from './frame-attributes';

/** Whole, half, quarter, eighth: what a viewer asks for. */
const mostLevels = 4;

/**
 * A frame as the frames protocol's format `deflate` has it, for phones without the codec: its resolutions as plain samples, coarsest
 * first, laid end to end. Each level is a picture by itself; `bands` stand in this layout, and so do `from` and the inflated length of a
 * record. A frame that is not progressive is one level.
 *
 * Samples are little endian in `bitsAllocated`, colour by pixel, as the codec gives them; a JPEG's are RGB or grey of 8 bits.
 * Uncompressed frames stay as they are stored.
 */
export interface FramePyramid extends FrameBytes {
  /** What `attributes` of the frame become. */
  readonly changes: Partial<FrameAttributes>;
  /** Sizes of the levels, coarsest first. */
  readonly levels: readonly { readonly reduce: number; readonly bytes: number }[];
}

export function framePyramid(attributes: FrameAttributes, frame: FrameBytes): FramePyramid {
  const { codec, rows, columns, samplesPerPixel } = attributes;
  if (codec === 'raw' || codec === 'pyramid') {
    const bytes = frame.bands[frame.bands.length - 1] ?? 0;
    return { bands: [bytes], changes: {}, levels: [{ reduce: 0, bytes }] };
  }
  const isJpeg = codec === 'jpeg';
  const sampleBytes = isJpeg ? 1 : attributes.bitsAllocated / 8;
  const coarsest = Math.min(mostLevels - 1, coarsestReduce(attributes, frame));
  const levels: { reduce: number; bytes: number }[] = [];
  const bands: number[] = [];
  let total = 0;
  for (let reduce = coarsest; reduce >= 0; reduce--) {
    const bytes = reducedSize(rows, reduce) * reducedSize(columns, reduce) * samplesPerPixel * sampleBytes;
    total += bytes;
    levels.push({ reduce, bytes });
    bands.push(total);
  }
  return { bands, levels, changes: isJpeg ? plainJpeg(attributes) : { codec: 'pyramid' } };
}

function plainJpeg({ samplesPerPixel, bitsStored }: FrameAttributes): Partial<FrameAttributes> {
  const plain = { codec: 'pyramid', bitsAllocated: 8, bitsStored: Math.min(8, bitsStored), isSigned: false } as const;
  return samplesPerPixel === 3 ? { ...plain, photometricInterpretation: 'RGB' } : plain;
}

/** The series as a client sees it that asks for its frames in format `deflate`. */
export function pyramidSeries(series: SeriesManifest): SeriesManifest {
  return {
    ...series,
    frames: series.frames.map((frame) => {
      const { bands, changes } = framePyramid(frameAttributes(series, frame), frame);
      return { ...frame, ...changes, bands };
    }),
  };
}
