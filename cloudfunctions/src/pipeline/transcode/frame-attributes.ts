import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import type { TextOf } from '@yingyun/shared/dicom/character-set';
import { type DataSet, find, itemsOf } from '@yingyun/shared/dicom/data-set';
import type { ImagePixel } from '@yingyun/shared/dicom/image-pixel';
import { codeValue, numberValue, numberValues } from '@yingyun/shared/dicom/values';
import { modalityLutOf, overRendition, voiLutsOf } from './lookup-tables';
import { paletteOf } from './palette';
import { pixelSpacingOf } from './pixel-spacing';
import { ultrasoundRegionsOf } from './ultrasound-regions';
import { voiOf } from './voi';

/**
 * What a viewer needs to know of each frame (contract `FrameAttributes`), from the data set and, for enhanced multi-frame objects,
 * its shared and per-frame functional groups (PS3.3 C.7.6.16).
 */
export interface InstanceAttributes {
  /** Of the first frame. */
  readonly common: FrameAttributes;
  /** For each frame what differs from `common`. */
  readonly differs: readonly Partial<FrameAttributes>[];
  readonly frameTimeMs: number | null;
  /** How long each frame stays, where the object says it of each. */
  readonly frameTimeVectorMs?: readonly number[];
}

/** How the frames lie in the stored object, as far as their attributes show it. */
export interface FrameForm {
  readonly codec: FrameAttributes['codec'];
  /** What the viewer's decoder gives: RGB where the code stream's own transform is undone. */
  readonly photometricInterpretation: string;
  /** Default: as stored. */
  readonly rendition?: FrameAttributes['rendition'];
  /** The frames hold other numbers than the stored object: value × slope + intercept is the stored value. */
  readonly scale?: FrameScale | undefined;
}

export interface FrameScale {
  readonly slope: number;
  readonly intercept: number;
}

/** What stands once in the data set and holds for every frame. */
type SharedAttributes = Pick<FrameAttributes, 'modalityLut' | 'voiLuts' | 'palette' | 'ultrasoundRegions'>;

export function attributesOf(dataSet: DataSet, image: ImagePixel, form: FrameForm, textOf: TextOf): InstanceAttributes {
  const shared = itemsOf(dataSet, 0x52009229)[0];
  const perFrame = itemsOf(dataSet, 0x52009230);
  const once = sharedAttributes(dataSet, image, form, textOf);
  const frames: FrameAttributes[] = [];
  const count = Math.min(image.frameCount, Math.max(1, perFrame.length));
  for (let index = 0; index < count; index++) {
    const groups = [perFrame[index], shared].filter((group) => group !== undefined);
    frames.push(frameAttributes(dataSet, groups, image, form, once, index, textOf));
  }
  const common = frames[0];
  if (common === undefined) throw new RangeError('an image has at least one frame');
  const differs = Array.from({ length: image.frameCount }, (_, index) => {
    const frame = frames[index] ?? { ...common, frameNumber: index + 1 };
    return difference(common, frame);
  });
  const vector = frameTimeVectorOf(dataSet, image.frameCount);
  const frameTimeMs = image.frameCount > 1 ? frameTimeOf(dataSet) : null;
  return { common, differs, frameTimeMs, ...(vector === undefined ? {} : { frameTimeVectorMs: vector }) };
}

function sharedAttributes(dataSet: DataSet, image: ImagePixel, form: FrameForm, textOf: TextOf): SharedAttributes {
  const isDerived = form.rendition === 'derived';
  // A table is written for the stored values; those of a scaled rendition are unsigned, whatever the stored ones are.
  const isStoredSigned = form.scale === undefined ? image.isSigned : numberValue(dataSet, 0x00280103) === 1;
  const modalityLut = modalityLutOf(dataSet, isStoredSigned);
  const intercept = numberValue(dataSet, 0x00281052) ?? 0;
  const isInputSigned = modalityLut === null && (image.isSigned || intercept < 0);
  // PS3.3 C.7.6.23: a supplemental palette colours values from its first on; what lies below stays grey.
  const isPaletteUsed =
    form.photometricInterpretation === 'PALETTE COLOR' ||
    (!isDerived && image.samplesPerPixel === 1 && /^(COLOR|MIXED)$/.test(codeValue(dataSet, 0x00089205)));
  const palette = isPaletteUsed ? paletteOf(dataSet, image.isSigned) : null;
  return {
    modalityLut:
      modalityLut === null || form.scale === undefined ? modalityLut : overRendition(modalityLut, form.scale),
    voiLuts: voiLutsOf(dataSet, isInputSigned, textOf),
    palette: palette === null ? null : { first: palette.first, rgbBase64: Buffer.from(palette.rgb).toString('base64') },
    ultrasoundRegions: ultrasoundRegionsOf(dataSet),
  };
}

function isFractional(scale: FrameScale | undefined): boolean {
  return scale !== undefined && !Number.isInteger(scale.slope);
}

function frameAttributes(
  dataSet: DataSet,
  groups: readonly DataSet[],
  image: ImagePixel,
  form: FrameForm,
  once: SharedAttributes,
  index: number,
  textOf: TextOf,
): FrameAttributes {
  const places = (sequence: number) => [...groups.flatMap((group) => itemsOf(group, sequence).slice(0, 1)), dataSet];
  const transformation = holding(places(0x00289145), 0x00281053);
  const rescale = rescaleOf(dataSet, transformation, form.scale);
  const measures = places(0x00289110);
  const position = numberValues(holding(places(0x00209113), 0x00200032), 0x00200032);
  const orientation = numberValues(holding(places(0x00209116), 0x00200037), 0x00200037);
  const spacing = pixelSpacingOf(dataSet, holding(measures, 0x00280030));
  const isNonLinear = itemsOf(dataSet, 0x00283000).length > 0;
  const voi = voiOf(holding(places(0x00289132), 0x00281050), textOf);
  return {
    sopInstanceUid: codeValue(dataSet, 0x00080018),
    instanceNumber: Math.trunc(numberValue(dataSet, 0x00200013) ?? 0),
    frameNumber: index + 1,
    codec: form.codec,
    rendition: form.rendition ?? 'as-stored',
    rows: image.rows,
    columns: image.columns,
    samplesPerPixel: image.samplesPerPixel === 3 ? 3 : 1,
    bitsAllocated: image.bitsAllocated <= 8 ? 8 : image.bitsAllocated <= 16 ? 16 : 32,
    bitsStored: image.bitsStored,
    isSigned: image.isSigned,
    photometricInterpretation: form.photometricInterpretation,
    rescaleSlope: isNonLinear ? 1 : rescale.slope,
    rescaleIntercept: isNonLinear ? 0 : rescale.intercept,
    rescaleType: rescaleTypeOf(dataSet, transformation, isNonLinear),
    // Windows are in values after the modality transformation: where its table can't be read they would be wrong.
    voi: isNonLinear && once.modalityLut === null ? [] : voi.windows,
    // PS3.3 C.11.2.1.2.1 counts whole stored values: of fractions, a LINEAR window of width 1 would be a step, and all of a map white.
    voiLutFunction: voi.lutFunction === 'LINEAR' && isFractional(form.scale) ? 'LINEAR_EXACT' : voi.lutFunction,
    imagePositionPatient: tuple(position, 3) as FrameAttributes['imagePositionPatient'], // `tuple` proves the length
    frameOfReferenceUid: codeValue(dataSet, 0x00200052),
    imageOrientationPatient: tuple(orientation, 6) as FrameAttributes['imageOrientationPatient'], // `tuple` proves the length
    pixelSpacing: spacing.pixelSpacing,
    pixelSpacingSource: spacing.source,
    pixelAspectRatio: spacing.pixelSpacing === null ? aspectRatioOf(dataSet) : null,
    sliceThickness: numberValue(holding(measures, 0x00180050), 0x00180050) ?? null,
    pixelPaddingValue: form.scale === undefined ? paddingOf(dataSet, image, 0x00280120) : null,
    pixelPaddingRangeLimit: form.scale === undefined ? paddingOf(dataSet, image, 0x00280121) : null,
    ...once,
    overlays: [],
  };
}

/** Slope and intercept (PS3.3 C.11.1), for a dose its grid scaling (C.8.8.3), over what the frames hold. */
function rescaleOf(dataSet: DataSet, transformation: DataSet, scale: FrameScale | undefined): FrameScale {
  const stated = numberValue(transformation, 0x00281053) ?? numberValue(dataSet, 0x3004000e) ?? 1;
  // A slope of 0 would make every value the same: such a header is wrong, the stored values are not.
  const slope = stated === 0 ? 1 : stated;
  const intercept = numberValue(transformation, 0x00281052) ?? 0;
  return scale === undefined
    ? { slope, intercept }
    : { slope: slope * scale.slope, intercept: slope * scale.intercept + intercept };
}

/** PS3.3 C.7.6.3.1.7: height and width of a pixel. */
function aspectRatioOf(dataSet: DataSet): FrameAttributes['pixelAspectRatio'] {
  const [height = 0, width = 0] = numberValues(dataSet, 0x00280034);
  return height > 0 && width > 0 && height !== width ? [height, width] : null;
}

/** The innermost of the places that has the element: per-frame group, shared group, data set. */
function holding(places: readonly DataSet[], tag: number): DataSet {
  const found = places.find((place) => find(place, tag) !== undefined) ?? places[places.length - 1];
  return found ?? { elements: [] };
}

/** PS3.3 C.11.1.1.2; C.8.2.1: CT values are Hounsfield units unless it says otherwise. */
function rescaleTypeOf(dataSet: DataSet, transformation: DataSet, isNonLinear: boolean): string {
  const stated = codeValue(transformation, 0x00281054);
  if (stated !== '' && stated !== 'US') return stated;
  if (find(dataSet, 0x3004000e) !== undefined) return codeValue(dataSet, 0x30040002);
  const isCt = codeValue(dataSet, 0x00080060) === 'CT' && find(transformation, 0x00281053) !== undefined;
  return isCt && !isNonLinear ? 'HU' : stated;
}

/** (0028,0120) and (0028,0121) are US or SS by Pixel Representation; under implicit VR or from a careless writer it may come with the wrong one. */
function paddingOf(dataSet: DataSet, image: ImagePixel, tag: number): number | null {
  const value = numberValue(dataSet, tag);
  if (value === undefined) return null;
  if (image.isSigned && value > 0x7fff) return value - 0x10000;
  return !image.isSigned && value < 0 ? value + 0x10000 : value;
}

function tuple(values: readonly number[], length: number): readonly number[] | null {
  return values.length >= length && values.slice(0, length).every(Number.isFinite) ? values.slice(0, length) : null;
}

/** PS3.3 C.7.6.5: frame time, else the mean of its vector, else a rate; null: a stack, not a cine. */
function frameTimeOf(dataSet: DataSet): number | null {
  const time = numberValue(dataSet, 0x00181063);
  if (time !== undefined && time > 0) return time;
  const vector = numberValues(dataSet, 0x00181065)
    .slice(1)
    .filter((value) => value > 0);
  if (vector.length > 0) return vector.reduce((sum, value) => sum + value, 0) / vector.length;
  const rate = numberValue(dataSet, 0x00180040) ?? numberValue(dataSet, 0x00082144);
  return rate !== undefined && rate > 0 ? 1000 / rate : null;
}

/** PS3.3 C.7.6.5: entry i of the vector lies between frames i - 1 and i, so that frame i stays for entry i + 1. */
function frameTimeVectorOf(dataSet: DataSet, frameCount: number): readonly number[] | undefined {
  const vector = numberValues(dataSet, 0x00181065);
  const isUsable = frameCount > 1 && vector.length === frameCount && vector.slice(1).every((value) => value > 0);
  const times = isUsable ? [...vector.slice(1), vector[frameCount - 1] ?? 0] : [];
  return times.some((time) => time !== times[0]) ? times : undefined;
}

function difference(common: FrameAttributes, frame: FrameAttributes): Partial<FrameAttributes> {
  const entries = Object.entries(frame).filter(
    // What stands once is the same object for all frames; the rest are numbers, strings and short arrays of them.
    ([key, value]) =>
      value !== common[key as keyof FrameAttributes] && // a key of the same type
      JSON.stringify(value) !== JSON.stringify(common[key as keyof FrameAttributes]), // a key of the same type
  );
  return Object.fromEntries(entries) as Partial<FrameAttributes>; // made of its own entries
}
