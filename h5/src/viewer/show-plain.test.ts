import type { FirstPicture } from '@yingyun/shared/contract/routes';
import type { DecodedFrame } from '@yingyun/shared/imaging/decoded-frame';
import type { FrameKey } from '@yingyun/shared/imaging/encoded-store';
import { frameAttributes } from '@yingyun/shared/imaging/frame-attributes';
import { describe, expect, it } from 'vitest';
import { showPlain } from './show-plain';

const common = { codec: 'htj2k', rows: 16, columns: 16, bitsAllocated: 16, bitsStored: 12, isSigned: true } as const;
const series = { seriesInstanceUid: '1.2.3', common, frames: [{ bands: [1, 2, 3, 4] }, { bands: [1, 2, 3, 4] }] };
// 2 x 2 samples, little endian: 1, -1, 300, 4095 (beyond 12 bits signed: the wavelet's overshoot)
const picture: FirstPicture = { seriesInstanceUid: '1.2.3', frame: 1, reduce: 3, base64: 'AQD//ywB/w8=' };

function seeded(along: FirstPicture | null, differs: object = {}) {
  const seeds: [FrameKey, DecodedFrame][] = [];
  const loader = {
    seed: (key: FrameKey, frame: DecodedFrame) => void seeds.push([key, frame]),
    attributes: () => frameAttributes({ common: { ...common, ...differs } }, {}),
  };
  showPlain(loader, { series: [series] } as unknown as Parameters<typeof showPlain>[1], along); // only what it reads
  return seeds;
}

describe('the picture that came along with the film', () => {
  it('is there to look at before anything is decoded, as a preview', () => {
    const frame = { kind: 'grey', reduce: 3, rows: 2, columns: 2, padding: null, storedMin: -1, storedMax: 2047 };
    expect(seeded(picture)).toEqual([
      [
        { series: 0, frame: 1 },
        { ...frame, pixels: new Int16Array([1, -1, 300, 2047]) },
      ],
    ]);
  });

  it('is left out where it is of another series or slice, cut short, no preview, or not plain grey', () => {
    expect(seeded(null)).toEqual([]);
    expect(seeded({ ...picture, seriesInstanceUid: '1.2.4' })).toEqual([]);
    expect(seeded({ ...picture, frame: 2 })).toEqual([]);
    expect(seeded({ ...picture, base64: 'AQD/' })).toEqual([]);
    expect(seeded({ ...picture, base64: '?' })).toEqual([]);
    expect(seeded({ ...picture, reduce: 0 })).toEqual([]);
    expect(seeded(picture, { samplesPerPixel: 3 })).toEqual([]);
  });
});
