import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centreOut, type FramesQuery, planFrames } from './plan-frames';

const all: FramesQuery = { reduce: 0, from: 0, count: 0, have: undefined, cursor: undefined, limit: 4_194_304 };
const three = [10, 40, 100];

describe('the order of frames', () => {
  it('goes from the slice on screen outwards, then on alone where one side has ended', () => {
    expect([0, 1, 2, 3, 4, 5].map((k) => centreOut(k, 2, 6))).toEqual([2, 3, 1, 4, 0, 5]);
    expect([0, 1, 2, 3].map((k) => centreOut(k, 0, 4))).toEqual([0, 1, 2, 3]);
    expect([0, 1, 2, 3].map((k) => centreOut(k, 3, 4))).toEqual([3, 2, 1, 0]);
  });

  it('names every frame once, whatever the start', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(59), (total, wish) => {
        const from = Math.min(wish, total - 1);
        const order = Array.from({ length: total }, (_, k) => centreOut(k, from, total));
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, k) => k));
        for (let k = 1; k < total; k++) {
          expect(Math.abs((order[k] ?? 0) - from)).toBeGreaterThanOrEqual(Math.abs((order[k - 1] ?? 0) - from));
        }
      }),
    );
  });
});

describe('the plan of a batch', () => {
  it('takes the bytes between what is held and what is wanted', () => {
    expect(planFrames([three], { ...all, reduce: 2 }).pieces).toEqual([{ frame: 0, from: 0, length: 10 }]);
    expect(planFrames([three], { ...all, reduce: 0, have: 2 }).pieces).toEqual([{ frame: 0, from: 10, length: 90 }]);
    expect(planFrames([three], { ...all, reduce: 1, have: 1 }).pieces).toEqual([]);
    expect(planFrames([three], { ...all, reduce: 6 }).pieces).toEqual([{ frame: 0, from: 0, length: 10 }]);
  });

  it('sends a frame that is not progressive whole, and only once', () => {
    expect(planFrames([[500]], { ...all, reduce: 3 }).pieces).toEqual([{ frame: 0, from: 0, length: 500 }]);
    expect(planFrames([[500]], { ...all, reduce: 0, have: 3 })).toEqual({ pieces: [], cursor: '' });
  });

  it('sends one slice alone as its coarse band and then the rest, where the rest is long', () => {
    const bands = [5_000, 20_000, 60_000, 200_000];
    const alone = { ...all, from: 0, count: 1 };
    expect(planFrames([bands], alone).pieces).toEqual([
      { frame: 0, from: 0, length: 5_000 },
      { frame: 0, from: 5_000, length: 195_000 },
    ]);
    expect(planFrames([bands], { ...alone, have: 3 }).pieces).toEqual([{ frame: 0, from: 5_000, length: 195_000 }]);
    expect(planFrames([bands], { ...alone, reduce: 1 }).pieces).toEqual([{ frame: 0, from: 0, length: 60_000 }]);
    expect(planFrames([[200_000]], alone).pieces).toEqual([{ frame: 0, from: 0, length: 200_000 }]);
  });

  it('batches of any size, one after the other, cover each wanted byte exactly once', () => {
    const series = fc.array(fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        series,
        fc.nat(35),
        fc.nat(40),
        fc.integer({ min: 65_536, max: 400_000 }),
        (sizes, from, count, limit) => {
          const bands = sizes.map((parts) => parts.map((_, i) => parts.slice(0, i + 1).reduce((a, b) => a + b, 0)));
          const seen = new Map<number, number>();
          let cursor: string | undefined;
          do {
            const plan = planFrames(bands, { ...all, from, count, limit, cursor });
            const bytes = plan.pieces.reduce((sum, piece) => sum + piece.length, 0);
            expect(new Set(plan.pieces.map((piece) => piece.frame)).size === 1 || bytes <= limit).toBe(true);
            for (const piece of plan.pieces) {
              expect(piece.from).toBe(seen.get(piece.frame) ?? 0);
              seen.set(piece.frame, piece.from + piece.length);
            }
            cursor = plan.cursor;
          } while (cursor !== '');
          expect(seen.size).toBe(count === 0 ? bands.length : Math.min(count, bands.length));
          for (const [frame, length] of seen) expect(length).toBe(bands[frame]?.at(-1));
        },
      ),
    );
  });

  it('is empty for a cursor behind the end and for a series without frames', () => {
    expect(planFrames([three], { ...all, cursor: '99' })).toEqual({ pieces: [], cursor: '' });
    expect(planFrames([], all)).toEqual({ pieces: [], cursor: '' });
  });
});
