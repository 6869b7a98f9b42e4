import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import { type DataSet, find, itemsOf } from '@yingyun/shared/dicom/data-set';
import { codeValue, numberValue, numberValues } from '@yingyun/shared/dicom/values';

export interface Spacing {
  readonly pixelSpacing: FrameAttributes['pixelSpacing'];
  readonly source: FrameAttributes['pixelSpacingSource'];
}

const none: Spacing = { pixelSpacing: null, source: 'none' };

/**
 * Millimetres between rows and columns, and what they measure (PS3.3 10.7.1.3): 'patient' where they hold in the patient, 'imager'
 * where they hold at the detector and anatomy is magnified, 'region' where they come from an ultrasound region calibration.
 * `measures` is where (0028,0030) stands: the data set, or a functional group.
 */
export function pixelSpacingOf(dataSet: DataSet, measures: DataSet): Spacing {
  const spacing = pair(numberValues(measures, 0x00280030));
  const imager = pair(numberValues(dataSet, 0x00181164)) ?? pair(numberValues(dataSet, 0x00182010));
  if (spacing !== null)
    return { pixelSpacing: spacing, source: isOfPatient(dataSet, spacing, imager) ? 'patient' : 'imager' };
  if (imager !== null) return { pixelSpacing: imager, source: 'imager' };
  return regionSpacing(dataSet);
}

function isOfPatient(
  dataSet: DataSet,
  spacing: readonly [number, number],
  imager: readonly [number, number] | null,
): boolean {
  switch (codeValue(dataSet, 0x00080060)) {
    case 'CR':
    case 'DX':
    case 'MG':
    case 'XA':
    case 'RF':
    case 'PX':
    case 'IO':
    case 'RG':
    case 'OT':
    case 'SC': {
      // Projections: PixelSpacing speaks of the patient only where it says it was calibrated, or differs from the detector's.
      const isCalibrated = codeValue(dataSet, 0x00280a02) !== '';
      const differs = imager !== null && (spacing[0] !== imager[0] || spacing[1] !== imager[1]);
      return isCalibrated || differs;
    }
    default:
      return true;
  }
}

/** PS3.3 C.8.5.5: one two-dimensional region in centimetres, or several that agree. Regions that differ can't stand for the image. */
function regionSpacing(dataSet: DataSet): Spacing {
  const regions = itemsOf(dataSet, 0x00186011).filter((region) => {
    const isTwoDimensional = numberValue(region, 0x00186012) === 1;
    const isInCentimetres = numberValue(region, 0x00186024) === 3 && numberValue(region, 0x00186026) === 3;
    return isTwoDimensional && isInCentimetres && find(region, 0x0018602c) !== undefined;
  });
  const spacings = regions.map((region) => {
    const column = Math.abs(numberValue(region, 0x0018602c) ?? 0) * 10;
    return pair([Math.abs(numberValue(region, 0x0018602e) ?? 0) * 10, column]);
  });
  const first = spacings[0];
  if (first === undefined || first === null) return none;
  const isOne = spacings.every((other) => other !== null && other[0] === first[0] && other[1] === first[1]);
  return isOne ? { pixelSpacing: first, source: 'region' } : none;
}

function pair(values: readonly number[]): readonly [number, number] | null {
  const [row, column] = [values[0] ?? 0, values[1] ?? values[0] ?? 0];
  return row > 0 && column > 0 && Number.isFinite(row) && Number.isFinite(column) ? [row, column] : null;
}
