import { describe, expect, it } from 'vitest';
import { decodeFrame } from './decode-frame';
import { frameAttributes } from './frame-attributes';
import { voiTable } from './lookup-table';
import { overlayMask } from './overlay-mask';
import { renderFrameToRgba } from './render-frame';
import { fullRangeWindow } from './voi-window';

const noDecoders = { openJph: () => Promise.reject(new Error()), jpeg: () => Promise.reject(new Error()) };
const base64 = (...entries: number[]) => Buffer.from(Uint16Array.from(entries).buffer).toString('base64');
const table = (first: number, bits: number, ...entries: number[]) => ({
  first,
  bits,
  entriesBase64: base64(...entries),
});
const row = (...values: number[]) => new Uint8Array(Int16Array.from(values).buffer);
const image = { rows: 1, isSigned: true } as const;

describe('a modality LUT (PS3.3 C.11.1)', () => {
  it('gives its first entry below its first value, its last above, and modality values to everything behind', async () => {
    const attributes = frameAttributes(
      { common: { ...image, columns: 4, modalityLut: table(-1, 12, 100, 2000, 7) } },
      {},
    );
    const frame = await decodeFrame(noDecoders, row(-500, -1, 0, 500), attributes, 0);
    expect(frame).toMatchObject({ pixels: Uint16Array.of(100, 100, 2000, 7), storedMin: 7, storedMax: 2000 });
  });

  it('does not make tissue of padding, also where its entries fill all 16 bits', async () => {
    for (const bits of [12, 16]) {
      const common = {
        ...image,
        columns: 3,
        pixelPaddingValue: -2000,
        pixelPaddingRangeLimit: -1990,
        modalityLut: table(0, bits, 10, 40),
      };
      const attributes = frameAttributes({ common }, {});
      const frame = await decodeFrame(noDecoders, row(-1995, 0, 1), attributes, 0);
      expect(frame).toMatchObject({ storedMin: 10, storedMax: 40 });
      if (frame.kind !== 'grey') throw new Error('grey');
      const look = { window: fullRangeWindow(attributes, frame), isInverted: true };
      expect([...renderFrameToRgba(frame, attributes, look)].filter((_, i) => i % 4 === 0)).toEqual([0, 255, 0]);
    }
  });
});

describe('a VOI LUT (PS3.3 C.11.2.1.1)', () => {
  it('turns modality values into light by its own bits, clamped at both ends', async () => {
    const attributes = frameAttributes(
      { common: { ...image, columns: 5, rescaleSlope: 2, rescaleIntercept: -10 } },
      {},
    );
    const frame = await decodeFrame(noDecoders, row(0, 5, 6, 7, 500), attributes, 0);
    const look = {
      window: { center: 0, width: 1, shape: 'LINEAR' },
      voiTable: voiTable(table(0, 10, 0, 9, 1023, 9, 512)),
      isInverted: false,
    } as const;
    // Modality values -10, 0, 2, 4, 990: entries 0, 0, 1023, 512, 512 of 1023.
    const grey = [...renderFrameToRgba(frame, attributes, look)].filter((_, i) => i % 4 === 0);
    expect(grey).toEqual([0, 0, 255, 128, 128]);
  });
});

describe('an overlay mask (PS3.3 C.9.2)', () => {
  const plane = { group: 0x6000, rows: 2, columns: 3, kind: 'graphics', label: '' } as const;
  // Bits in DICOM order, lowest first: 1 0 1 / 0 1 1
  const bits = Uint8Array.of(0b110101);
  it('lays planes at their origins, counted from 1, and keeps what lies outside the image', () => {
    const mask = overlayMask([{ plane: { ...plane, row: 0, column: -1 }, bits }], { rows: 4, columns: 4 });
    expect(mask).toMatchObject({ left: -2, top: -1, columns: 3, rows: 2 });
    expect([...(mask?.bytes ?? [])]).toEqual([255, 0, 255, 0, 255, 255]);
  });
  it('lays planes over each other', () => {
    const planes = [
      { plane: { ...plane, row: 1, column: 1 }, bits },
      { plane: { ...plane, row: 2, column: 2 }, bits },
    ];
    const mask = overlayMask(planes, { rows: 4, columns: 4 });
    expect(mask).toMatchObject({ left: 0, top: 0, columns: 4, rows: 3 });
    expect([...(mask?.bytes ?? [])].map((byte) => byte / 255)).toEqual([1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1]);
  });
  it('draws no more than the image three times over, and no bits that are missing', () => {
    const huge = { ...plane, rows: 60_000, columns: 60_000, row: -30_000, column: -30_000 };
    const mask = overlayMask([{ plane: huge, bits: new Uint8Array(8).fill(255) }], { rows: 10, columns: 10 });
    expect(mask).toMatchObject({ left: -10, top: -10, columns: 30, rows: 30 });
    expect(mask?.bytes.every((byte) => byte === 0)).toBe(true);
    expect(overlayMask([{ plane: { ...plane, row: 500, column: 1 }, bits }], { rows: 4, columns: 4 })).toBeNull();
  });
});
