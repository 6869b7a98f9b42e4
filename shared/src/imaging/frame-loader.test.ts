import { beforeEach, describe, expect, it } from 'vitest';
import type { FrameAttributes, SeriesManifest } from '../contract/film-manifest';
import { ProblemError, problem } from '../domain/problem';
import { type DecodedFrame, decodedBytes, reducedSize } from './decoded-frame';
import type { FrameKey } from './encoded-store';
import { FrameLoader } from './frame-loader';
import type { LoaderLimits } from './loader-plan';
import { FakeClock, FakeServer } from './testing/fake-frames';

const bands = [2000, 4000, 8000, 20_000, 60_000, 130_000];
const series = (
  uid: string,
  count: number,
  one: { bands?: number[]; common?: Partial<FrameAttributes> } = {},
): SeriesManifest => ({
  seriesInstanceUid: uid,
  seriesNumber: 1,
  modality: 'CT',
  description: '',
  frameTimeMs: null,
  windowPresets: [],
  withoutImage: [],
  common: { codec: 'htj2k', rows: 512, columns: 512, bitsAllocated: 16, ...one.common },
  frames: Array.from({ length: count }, () => ({ bands: one.bands ?? bands })),
});
const limits: LoaderLimits = { decodedBytes: 96e6, encodedBytes: 64e6, batchBytes: 262_144, sharpenRadius: 20 };

let events: string[] = [];
let clock = new FakeClock();
let decoded: { key: string; reduce: number }[] = [];

function loaderOf(film: SeriesManifest[], changes: Partial<LoaderLimits> = {}, decode?: (bytes: Uint8Array) => void) {
  const server = new FakeServer(film);
  const loader = new FrameLoader(
    film,
    {
      source: server,
      clock,
      decoderCount: 2,
      decode: async (bytes, attributes, reduce) => {
        // The bytes must be this frame's own, complete to the band, and nothing beyond it.
        const ends = film.flatMap((one) => one.frames[0]?.bands ?? []);
        if (!ends.includes(bytes.length)) throw new Error(`cut at ${bytes.length}, off any band`);
        if (bytes[0] !== bytes.at(-1)) throw new Error('bytes of two frames');
        decode?.(bytes);
        decoded.push({ key: String(bytes[0]), reduce });
        const rows = reducedSize(attributes.rows, reduce);
        const columns = reducedSize(attributes.columns, reduce);
        return {
          kind: 'grey',
          reduce,
          rows,
          columns,
          pixels: new Int16Array(rows * columns),
          storedMin: 0,
          storedMax: 0,
          padding: null,
        } satisfies DecodedFrame;
      },
    },
    { ...limits, ...changes },
    {
      onFrame: (key, frame) => events.push(`frame ${key.series}/${key.frame} reduce ${frame.reduce}`),
      onProgress: () => {},
      onOver: (reason) => events.push(`over ${reason}`),
      onDamaged: (key, code) => events.push(`damaged ${key.frame} ${code}`),
      onStalled: (stalled) => events.push(`stalled ${stalled}`),
    },
  );
  return { loader, server };
}

const at = (frame: number, seriesIndex = 0): FrameKey => ({ series: seriesIndex, frame });

beforeEach(() => {
  events = [];
  decoded = [];
  clock = new FakeClock();
});

describe('the frame loader', () => {
  it('asks for the slice on screen alone first, then the previews of the whole series centre-out, then sharpens around it', async () => {
    const { loader, server } = loaderOf([series('1.1', 211)]);
    loader.focus(at(105));
    expect(server.queries).toEqual([{ series: '1.1', reduce: 0, from: 105, count: 1, limit: 262_144 }]);
    await server.answer();
    expect(events).toEqual(['frame 0/105 reduce 0']);
    // One range around the eye; the held slice in its middle costs less than another round trip.
    expect(server.queries[1]).toMatchObject({ reduce: 3, from: 105 });
    await server.answerAll();
    const reduces = server.queries.map((query) => query.reduce);
    expect(reduces.slice(1)).toEqual([...reduces.slice(1)].sort((a, b) => b - a));
    expect(loader.progress()).toEqual({ frames: 211, preview: 211, sharp: 41 });
    expect(loader.frame(at(105))?.reduce).toBe(0);
    expect(loader.frame(at(0))?.reduce).toBe(3);
  });

  it('shows a large slice coarse first', async () => {
    const big = [20_000, 60_000, 160_000, 500_000, 1_300_000, 4_000_000];
    const { loader, server } = loaderOf([series('1.1', 1, { bands: big, common: { rows: 3000, columns: 2400 } })]);
    loader.focus(at(0));
    await server.answerAll();
    expect(server.queries.map((query) => [query.reduce, query.have])).toEqual([
      [3, undefined],
      [1, 3],
      [0, 1],
    ]);
    expect(events).toEqual(['frame 0/0 reduce 3', 'frame 0/0 reduce 1', 'frame 0/0 reduce 0']);
  });

  it('never receives a byte of a slice twice but for the few that save a round trip', async () => {
    const film = [series('1.1', 60)];
    const { loader, server } = loaderOf(film, { sharpenRadius: 1000 });
    loader.focus(at(20));
    await server.answerAll();
    expect(loader.progress().sharp).toBe(60);
    expect(server.sent).toBeLessThan(60 * 130_000 * 1.03);
    expect(server.queries.filter((query) => query.have !== undefined).length).toBeGreaterThan(10);
  });

  it('aborts and aims again when the user scrolls on, and keeps what had arrived', async () => {
    const { loader, server } = loaderOf([series('1.1', 100)]);
    loader.focus(at(50));
    clock.now = 1000;
    loader.focus(at(53));
    expect(server.open[0]?.isAborted).toBe(true);
    expect(server.queries.at(-1)).toMatchObject({ reduce: 0, from: 53, count: 1 });
    await server.answer();
    expect(loader.frame(at(53))?.reduce).toBe(0);
    expect(loader.frame(at(50))).toBeNull();
  });

  it('does not sharpen slices the user flies past, and does once the scroll rests', async () => {
    const { loader, server } = loaderOf([series('1.1', 100)], { sharpenRadius: 0 });
    loader.focus(at(50));
    await server.answerAll();
    const before = server.queries.length;
    for (let i = 1; i <= 20; i++) {
      clock.now += 16;
      loader.focus(at(50 + i));
    }
    expect(server.queries.slice(before).filter((query) => query.reduce === 0 && query.from !== 51)).toEqual([]);
    await clock.pass(200);
    expect(server.queries.at(-1)).toMatchObject({ reduce: 0, from: 70, count: 1 });
  });

  it('lets sharpening give way to the slice that is scrolled to', async () => {
    const { loader, server } = loaderOf([series('1.1', 100)]);
    loader.focus(at(50));
    await server.answer();
    while ((server.open[0]?.query.reduce ?? 0) > 0) await server.answer();
    const sharpening = server.open[0];
    clock.now = 5000;
    loader.focus(at(90));
    expect(sharpening?.isAborted).toBe(true);
    await server.answer();
    expect(loader.frame(at(90))?.reduce).toBe(0);
  });

  it('asks again after a cut stream, later each time, keeping complete records, and says that the line is bad', async () => {
    const { loader, server } = loaderOf([series('1.1', 1)]);
    loader.focus(at(0));
    await server.answer(50_000);
    expect(server.open).toHaveLength(0);
    expect(clock.timers).toHaveLength(1);
    await clock.pass(400);
    await server.answer(0, 'cut');
    await clock.pass(400);
    expect(server.open).toHaveLength(0); // the second pause is longer
    await clock.pass(800);
    await server.answer();
    expect(events).toEqual(['stalled true', 'stalled false', 'frame 0/0 reduce 0']);
  });

  it('stops saying so once bytes come in either lane, or nothing is wanted any more', async () => {
    const { loader, server } = loaderOf([series('1.1', 40)], { sharpenRadius: 0 });
    loader.focus(at(20));
    await server.answerAll();
    clock.now = 1000;
    loader.focus(at(30));
    await server.answer(0, 'cut');
    await clock.pass(400);
    await server.answer(0, 'cut');
    await clock.pass(800);
    const stalls = () => events.filter((event) => event.startsWith('stalled'));
    expect(stalls()).toEqual(['stalled true']);
    clock.now += 1000;
    loader.focus(at(20)); // sharp already: nothing is wanted
    expect(stalls()).toEqual(['stalled true', 'stalled false']);
    clock.now += 1000;
    loader.focus(at(31));
    await server.answerAll();
    expect(loader.frame(at(31))?.reduce).toBe(0);
    expect(stalls()).toHaveLength(2);
  });

  it('counts a body without its trailer as cut, even where the transport calls it complete', async () => {
    const { loader, server } = loaderOf([series('1.1', 3)]);
    loader.focus(at(1));
    const query = server.queries[0];
    expect(query?.count).toBe(1);
    await server.answer(130_012); // the record is whole, the trailer is missing
    expect(loader.frame(at(1))?.reduce).toBe(0);
    expect(clock.timers).toHaveLength(1);
  });

  it('forgets everything when access is lost, and asks never again', async () => {
    const { loader, server } = loaderOf([series('1.1', 50)]);
    loader.focus(at(25));
    await server.answer();
    await server.answer(0, 'access-lost');
    expect(events.at(-1)).toBe('over access-lost');
    expect(loader.memory()).toEqual({ encoded: 0, decoded: 0 });
    expect(loader.frame(at(25))).toBeNull();
    const before = server.queries.length;
    loader.focus(at(3));
    await clock.pass(60_000);
    expect(server.queries).toHaveLength(before);
  });

  it('stops where late images have changed what frame numbers mean', async () => {
    const { loader, server } = loaderOf([series('1.1', 5)]);
    loader.focus(at(2));
    await server.answer(0, 'film-changed');
    expect(events).toEqual(['over film-changed']);
    expect(loader.memory().encoded).toBe(0);
  });

  it('asks once more for a damaged slice, then gives it up and shows the others', async () => {
    const { loader, server } = loaderOf([series('1.1', 3)], {}, (bytes) => {
      if (bytes[0] === 1) throw new ProblemError(problem('image-damaged'));
    });
    loader.focus(at(1));
    await server.answerAll();
    expect(events.filter((event) => event.startsWith('damaged'))).toEqual(['damaged 1 image-damaged']);
    expect(loader.frame(at(0))).not.toBeNull();
    expect(loader.frame(at(2))).not.toBeNull();
    expect(server.queries.filter((query) => query.count === 1 && query.from === 1 && query.reduce === 0)).toHaveLength(
      2,
    );
  });

  it('fetches other series for their thumbnails, and all of one once it is looked at', async () => {
    const { loader, server } = loaderOf([series('1.1', 20), series('1.2', 30)]);
    loader.focus(at(10));
    await server.answerAll();
    expect(server.queries.filter((query) => query.series === '1.2')).toEqual([
      { series: '1.2', reduce: 3, from: 15, count: 1, limit: 262_144 },
    ]);
    expect(loader.frame(at(15, 1))?.reduce).toBe(3);
    clock.now = 1000;
    loader.focus(at(15, 1));
    await server.answerAll();
    expect(loader.progress()).toMatchObject({ frames: 30, preview: 30 });
  });
});

describe('the memory contract', () => {
  it('3000 slices stay under both caps wherever the eye goes, and the slice on screen is always sharp', async () => {
    const caps = { decodedBytes: 12_000_000, encodedBytes: 20_000_000, batchBytes: 1_048_576 };
    const { loader, server } = loaderOf([series('1.1', 3000)], caps);
    for (const frame of [1500, 1501, 0, 2999, 1700]) {
      clock.now += 1000;
      loader.focus(at(frame));
      await server.answerAll();
      expect(loader.frame(at(frame))?.reduce).toBe(0);
      expect(loader.memory().encoded).toBeLessThanOrEqual(caps.encodedBytes);
      expect(loader.memory().decoded).toBeLessThanOrEqual(caps.decodedBytes);
    }
    // 24 MB of previews into six tenths of 18 MB: the nearest 1350.
    expect(loader.progress().preview).toBeGreaterThan(1300);
  });

  it('comes to rest where even the previews burst the cap: no asking, evicting and asking again', async () => {
    const { loader, server } = loaderOf([series('1.1', 400, { bands: [200_000] })], {
      encodedBytes: 5_000_000,
      batchBytes: 1_048_576,
    });
    loader.focus(at(200));
    await server.answerAll();
    expect(loader.memory().encoded).toBeLessThanOrEqual(5_000_000);
    expect(server.sent).toBeLessThan(6_500_000);
  });

  it('shows a giant at the resolution that fits instead of crashing', async () => {
    const { loader, server } = loaderOf([series('1.1', 1, { common: { rows: 8192, columns: 8192 } })], {
      decodedBytes: 40_000_000,
    });
    loader.focus(at(0));
    await server.answerAll();
    const frame = loader.frame(at(0));
    expect(frame?.reduce).toBe(1);
    expect(frame === null ? 0 : decodedBytes(frame)).toBeLessThanOrEqual(40_000_000);
    expect(server.queries.every((query) => query.reduce >= 1)).toBe(true);
  });
});
