import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import type { TextOf } from '@yingyun/shared/dicom/character-set';
import { type DataSet, find, itemsOf } from '@yingyun/shared/dicom/data-set';
import type { ImagePixel } from '@yingyun/shared/dicom/image-pixel';
import { codeValue, numberValue, numberValues } from '@yingyun/shared/dicom/values';
import { paletteOf } from './palette';
import { pixelSpacingOf } from './pixel-spacing';
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
}

/** How the frames lie in the stored object, as far as their attributes show it. */
export interface FrameForm {
  readonly codec: FrameAttributes['codec'];
  /** What the viewer's decoder gives: RGB where the code stream's own transform is undone. */
  readonly photometricInterpretation: string;
}

export function attributesOf(dataSet: DataSet, image: ImagePixel, form: FrameForm, textOf: TextOf): InstanceAttributes {
  const shared = itemsOf(dataSet, 0x52009229)[0];
  const perFrame = itemsOf(dataSet, 0x52009230);
  const palette = image.photometricInterpretation === 'PALETTE COLOR' ? paletteOf(dataSet, image.isSigned) : null;
  const frames: FrameAttributes[] = [];
  const count = Math.min(image.frameCount, Math.max(1, perFrame.length));
  for (let index = 0; index < count; index++) {
    const groups = [perFrame[index], shared].filter((group) => group !== undefined);
    frames.push(frameAttributes(dataSet, groups, image, form, palette, index, textOf));
  }
  const common = frames[0];
  if (common === undefined) throw new RangeError('an image has at least one frame');
  const differs = Array.from({ length: image.frameCount }, (_, index) => {
    const frame = frames[index] ?? { ...common, frameNumber: index + 1 };
    return difference(common, frame);
  });
  return { common, differs, frameTimeMs: image.frameCount > 1 ? frameTimeOf(dataSet) : null };
}

function frameAttributes(
  dataSet: DataSet,
  groups: readonly DataSet[],
  image: ImagePixel,
  form: FrameForm,
  palette: FrameAttributes['palette'],
  index: number,
  textOf: TextOf,
): FrameAttributes {
  const places = (sequence: number) => [...groups.flatMap((group) => itemsOf(group, sequence).slice(0, 1)), dataSet];
  const transformation = holding(places(0x00289145), 0x00281053);
  const slope = numberValue(transformation, 0x00281053) ?? 1;
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
    rendition: 'as-stored',
    rows: image.rows,
    columns: image.columns,
    samplesPerPixel: image.samplesPerPixel === 3 ? 3 : 1,
    bitsAllocated: image.bitsAllocated <= 8 ? 8 : image.bitsAllocated <= 16 ? 16 : 32,
    bitsStored: image.bitsStored,
    isSigned: image.isSigned,
    photometricInterpretation: form.photometricInterpretation,
    // A slope of 0 would make every value the same: such a header is wrong, the stored values are not.
    rescaleSlope: slope === 0 ? 1 : slope,
    rescaleIntercept: numberValue(transformation, 0x00281052) ?? 0,
    rescaleType: rescaleTypeOf(dataSet, transformation, isNonLinear),
    modalityLut: null,
    voiLuts: [],
    // Windows are in values after the modality transformation; a non-linear one (LUT) is not carried, so they would be wrong.
    voi: isNonLinear ? [] : voi.windows,
    voiLutFunction: voi.lutFunction,
    imagePositionPatient: tuple(position, 3) as FrameAttributes['imagePositionPatient'], // `tuple` proves the length
    imageOrientationPatient: tuple(orientation, 6) as FrameAttributes['imageOrientationPatient'], // `tuple` proves the length
    pixelSpacing: spacing.pixelSpacing,
    pixelSpacingSource: spacing.source,
    pixelAspectRatio: null,
    sliceThickness: numberValue(holding(measures, 0x00180050), 0x00180050) ?? null,
    pixelPaddingValue: paddingOf(dataSet, image),
    pixelPaddingRangeLimit: null,
    palette,
    overlays: [],
    ultrasoundRegions: [],
  };
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
  const isCt = codeValue(dataSet, 0x00080060) === 'CT' && find(transformation, 0x00281053) !== undefined;
  return isCt && !isNonLinear ? 'HU' : stated;
}

/** (0028,0120) is US or SS by Pixel Representation; under implicit VR or from a careless writer it may come with the wrong one. */
function paddingOf(dataSet: DataSet, image: ImagePixel): number | null {
  const value = numberValue(dataSet, 0x00280120);
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

function difference(common: FrameAttributes, frame: FrameAttributes): Partial<FrameAttributes> {
  const entries = Object.entries(frame).filter(
    // Values are numbers, strings and short arrays of them; the palette is one object for all frames.
    ([key, value]) =>
      key !== 'palette' && JSON.stringify(value) !== JSON.stringify(common[key as keyof FrameAttributes]), // a key of the same type
  );
  return Object.fromEntries(entries) as Partial<FrameAttributes>; // made of its own entries
}
