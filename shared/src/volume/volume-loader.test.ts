import { beforeEach, describe, expect, it } from 'vitest';
import { ProblemError, problem } from '../domain/problem';
import { reducedSize } from '../imaging/decoded-frame';
import { FakeClock, FakeServer } from '../imaging/testing/fake-frames';
import { findVolumes, type VolumePlan } from './find-volumes';
import { seriesOf, stackFrames } from './testing/series-of';
import { emptyVolume, gridReduce, isDiagnostic, noSlice, volumeProgress } from './volume';
import { VolumeLoader } from './volume-loader';

// Bytes up to reduce 3, 2, 1, 0.
const bands = [1000, 3000, 9000, 25_000];
const htj2k = { codec: 'htj2k', rows: 512, columns: 512, bitsAllocated: 16, bands } as const;

let clock = new FakeClock();
let events: string[] = [];
let decoded: { frame: number; reduce: number }[] = [];

function load(
  choices: { count?: number; reduce?: number; drop?: number[]; decode?: (frame: number) => void; common?: object } = {},
) {
  const series = seriesOf(
    stackFrames({ count: choices.count ?? 40, common: { ...htj2k, ...choices.common } }).filter(
      (_, k) => !(choices.drop ?? []).includes(k),
    ),
  );
  const plan = findVolumes(series).volumes[0] as VolumePlan; // the stack is even
  const volume = emptyVolume(plan, choices.reduce ?? 0);
  const server = new FakeServer([series]);
  const loader = new VolumeLoader(
    series,
    volume,
    {
      source: server,
      clock,
      decoderCount: 2,
      decode: async (bytes, attributes, reduce) => {
        const frame = bytes[0] ?? -1; // the fake server fills a frame with its number
        expect(new Set(bytes)).toEqual(new Set([frame]));
        choices.decode?.(frame);
        decoded.push({ frame, reduce });
        const [rows, columns] = [reducedSize(attributes.rows, reduce), reducedSize(attributes.columns, reduce)];
        const pixels = new Int16Array(rows * columns).fill(frame * 10 + reduce);
        return { kind: 'grey', reduce, rows, columns, pixels, storedMin: 0, storedMax: 0, padding: null };
      },
    },
    100_000,
    {
      onSlice: () => {},
      onOver: (reason) => events.push(`over ${reason}`),
      onDamaged: (slice, code) => events.push(`damaged ${slice} ${code}`),
      onStalled: (stalled) => events.push(`stalled ${stalled}`),
    },
  );
  return { volume, server, loader, series };
}

beforeEach(() => {
  clock = new FakeClock();
  events = [];
  decoded = [];
});

describe('loading a volume', () => {
  it('brings an eighth of every slice before anything sharper, from the middle outward', async () => {
    const { volume, server } = load();
    await server.answer();
    expect(server.queries[0]).toMatchObject({ reduce: 3, from: 20, count: 40 });
    expect(server.queries[0]?.have).toBeUndefined();
    expect(decoded.slice(0, 3).map(({ frame }) => frame)).toEqual([20, 21, 19]);
    expect(volumeProgress(volume)).toEqual({ slices: 40, coarse: 40, complete: 0 });
    expect([...volume.sliceReduce]).toEqual(Array.from({ length: 40 }, () => 3));
    expect(isDiagnostic(volume)).toBe(false);
  });

  it('asks only for the missing bytes of each band, and ends with every slice as stored', async () => {
    const { volume, server } = load();
    await server.answerAll();
    expect([...new Set(server.queries.map(({ reduce, have }) => `${have ?? '-'}>${reduce}`))]).toEqual([
      '->3',
      '3>2',
      '2>0',
    ]);
    expect(server.sent).toBeLessThan(40 * 25_000 * 1.05);
    expect(isDiagnostic(volume)).toBe(true);
    expect([0, 20, 39].map((k) => volume.samples[k * 512 * 512 + 777])).toEqual([0, 200, 390]);
  });

  it('asks around the slice the eye has moved to', async () => {
    const { server, loader } = load();
    await server.answer();
    loader.focus(3); // the next request is on its way already
    await server.answer();
    expect(server.queries[2]).toMatchObject({ reduce: 0, from: 3 });
  });

  it('shows a preview of every slice before it decodes any to the end, on the fastest line', async () => {
    const { volume, server } = load();
    await server.answerAll();
    const firstSharp = decoded.findIndex(({ reduce }) => reduce === 0);
    expect(new Set(decoded.slice(0, firstSharp).map(({ frame }) => frame)).size).toBe(40);
    expect(isDiagnostic(volume)).toBe(true);
  });

  it('holds half the columns and rows on a small device, never asks for more, and is never diagnostic', async () => {
    const { volume, server } = load({ reduce: 1 });
    await server.answerAll();
    expect([volume.columns, volume.rows]).toEqual([256, 256]);
    expect(server.queries.every(({ reduce }) => reduce >= 1)).toBe(true);
    expect(volumeProgress(volume)).toEqual({ slices: 40, coarse: 40, complete: 40 });
    expect(isDiagnostic(volume)).toBe(false);
  });

  it('chooses the reduce by the bytes a device may take', () => {
    const plan = findVolumes(seriesOf(stackFrames({ count: 211, common: htj2k }))).volumes[0] as VolumePlan; // even
    expect(512 * 512 * 211 * 2).toBeGreaterThan(96e6);
    expect(gridReduce(plan, 256 * 1_048_576)).toBe(0);
    expect(gridReduce(plan, 48 * 1_048_576)).toBe(1);
    const long = findVolumes(seriesOf(stackFrames({ count: 3000, common: htj2k }))).volumes[0] as VolumePlan; // even
    expect(gridReduce(long, 48 * 1_048_576)).toBe(3);
  });

  it('leaves a missing slice empty', async () => {
    const { volume, server } = load({ drop: [7] });
    await server.answerAll();
    expect(volume.sliceReduce[7]).toBe(noSlice);
    expect(volumeProgress(volume)).toEqual({ slices: 39, coarse: 39, complete: 39 });
    // Frame 7 of the series is the eighth slice of the grid.
    expect(volume.samples[8 * 512 * 512]).toBe(70);
  });

  it('asks again after a cut line', async () => {
    const { volume, server } = load({ count: 6 });
    await server.answer(1500, 'cut');
    await clock.pass(1000);
    await server.answerAll();
    expect(isDiagnostic(volume)).toBe(true);
  });

  it('asks for damaged bytes once more, then says so and is not diagnostic', async () => {
    const { volume, server } = load({
      count: 6,
      decode: (frame) => {
        if (frame === 2) throw new ProblemError(problem('image-damaged'));
      },
    });
    await server.answerAll();
    expect(events).toEqual(['damaged 2 image-damaged']);
    expect(volume.sliceReduce[2]).toBe(noSlice);
    expect(isDiagnostic(volume)).toBe(false);
  });

  it('ends where access is lost', async () => {
    const { server } = load();
    await server.answer(0, 'access-lost');
    expect(events).toEqual(['over access-lost']);
    expect(server.open).toHaveLength(0);
  });

  it('thins frames that have no resolutions of their own', async () => {
    const { volume, server } = load({ count: 5, reduce: 2, common: { codec: 'raw', bands: [524_288] } });
    await server.answerAll();
    expect(decoded.every(({ reduce }) => reduce === 0)).toBe(true);
    expect([volume.columns, volume.samples[128 * 128 * 3 + 5]]).toEqual([128, 30]);
  });
});
