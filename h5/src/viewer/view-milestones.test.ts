import type { DecodedFrame } from '@yingyun/shared/imaging/decoded-frame';
import { describe, expect, it } from 'vitest';
import { viewMilestones } from './view-milestones';

const picture = (reduce: number): DecodedFrame => ({
  kind: 'colour',
  columns: 1,
  rows: 1,
  reduce,
  rgba: new Uint8Array(4),
});

describe('the viewer’s milestones', () => {
  it('tell the first pixels, the sharp ones and the whole series, once each and in the order in which they happen', () => {
    const told: string[] = [];
    const held = new Set<number>();
    const milestones = viewMilestones(
      3,
      (frame) => held.has(frame),
      (name) => told.push(name),
    );
    milestones.drawn(null);
    expect(told).toEqual([]);
    milestones.drawn(picture(3));
    milestones.drawn(picture(2));
    expect(told).toEqual(['yingyun:first-image']);
    milestones.drawn(picture(0));
    milestones.drawn(picture(0));
    for (const frame of [1, 2]) {
      held.add(frame);
      milestones.decoded();
    }
    expect(told).toEqual(['yingyun:first-image', 'yingyun:first-sharp']);
    held.add(0);
    milestones.decoded();
    milestones.decoded();
    expect(told).toEqual(['yingyun:first-image', 'yingyun:first-sharp', 'yingyun:coarse-complete']);
  });
});
