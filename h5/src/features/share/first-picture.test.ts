import { FrameBatchReader } from '@yingyun/shared/contract/frame-batch';
import type { FirstPicture } from '@yingyun/shared/contract/routes';
import { describe, expect, it } from 'vitest';
import type { FramesRequest } from '../../viewer/viewer-contract';
import { withFirstPicture } from './first-picture';

const picture: FirstPicture = { seriesInstanceUid: '1.2.3', frame: 7, reduce: 3, base64: 'AQIDBA==' };
const sharp: FramesRequest = { series: '1.2.3', from: 7, count: 1, reduce: 0, limit: 1_048_576 };

function viewerWith(along: FirstPicture | null) {
  const asked: FramesRequest[] = [];
  const fetchFrames = withFirstPicture(async (request) => void asked.push(request), along);
  const request = (wish: FramesRequest) => {
    const reader = new FrameBatchReader();
    const records: { frame: number; from: number; bytes: number[] }[] = [];
    const onChunk = (chunk: Uint8Array) => {
      for (const { frame, from, bytes } of reader.push(chunk)) records.push({ frame, from, bytes: [...bytes] });
    };
    void fetchFrames(wish, onChunk, new AbortController().signal);
    return { records, isWhole: reader.trailer !== undefined };
  };
  return { asked, request };
}

describe('the picture that comes with an opened share', () => {
  it('is handed over before the server is asked, which then sends the rest', () => {
    const { asked, request } = viewerWith(picture);
    expect(request(sharp).records).toEqual([{ frame: 7, from: 0, bytes: [1, 2, 3, 4] }]);
    expect(asked).toEqual([{ ...sharp, have: 3 }]);
  });

  it('is all there is to a request that wants no more', () => {
    const { asked, request } = viewerWith(picture);
    expect(request({ ...sharp, reduce: 3 })).toMatchObject({ records: [{ frame: 7 }], isWhole: true });
    expect(asked).toEqual([]);
  });

  it('is for one request alone, and for no other slice, series or range', () => {
    const again = viewerWith(picture);
    again.request(sharp);
    expect(again.request(sharp).records).toEqual([]);
    expect(again.asked[1]).toEqual(sharp);
    for (const other of [
      { ...sharp, from: 6 },
      { ...sharp, series: '1.2.4' },
      { ...sharp, count: 9 },
      { ...sharp, have: 3 },
    ]) {
      const { asked, request } = viewerWith(picture);
      expect(request(other).records).toEqual([]);
      expect(asked).toEqual([other]);
    }
  });
});
