import { describe, expect, it } from 'vitest';
import { frameAttributes } from './frame-attributes';
import { OverlayShelf } from './overlay-shelf';

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A frame of `rows` lines of 8192 pixels with one plane over all of it, drawn in its first pixel. */
function frameOf(rows: number, frameNumber: number) {
  const plane = { group: 0x6000, rows, columns: 8192, row: 1, column: 1, kind: 'graphics', label: '' } as const;
  const common = { sopInstanceUid: '1.2.3', rows, columns: 8192, overlays: [plane] };
  return frameAttributes({ common: { ...common, frameNumber } }, {});
}

/** `failures`: so many requests fail before one succeeds. */
function shelf(failures = 0) {
  const asked: number[] = [];
  const waits: number[] = [];
  const overlays = new OverlayShelf(
    async ({ frame }) => {
      asked.push(frame);
      if (asked.length <= failures) throw new Error('the line is down');
      return Uint8Array.of(1);
    },
    () => {},
    (ms, run) => {
      waits.push(ms);
      const timer = setTimeout(run, 0);
      return () => clearTimeout(timer);
    },
  );
  const look = async (rows: number, frame: number) => {
    overlays.mask(frameOf(rows, frame));
    await turn();
    return overlays.mask(frameOf(rows, frame));
  };
  return { look, asked, waits, overlays };
}

describe('the overlays of frames that were looked at', () => {
  it('are kept, and not asked for again', async () => {
    const { look, asked } = shelf();
    expect((await look(2, 1))?.bytes[0]).toBe(255);
    await look(2, 2);
    await look(2, 1);
    expect(asked).toEqual([1, 2]);
  });

  it('are no more than a phone has room for: the oldest go, the one on screen never', async () => {
    const { look, asked } = shelf();
    // 32 MB each: two are all there is room for.
    for (const frame of [1, 2, 3]) expect((await look(4096, frame))?.bytes[0]).toBe(255);
    await look(4096, 2);
    expect(asked).toEqual([1, 2, 3]);
    await look(4096, 1);
    expect(asked).toEqual([1, 2, 3, 1]);
    // One that is larger than all the room is drawn all the same.
    expect((await look(12_288, 4))?.bytes[0]).toBe(255);
  });

  it('are asked for again when the line fails, later each time', async () => {
    const { look, asked, waits, overlays } = shelf(2);
    await look(2, 1);
    for (let i = 0; i < 3; i++) await turn();
    expect((await look(2, 1))?.bytes[0]).toBe(255);
    expect([asked, waits]).toEqual([
      [1, 1, 1],
      [1000, 4000],
    ]);
    expect(overlays.isIncomplete(frameOf(2, 1))).toBe(false);
  });

  it('are said to be missing when three tries fail, and asked for anew when the frame is come back to', async () => {
    const { look, asked, overlays } = shelf(3);
    await look(2, 1);
    for (let i = 0; i < 4; i++) await turn();
    expect(overlays.isIncomplete(frameOf(2, 1))).toBe(true);
    expect(asked).toEqual([1, 1, 1]);
    await look(2, 1);
    expect(asked).toHaveLength(3);
    await look(2, 2);
    expect(overlays.isIncomplete(frameOf(2, 2))).toBe(false);
    expect((await look(2, 1))?.bytes[0]).toBe(255);
  });

  it('do not wait behind the retries of a frame that was left', async () => {
    const { look, asked } = shelf(1);
    await look(2, 1);
    await look(2, 2);
    expect((await look(2, 2))?.bytes[0]).toBe(255);
    expect(asked).toEqual([1, 2]);
  });

  it('are not waited for once the viewer is gone', async () => {
    const { look, asked, overlays } = shelf(9);
    await look(2, 1);
    overlays.clear();
    for (let i = 0; i < 4; i++) await turn();
    expect(asked.length).toBeLessThan(3);
  });
});
