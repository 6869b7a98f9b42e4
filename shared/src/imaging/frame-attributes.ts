import type { FrameAttributes, FrameEntry, SeriesManifest } from '../contract/film-manifest';

/** What a frame is where the manifest says nothing: the identity of each transform. */
const absent: FrameAttributes = {
  sopInstanceUid: '',
  instanceNumber: 0,
  frameNumber: 1,
  codec: 'raw',
  rendition: 'as-stored',
  rows: 0,
  columns: 0,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  isSigned: false,
  photometricInterpretation: 'MONOCHROME2',
  rescaleSlope: 1,
  rescaleIntercept: 0,
  rescaleType: '',
  modalityLut: null,
  voi: [],
  voiLuts: [],
  voiLutFunction: 'LINEAR',
  imagePositionPatient: null,
  imageOrientationPatient: null,
  pixelSpacing: null,
  pixelSpacingSource: 'none',
  pixelAspectRatio: null,
  sliceThickness: null,
  pixelPaddingValue: null,
  pixelPaddingRangeLimit: null,
  palette: null,
  overlays: [],
  ultrasoundRegions: [],
};

/** The frame's full attributes: its own over those of its series. */
export function frameAttributes(
  series: Pick<SeriesManifest, 'common'>,
  frame: Partial<FrameAttributes>,
): FrameAttributes {
  return { ...absent, ...series.common, ...frame };
}

/**
 * The coarsest reduce a frame can be shown at. Palette indices have no order, so a low-pass of them is no picture:
 * such frames are shown sharp or not at all.
 */
export function coarsestReduce(attributes: FrameAttributes, frame: Pick<FrameEntry, 'bands'>): number {
  const hasLevels = attributes.codec === 'htj2k' || attributes.codec === 'pyramid';
  const isProgressive = hasLevels && attributes.photometricInterpretation !== 'PALETTE COLOR';
  return isProgressive ? Math.max(0, frame.bands.length - 1) : 0;
}

/** How many leading bytes of the frame hold everything up to a reduce (clamped to what the frame has). */
export function bytesUpTo(frame: Pick<FrameEntry, 'bands'>, reduce: number): number {
  const index = Math.max(0, frame.bands.length - 1 - reduce);
  return frame.bands[index] ?? 0;
}

/** The best reduce that `byteCount` leading bytes give, or null where not even the coarsest band is complete. */
export function reduceOfBytes(
  attributes: FrameAttributes,
  frame: Pick<FrameEntry, 'bands'>,
  byteCount: number,
): number | null {
  for (let reduce = 0; reduce <= coarsestReduce(attributes, frame); reduce++) {
    if (byteCount > 0 && byteCount >= bytesUpTo(frame, reduce)) return reduce;
  }
  return null;
}

const smallestPreviewSide = 64;

/** The reduce of the first pass over a series: an eighth, but never a preview with a side under 64 pixels. */
export function previewReduce(attributes: FrameAttributes, frame: Pick<FrameEntry, 'bands'>): number {
  const side = Math.min(attributes.rows, attributes.columns);
  const bySize = Math.max(0, Math.floor(Math.log2(Math.max(1, side) / smallestPreviewSide)));
  return Math.min(3, bySize, coarsestReduce(attributes, frame));
}
