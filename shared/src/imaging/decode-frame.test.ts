import createOpenJph from '@cornerstonejs/codec-openjph';
import { describe, expect, it } from 'vitest';
import type { FrameAttributes } from '../contract/film-manifest';
import { decodeFrame, type PlatformDecoders } from './decode-frame';
import { decodeHtj2k } from './decode-htj2k';
import { reducedSize } from './decoded-frame';
import { forceRgbJpeg } from './force-rgb-jpeg';
import { bytesUpTo, coarsestReduce, frameAttributes, previewReduce, reduceOfBytes } from './frame-attributes';
import { normalisePixels } from './normalise-pixels';
import { encodeTestFrame } from './testing/encode-test-frame.mjs';

const decoders: PlatformDecoders = {
  openJph: () => createOpenJph(),
  jpeg: () => Promise.reject(new Error('no JPEG here')),
};

describe('decoding an HTJ2K frame', () => {
  const attributes = frameAttributes(
    { common: { codec: 'htj2k', rows: 100, columns: 203, bitsStored: 12, isSigned: true } },
    {},
  );
  const pixels = Int16Array.from(
    { length: 100 * 203 },
    (_, i) => (((i % 203) * 20 + Math.floor(i / 203) * 7) % 4000) - 2000,
  );

  it('gives the stored values back, and at each reduce a buffer of the right size that says what it is', async () => {
    const { bytes, bands } = await encodeTestFrame(pixels, attributes);
    for (let reduce = 0; reduce < bands.length; reduce++) {
      const frame = await decodeFrame(decoders, bytes.subarray(0, bytesUpTo({ bands }, reduce)), attributes, reduce);
      expect([frame.reduce, frame.rows, frame.columns]).toEqual([
        reduce,
        reducedSize(100, reduce),
        reducedSize(203, reduce),
      ]);
      if (reduce === 0) expect(frame.kind === 'grey' && frame.pixels).toEqual(pixels);
    }
  });

  it('keeps a low-pass sample where it stood: sample k of reduce r lies over pixel k * 2^r', async () => {
    const ramp = Int16Array.from({ length: 100 * 203 }, (_, i) => (i % 203) * 8);
    const { bytes, bands } = await encodeTestFrame(ramp, attributes);
    const frame = await decodeFrame(decoders, bytes.subarray(0, bytesUpTo({ bands }, 2)), attributes, 2);
    if (frame.kind !== 'grey') throw new Error('grey expected');
    for (let k = 4; k < 40; k++) expect(Math.abs((frame.pixels[50 * 0 + k] ?? 0) - k * 4 * 8)).toBeLessThanOrEqual(2);
  });

  it('refuses a stream of another size, damaged bytes and noise, never the previous picture', async () => {
    const { bytes } = await encodeTestFrame(pixels, attributes);
    await decodeFrame(decoders, bytes, attributes, 0);
    await expect(decodeFrame(decoders, bytes, { ...attributes, rows: 101 }, 0)).rejects.toThrow('image-damaged');
    await expect(decodeFrame(decoders, bytes, { ...attributes, samplesPerPixel: 3 }, 0)).rejects.toThrow(
      'image-damaged',
    );
    const broken = bytes.slice();
    broken.fill(0x55, 0, 60);
    await expect(decodeFrame(decoders, broken, attributes, 0)).rejects.toThrow('image-damaged');
    await expect(decodeFrame(decoders, new Uint8Array(500), attributes, 0)).rejects.toThrow('image-damaged');
    await expect(decodeFrame(decoders, bytes, attributes, 9)).rejects.toThrow('image-damaged');
  });

  it('makes one decoder an image and deletes it, also when it throws', async () => {
    const module = await createOpenJph();
    const { bytes } = await encodeTestFrame(pixels, attributes);
    let made = 0;
    let deleted = 0;
    const counting = {
      HTJ2KDecoder: class {
        constructor() {
          made++;
          const decoder = new module.HTJ2KDecoder();
          const free = decoder.delete.bind(decoder);
          decoder.delete = () => {
            deleted++;
            free();
          };
          // biome-ignore lint/correctness/noConstructorReturn: stands in for the embind class
          return decoder;
        }
      },
    };
    decodeHtj2k(counting as never, bytes, attributes, 0); // the counting class stands in for the module
    expect(() => decodeHtj2k(counting as never, new Uint8Array(100), attributes, 0)).toThrow();
    expect([made, deleted]).toEqual([2, 2]);
  });

  it('gives 8-bit colour back', async () => {
    const rgb = frameAttributes(
      {
        common: {
          codec: 'htj2k',
          rows: 64,
          columns: 96,
          samplesPerPixel: 3,
          bitsAllocated: 8,
          bitsStored: 8,
          photometricInterpretation: 'RGB',
        },
      },
      {},
    );
    const samples = Uint8Array.from({ length: 64 * 96 * 3 }, (_, i) => (i * 37) & 255);
    const { bytes } = await encodeTestFrame(samples, rgb);
    const frame = await decodeFrame(decoders, bytes, rgb, 0);
    if (frame.kind !== 'colour') throw new Error('colour expected');
    expect(Array.from(frame.rgba.subarray(0, 8))).toEqual([
      samples[0],
      samples[1],
      samples[2],
      255,
      samples[3],
      samples[4],
      samples[5],
      255,
    ]);
  });
});

describe('raw frames', () => {
  const raw = (changes: Partial<FrameAttributes>) =>
    frameAttributes({ common: { codec: 'raw', rows: 1, columns: 4, ...changes } }, {});
  it('refuses a frame shorter than its attributes say, and sizes beyond any image', async () => {
    await expect(decodeFrame(decoders, new Uint8Array(7), raw({}), 0)).rejects.toThrow('image-damaged');
    await expect(decodeFrame(decoders, new Uint8Array(7), raw({ rows: 60_000, columns: 60_000 }), 0)).rejects.toThrow(
      'dicom-limit-exceeded',
    );
  });
  it('reads bytes that start at an odd offset, and leaves them as they were', async () => {
    const bytes = Uint8Array.of(9, 1, 0xf0, 2, 0xf0, 3, 0, 4, 0).subarray(1);
    const frame = await decodeFrame(decoders, bytes, raw({ bitsStored: 12 }), 0);
    expect(frame.kind === 'grey' && Array.from(frame.pixels)).toEqual([1, 2, 3, 4]);
    expect(bytes[1]).toBe(0xf0);
  });
  it('spreads native YBR_FULL_422 and turns it to RGB (grey where Cb = Cr = 128, PS3.3 C.7.6.3.1.2)', async () => {
    const attributes = raw({
      samplesPerPixel: 3,
      bitsAllocated: 8,
      bitsStored: 8,
      photometricInterpretation: 'YBR_FULL_422',
    });
    const frame = await decodeFrame(decoders, Uint8Array.of(10, 20, 128, 128, 76, 76, 85, 255), attributes, 0);
    if (frame.kind !== 'colour') throw new Error('colour expected');
    // pure red is Y 76, Cb 85, Cr 255 by the standard's own equations
    expect(Array.from(frame.rgba)).toEqual([10, 10, 10, 255, 20, 20, 20, 255, 254, 0, 0, 255, 254, 0, 0, 255]);
  });
  it('maps palette indices outside the table to its ends', async () => {
    const rgbBase64 = Buffer.from([1, 2, 3, 4, 5, 6]).toString('base64');
    const attributes = raw({
      bitsAllocated: 8,
      bitsStored: 8,
      photometricInterpretation: 'PALETTE COLOR',
      palette: { first: 10, rgbBase64 },
    });
    const frame = await decodeFrame(decoders, Uint8Array.of(0, 10, 11, 255), attributes, 0);
    if (frame.kind !== 'colour') throw new Error('colour expected');
    expect(Array.from(frame.rgba)).toEqual([1, 2, 3, 255, 1, 2, 3, 255, 4, 5, 6, 255, 4, 5, 6, 255]);
  });
});

describe('cleaning samples', () => {
  it('drops bits above BitsStored and takes the sign from there (PS3.5 8.1.1)', () => {
    const format = {
      bitsAllocated: 16,
      bitsStored: 12,
      isSigned: true,
      pixelPaddingValue: null,
      pixelPaddingRangeLimit: null,
    } as const;
    expect(Array.from(normalisePixels(Uint16Array.of(0x0fff, 0xf001, 0x0800, 0x07ff), format, 0))).toEqual([
      -1, 1, -2048, 2047,
    ]);
  });
  it('keeps padding that lies outside BitsStored', () => {
    const format = {
      bitsAllocated: 16,
      bitsStored: 12,
      isSigned: false,
      pixelPaddingValue: 63_536,
      pixelPaddingRangeLimit: null,
    } as const;
    expect(Array.from(normalisePixels(Uint16Array.of(63_536, 0xf005), format, 0))).toEqual([63_536, 5]);
  });
  it('clamps the overshoot of a coarse buffer instead of wrapping white to black', () => {
    const format = {
      bitsAllocated: 16,
      bitsStored: 12,
      isSigned: false,
      pixelPaddingValue: null,
      pixelPaddingRangeLimit: null,
    } as const;
    expect(Array.from(normalisePixels(Uint16Array.of(4100, 12), format, 3))).toEqual([4095, 12]);
  });
  it('reads signed 8 bit as signed', () => {
    const format = {
      bitsAllocated: 8,
      bitsStored: 8,
      isSigned: true,
      pixelPaddingValue: null,
      pixelPaddingRangeLimit: null,
    } as const;
    expect(Array.from(normalisePixels(Uint8Array.of(255, 127), format, 0))).toEqual([-1, 127]);
  });
});

describe('bands', () => {
  const attributes = frameAttributes({ common: { codec: 'htj2k', rows: 512, columns: 512 } }, {});
  const frame = { bands: [10, 20, 30, 40, 50, 60] };
  it('say how many bytes a reduce needs and what given bytes can show', () => {
    expect([0, 1, 5, 9].map((reduce) => bytesUpTo(frame, reduce))).toEqual([60, 50, 10, 10]);
    expect([0, 9, 10, 45, 60].map((count) => reduceOfBytes(attributes, frame, count))).toEqual([null, null, 5, 2, 0]);
  });
  it('give a preview of an eighth, less for small images, none for palettes and one-band frames', () => {
    expect(previewReduce(attributes, frame)).toBe(3);
    expect(previewReduce({ ...attributes, rows: 192, columns: 192 }, frame)).toBe(1);
    expect(coarsestReduce({ ...attributes, photometricInterpretation: 'PALETTE COLOR' }, frame)).toBe(0);
    expect(previewReduce(attributes, { bands: [60] })).toBe(0);
  });
});

it('marks an RGB JPEG so that no decoder guesses YCbCr', () => {
  const jfif = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xdb, 0, 3, 9, 0xff, 0xda, 0, 2, 7, 0xff, 0xd9);
  const out = forceRgbJpeg(jfif);
  expect(Buffer.from(out).toString('hex')).toBe(
    'ffd8ffee000e41646f62650064000000000' + '0' + 'ffdb000309ffda000207ffd9',
  );
});
