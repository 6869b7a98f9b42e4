import { isProblem } from '@yingyun/shared/domain/problem';
import { expect, it } from 'vitest';
import { workerCodecs } from '../../testing/worker-codecs';
import { anyFrames } from './any-frames';

/** Rows and columns as a progressive JPEG of a few hundred bytes can claim them: one code says "32767 more empty blocks". */
const image = {
  rows: 32_000,
  columns: 32_000,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  isSigned: false,
  frameCount: 1,
  frameLength: 32_000 * 32_000,
};
const place = { offset: 0, valueOffset: 0, hasUndefinedLength: true };
const none = new Uint8Array(0);

it("decodes no frame for viewing that would take a server's memory", () => {
  const fragments = [none, Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)].map((bytes) => ({ bytes, offset: 0 }));
  const pixelData = { ...place, tag: 0x7fe00010, vr: 'OB', value: none, fragments };
  const part10 = {
    bytes: none,
    dataSet: { elements: [pixelData] },
    transferSyntaxUid: '1.2.840.10008.1.2.4.55',
    isPlainPart10: true,
  };
  const open = (rows: number) => anyFrames(part10 as never, { ...image, rows }, workerCodecs()); // a part of what a file has
  const huge = open(image.rows);
  expect(isProblem(huge) && huge.problem).toBe('dicom-unsupported');
  expect(isProblem(open(4000))).toBe(false);
});
