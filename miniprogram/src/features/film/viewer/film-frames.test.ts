import { deflateSync } from 'node:zlib';
import {
  encodeFrameRecordHead,
  encodeFrameTrailer,
  FrameBatchReader,
  type FrameRecord,
} from '@yingyun/shared/contract/frame-batch';
import { describe, expect, it } from 'vitest';
import { ownAccess } from '../film-access';
import { filmFrames, filmOverlays } from './film-frames';

const film = { filmId: '7f6d0c1e-0000-4000-8000-000000000001', revision: '0123456789abcdef' };
const query = { series: '1.2.3', reduce: 3, from: 12, count: 0, limit: 65_536 };

function source(answers: { status: number; code?: string; body?: Uint8Array }[], isPlain = false) {
  const refused: string[] = [];
  const paths: string[] = [];
  const access = ownAccess({ token: async () => 'token', refused: (old) => void refused.push(old) }, film.filmId);
  const frames = filmFrames(
    access,
    (path, _token, onChunk) => {
      paths.push(path);
      const answer = answers.shift() ?? { status: 200 };
      // In pieces, as a line brings it.
      for (let at = 0; at < (answer.body?.length ?? 0); at += 7)
        onChunk(answer.body?.subarray(at, at + 7) ?? new Uint8Array(0));
      return { done: Promise.resolve({ status: answer.status, code: answer.code ?? '' }), abort: () => {} };
    },
    film.revision,
    () => isPlain,
  );
  const reader = new FrameBatchReader();
  const records: FrameRecord[] = [];
  const ask = () => frames.fetch(query, (chunk) => void records.push(...reader.push(chunk))).done;
  return { ask, refused, paths, records, reader };
}

describe('asking for frames', () => {
  it('names the film and its revision, and never the token, in the address', async () => {
    const { ask, paths } = source([]);
    expect(await ask()).toBe('complete');
    expect(paths).toEqual([
      `/api/patient/films/${film.filmId}/frames?series=1.2.3&reduce=3&from=12&count=0&limit=65536&revision=${film.revision}`,
    ]);
  });

  it('renews a refused token once, and gives up at the second refusal', async () => {
    const { ask, refused } = source([{ status: 401 }, { status: 401 }]);
    expect([await ask(), await ask()]).toEqual(['cut', 'access-lost']);
    expect(refused).toEqual(['token', 'token']);
  });

  it('forgives a refusal after which all was well', async () => {
    const { ask } = source([{ status: 401 }, { status: 200 }, { status: 401 }]);
    expect([await ask(), await ask(), await ask()]).toEqual(['cut', 'complete', 'cut']);
  });

  it.each([
    [0, '', 'cut'],
    [503, 'storage-unavailable', 'cut'],
    [429, 'too-many-requests', 'cut'],
    [404, 'not-found', 'access-lost'],
    [409, 'film-changed', 'film-changed'],
  ])('takes %i %s for %s', async (status, code, outcome) => {
    expect(await source([{ status, code }]).ask()).toBe(outcome);
  });
});

describe('asking for plain samples', () => {
  const samples = Uint8Array.from({ length: 300 }, (_, i) => i % 7);
  const body = (packed: Uint8Array) =>
    Uint8Array.of(...encodeFrameRecordHead(12, 64, packed.length), ...packed, ...encodeFrameTrailer('9'));

  it('inflates every record and keeps its place and the cursor', async () => {
    const { ask, paths, records, reader } = source([{ status: 200, body: body(deflateSync(samples)) }], true);
    expect(await ask()).toBe('complete');
    expect(paths[0]).toContain('&format=deflate');
    expect(records).toEqual([{ frame: 12, from: 64, bytes: samples }]);
    expect(reader.trailer).toEqual({ cursor: '9' });
  });

  it('hands nothing over of a record that does not inflate, nor the end of its batch', async () => {
    const { ask, records, reader } = source([{ status: 200, body: body(samples) }], true);
    await ask();
    expect([records, reader.trailer]).toEqual([[], undefined]);
  });
});

describe('asking for an overlay', () => {
  const access = ownAccess({ token: async () => 'token', refused: () => {} }, film.filmId);

  it('joins what arrives in pieces, and names group and frame', async () => {
    const asked: string[] = [];
    const fetchPlane = filmOverlays(access, (path, _token, onChunk) => {
      asked.push(path);
      onChunk(Uint8Array.of(1, 2));
      onChunk(Uint8Array.of(3));
      return { done: Promise.resolve({ status: 200, code: '' }), abort: () => {} };
    });
    expect(await fetchPlane({ sopInstanceUid: '1.2.3', group: 0x6002, frame: 4 })).toEqual(Uint8Array.of(1, 2, 3));
    expect(asked).toEqual([`/api/patient/films/${film.filmId}/overlays/1.2.3/24578?frame=4`]);
  });

  it('rejects where the server has none', async () => {
    const fetchPlane = filmOverlays(access, () => ({
      done: Promise.resolve({ status: 404, code: 'not-found' }),
      abort: () => {},
    }));
    await expect(fetchPlane({ sopInstanceUid: '1.2.3', group: 0x6000, frame: 1 })).rejects.toThrow('404');
  });
});
