import type { DataSet, DicomElement } from '@yingyun/shared/dicom/data-set';
import { describe, expect, it } from 'vitest';
import type { AnyFrames } from './any-frames';
import { overlaysOf } from './overlay-planes';

const noText = () => '';
const us = (tag: number, value: number): DicomElement => {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, value, true);
  return { tag, vr: 'US', value: bytes, offset: 0, valueOffset: 0, hasUndefinedLength: false };
};
const image = {
  rows: 2,
  columns: 4,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  isSigned: false,
  frameCount: 3,
  frameLength: 16,
};

/** Planes in bits 12 … 15, one group each (PS3.3 C.9.2, as it was before 2004). */
function inPixels(positions: readonly number[]): DataSet {
  const elements = positions.flatMap((position, i) => {
    const group = (0x6000 + 2 * i) * 0x10000;
    return [us(group + 0x10, 2), us(group + 0x11, 4), us(group + 0x102, position)];
  });
  return { elements };
}

describe('overlay planes in the upper bits of pixels', () => {
  const samples = Uint16Array.of(0x1fff, 0x2000, 0x3000, 0x0fff, 0x1000, 0x4000, 0x7000, 0x0000);

  it('are lifted out bit by bit, and each frame is decoded once however many they are', async () => {
    const asked: number[] = [];
    const frames: AnyFrames = async (index) => {
      asked.push(index);
      return { samples };
    };
    const overlays = await overlaysOf(inPixels([12, 13, 14, 15]), image, frames, noText);
    expect(asked).toEqual([0, 1, 2]);
    // Pixels 0, 2, 4, 6 have bit 12; 1, 2, 6 bit 13; 5, 6 bit 14; none bit 15.
    expect(overlays.map(({ plane, frames: bits }) => [plane.group, bits.map((frame) => [...frame])])).toEqual([
      [0x6000, [[0b0101_0101], [0b0101_0101], [0b0101_0101]]],
      [0x6002, [[0b0100_0110], [0b0100_0110], [0b0100_0110]]],
      [0x6004, [[0b0110_0000], [0b0110_0000], [0b0110_0000]]],
    ]);
  });

  it('are none where they claim a bit of the image itself', async () => {
    expect(await overlaysOf(inPixels([11, 0]), image, async () => ({ samples }), noText)).toEqual([]);
  });

  it('are not looked for beyond what a viewer could be given', async () => {
    const huge = { ...image, rows: 40_000, columns: 40_000, frameCount: 3 };
    const elements = [us(0x60000010, 40_000), us(0x60000011, 40_000), us(0x60000102, 15)];
    const frames: AnyFrames = async () => {
      throw new Error('nobody may ask');
    };
    expect(await overlaysOf({ elements }, huge, frames, noText)).toEqual([]);
  });
});
