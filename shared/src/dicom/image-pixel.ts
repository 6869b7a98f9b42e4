import { type Problem, problem } from '../domain/problem';
import { type DataSet, find } from './data-set';
import { type DicomLimits, defaultLimits } from './limits';
import { codeValue, numberValue } from './values';

/** The Image Pixel module (PS3.3 C.7.6.3) as far as it says how samples lie. */
export interface ImagePixel {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly photometricInterpretation: string;
  /** 0: colour by pixel, 1: colour by plane. */
  readonly planarConfiguration: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly isSigned: boolean;
  readonly frameCount: number;
  /** Bytes of one native frame; not whole where bits are packed. */
  readonly frameLength: number;
}

/**
 * Reads the module; undefined where the data set has no pixel data of any kind. Sizes are checked before anyone allocates.
 *
 * Answers `dicom-limit-exceeded` for a size past the limits, `dicom-malformed` where rows, columns or bits make no image.
 */
export function imagePixelOf(dataSet: DataSet, limits: DicomLimits = defaultLimits): ImagePixel | Problem | undefined {
  const hasPixels = [0x7fe00010, 0x7fe00008, 0x7fe00009].some((tag) => find(dataSet, tag) !== undefined);
  if (!hasPixels) return undefined;
  const rows = numberValue(dataSet, 0x00280010) ?? 0;
  const columns = numberValue(dataSet, 0x00280011) ?? 0;
  const samplesPerPixel = numberValue(dataSet, 0x00280002) ?? 1;
  const bitsAllocated = numberValue(dataSet, 0x00280100) ?? 0;
  const bitsStored = numberValue(dataSet, 0x00280101) ?? bitsAllocated;
  const highBit = numberValue(dataSet, 0x00280102) ?? bitsStored - 1;
  const declaredFrames = numberValue(dataSet, 0x00280008) ?? 1;
  const frameCount = declaredFrames >= 1 ? Math.floor(declaredFrames) : 1;
  if (rows < 1 || columns < 1 || samplesPerPixel < 1 || samplesPerPixel > 4) {
    return problem('dicom-malformed', `${rows} × ${columns} × ${samplesPerPixel} is no image`);
  }
  if (
    bitsAllocated < 1 ||
    bitsAllocated > 64 ||
    bitsStored < 1 ||
    bitsStored > bitsAllocated ||
    highBit >= bitsAllocated
  ) {
    return problem('dicom-malformed', `bits ${bitsAllocated}/${bitsStored}/${highBit}`);
  }
  const is422 = codeValue(dataSet, 0x00280004) === 'YBR_FULL_422' && find(dataSet, 0x7fe00010)?.fragments === undefined;
  const frameLength = (rows * columns * (is422 ? 2 : samplesPerPixel) * bitsAllocated) / 8;
  if (frameCount > limits.maxFrames) return problem('dicom-limit-exceeded', `${frameCount} frames`);
  if (frameLength * frameCount > limits.maxPixelBytes) {
    return problem(
      'dicom-limit-exceeded',
      `${rows} × ${columns} × ${samplesPerPixel} × ${frameCount} frames of ${bitsAllocated} bits`,
    );
  }
  return {
    rows,
    columns,
    samplesPerPixel,
    photometricInterpretation: codeValue(dataSet, 0x00280004) || (samplesPerPixel === 1 ? 'MONOCHROME2' : 'RGB'),
    planarConfiguration: numberValue(dataSet, 0x00280006) ?? 0,
    bitsAllocated,
    bitsStored,
    highBit,
    isSigned: numberValue(dataSet, 0x00280103) === 1,
    frameCount,
    frameLength,
  };
}
