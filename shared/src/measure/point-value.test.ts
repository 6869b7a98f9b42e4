import { describe, expect, it } from 'vitest';
import { smallCt as ct, smallFrame as frame } from '../imaging/testing/small-ct';
import { imageXy } from '../imaging/viewport';
import { pointValue } from './point-value';

describe('a point value', () => {
  it('is the rescaled stored value of the pixel under the point, HU where a CT names no unit', () => {
    expect(pointValue(imageXy(1.99, 1.01), ct, frame(0), 'CT')).toEqual({
      at: 'grey',
      column: 1,
      row: 1,
      stored: 20,
      value: -984,
      unit: 'HU',
    });
    expect(pointValue(imageXy(1.5, 1.5), ct, frame(0), 'MR')).toMatchObject({ unit: '' });
  });
  it('waits on a preview, and knows padding and the outside', () => {
    expect(pointValue(imageXy(1, 1), ct, frame(2), 'CT').at).toBe('waiting-for-sharp');
    expect(pointValue(imageXy(2.5, 1.5), ct, frame(0), 'CT').at).toBe('padding');
    expect([imageXy(-0.1, 0), imageXy(3, 0), imageXy(0, 2)].map((p) => pointValue(p, ct, frame(0), 'CT').at)).toEqual([
      'outside',
      'outside',
      'outside',
    ]);
  });
});
