import { describe, expect, it } from 'vitest';
import { openingViewports, type Placed, withEnlarged, withLayout, withSeries } from './viewports';

const series = (filmId: string, ...uids: string[]): Placed[] =>
  uids.map((seriesInstanceUid) => ({ filmId, seriesInstanceUid }));
const shown = (viewports: ReturnType<typeof openingViewports>) =>
  viewports.slots.slice(0, viewports.layout).map((slot) => slot && `${slot.filmId}${slot.seriesInstanceUid}`);

describe('the viewports', () => {
  const main = series('a', '1', '2', '3');

  it('open with the first series, and fill up with the next ones as the layout grows', () => {
    const one = openingViewports(main, []);
    expect(shown(one)).toEqual(['a1']);
    expect(shown(withLayout(one, 2, main))).toEqual(['a1', 'a2']);
    expect(shown(withLayout(one, 4, main))).toEqual(['a1', 'a2', 'a3', undefined]);
  });

  it('open with two exams side by side', () => {
    expect(shown(openingViewports(main, series('b', '9')))).toEqual(['a1', 'b9']);
  });

  it('keep the image that is looked at when the layout shrinks', () => {
    const four = withLayout(openingViewports(main, []), 4, main);
    const third = withSeries(four, 2, main[2] as Placed); // main has three
    const one = withLayout(third, 1, main);
    expect(shown(one)).toEqual(['a3']);
    expect(one.active).toBe(0);
    expect(shown(withLayout(one, 4, main))).toEqual(['a3', 'a2', 'a1', undefined]);
  });

  it('enlarge one on a double click, and take it back on the next; a single one has nothing to enlarge', () => {
    const two = withLayout(openingViewports(main, []), 2, main);
    const large = withEnlarged(two, 1);
    expect([large.isEnlarged, large.active]).toEqual([true, 1]);
    expect(withEnlarged(large, 1).isEnlarged).toBe(false);
    expect(withEnlarged(openingViewports(main, []), 0).isEnlarged).toBe(false);
  });
});
