import { describe, expect, it } from 'vitest';
import { inDisplayOrder } from './frame-order';

type Item = ReturnType<typeof slice>;
const axial = [1, 0, 0, 0, 1, 0] as const;
const coronal = [1, 0, 0, 0, 0, -1] as const;

function slice(
  instanceNumber: number,
  position: readonly [number, number, number] | null,
  orientation: readonly number[] | null = axial,
) {
  return {
    instanceNumber,
    frameNumber: 1,
    sopInstanceUid: `1.2.${instanceNumber}`,
    imagePositionPatient: position,
    imageOrientationPatient: orientation as typeof axial | null, // six numbers
  };
}
const numbers = (items: readonly Item[]) => inDisplayOrder(items, (item) => item).map((item) => item.instanceNumber);

describe('display order', () => {
  it('follows the position along the normal where instance numbers are scrambled', () => {
    expect(numbers([slice(7, [0, 0, 30]), slice(2, [0, 0, 10]), slice(9, [0, 0, 20])])).toEqual([2, 9, 7]);
  });

  it('runs in the direction in which the scanner numbered the slices', () => {
    expect(numbers([slice(3, [0, 0, 10]), slice(1, [0, 0, 30]), slice(2, [0, 0, 20])])).toEqual([1, 2, 3]);
    expect(
      numbers([slice(1, [0, 30, 0], coronal), slice(2, [0, 10, 0], coronal), slice(3, [0, 20, 0], coronal)]),
    ).toEqual([1, 3, 2]);
  });

  it('uses instance numbers where two slices share a position, a plane differs, or geometry is missing', () => {
    expect(numbers([slice(4, [0, 0, 10]), slice(3, [0, 0, 20]), slice(2, [0, 0, 10]), slice(1, [0, 0, 20])])).toEqual([
      1, 2, 3, 4,
    ]);
    expect(numbers([slice(2, [0, 0, 1]), slice(1, [0, 0, 5]), slice(3, [0, 9, 0], coronal)])).toEqual([1, 2, 3]);
    expect(numbers([slice(2, [0, 0, 1]), slice(1, null)])).toEqual([1, 2]);
  });

  it('takes rounding of direction cosines for the same plane', () => {
    expect(numbers([slice(2, [0, 0, 2], [1, 0.0002, 0, 0, 0.9999, 0]), slice(1, [0, 0, 1])])).toEqual([1, 2]);
  });
});
