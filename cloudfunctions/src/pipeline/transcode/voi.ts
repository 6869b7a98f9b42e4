import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import type { TextOf } from '@yingyun/shared/dicom/character-set';
import type { DataSet } from '@yingyun/shared/dicom/data-set';
import { codeValue, numberValues, textValues } from '@yingyun/shared/dicom/values';

export interface Voi {
  readonly windows: FrameAttributes['voi'];
  readonly lutFunction: FrameAttributes['voiLutFunction'];
}

/**
 * Windows of the VOI LUT module (PS3.3 C.11.2): every pair of center and width that makes sense under the function. C.11.2.1.2.1:
 * LINEAR needs a width of at least 1 (1 is a step), C.11.2.1.3: the others one above 0.
 */
export function voiOf(place: DataSet, textOf: TextOf): Voi {
  const stated = codeValue(place, 0x00281056);
  const lutFunction = stated === 'LINEAR_EXACT' || stated === 'SIGMOID' ? stated : 'LINEAR';
  const centers = numberValues(place, 0x00281050);
  const widths = numberValues(place, 0x00281051);
  const explanations = textValues(place, 0x00281055, textOf);
  const windows: { center: number; width: number; explanation: string }[] = [];
  for (let i = 0; i < Math.min(centers.length, widths.length, 64); i++) {
    const [center, width] = [centers[i] ?? Number.NaN, widths[i] ?? Number.NaN];
    const isUsable = Number.isFinite(center) && (lutFunction === 'LINEAR' ? width >= 1 : width > 0);
    if (isUsable) windows.push({ center, width, explanation: explanations[i] ?? '' });
  }
  return { windows, lutFunction };
}
