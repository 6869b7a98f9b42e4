import type { UltrasoundRegion, UltrasoundUnit } from '@yingyun/shared/contract/film-manifest';
import { type DataSet, itemsOf } from '@yingyun/shared/dicom/data-set';
import { numberValue } from '@yingyun/shared/dicom/values';

/** Physical Units X/Y Direction, PS3.3 C.8.5.5.1.15; centimetres become millimetres, so these carry a factor. */
const units: readonly (readonly [UltrasoundUnit, number])[] = [
  ['', 1],
  ['%', 1],
  ['dB', 1],
  ['mm', 10],
  ['s', 1],
  ['Hz', 1],
  ['dB/s', 1],
  ['mm/s', 10],
  ['mm²', 100],
  ['mm²/s', 100],
  ['mm³', 1000],
  ['mm³/s', 1000],
  ['°', 1],
];

/** Sequence of Ultrasound Regions (PS3.3 C.8.5.5), as recorded; regions without a place are left out. */
export function ultrasoundRegionsOf(dataSet: DataSet): readonly UltrasoundRegion[] {
  return itemsOf(dataSet, 0x00186011)
    .slice(0, 64)
    .flatMap((region) => {
      const [x0, y0, x1, y1] = [0x00186018, 0x0018601a, 0x0018601c, 0x0018601e].map((tag) => numberValue(region, tag));
      if (x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined) return [];
      const [unitX, factorX] = units[numberValue(region, 0x00186024) ?? 0] ?? (['', 1] as const);
      const [unitY, factorY] = units[numberValue(region, 0x00186026) ?? 0] ?? (['', 1] as const);
      const deltaX = (numberValue(region, 0x0018602c) ?? 0) * factorX;
      const deltaY = (numberValue(region, 0x0018602e) ?? 0) * factorY;
      return [{ x0, y0, x1, y1, unitX, unitY, deltaX, deltaY }];
    });
}
