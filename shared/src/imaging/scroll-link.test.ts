import { describe, expect, it } from 'vitest';
import type { FrameAttributes, SeriesManifest } from '../contract/film-manifest';
import { frameAtSamePlace, ScrollLink } from './scroll-link';

const axial = [1, 0, 0, 0, 1, 0] as const;
const coronal = [1, 0, 0, 0, 0, -1] as const;

function series(uid: string, zs: readonly number[], common: Partial<FrameAttributes> = {}): SeriesManifest {
  return {
    seriesInstanceUid: uid,
    seriesNumber: 1,
    modality: 'CT',
    description: '',
    frameTimeMs: null,
    windowPresets: [],
    common: { imageOrientationPatient: axial, frameOfReferenceUid: '1.2.9', ...common },
    frames: zs.map((z) => ({ bands: [1], imagePositionPatient: [0, 0, z] })),
    withoutImage: [],
  };
}

const steps = (from: number, count: number, by: number) => Array.from({ length: count }, (_, i) => from + i * by);
/** 41 slices of 5 mm from the head down, and 201 of 1 mm from the feet up. */
const thick = series('thick', steps(200, 41, -5));
const thin = series('thin', steps(0, 201, 1));

describe('the slice at the same place', () => {
  it('is the nearest in millimetres, whatever the thickness and the direction of the stack', () => {
    expect(frameAtSamePlace(thick, 0, thin, 0)).toBe(200);
    expect(frameAtSamePlace(thick, 13, thin, 0)).toBe(135);
    expect(frameAtSamePlace(thin, 137, thick, 0)).toBe(13);
  });

  it('is the end of a series that does not reach so far', () => {
    expect(frameAtSamePlace(thick, 0, series('half', steps(0, 50, 1)), 0)).toBe(49);
  });

  it('is the phase that is looked at, where several lie at one place', () => {
    const phases = series('phases', [0, 5, 10, 0, 5, 10]);
    expect([0, 5].map((near) => frameAtSamePlace(series('one', [5]), 0, phases, near))).toEqual([1, 4]);
  });

  it('is none in another frame of reference, without one, or across', () => {
    for (const common of [
      { frameOfReferenceUid: '1.2.8' },
      { frameOfReferenceUid: '' },
      { imageOrientationPatient: coronal },
    ])
      expect(frameAtSamePlace(thick, 3, series('other', steps(0, 9, 1), common), 0)).toBeUndefined();
  });
});

describe('viewports that scroll in step', () => {
  it('go to the same place, and what they say on their way drives nobody', () => {
    const link = new ScrollLink();
    link.shows(0, thick, 20);
    link.shows(1, thin, 100);
    expect(link.shows(0, thick, 21)).toEqual([{ index: 1, frame: 95 }]);
    expect(link.shows(0, thick, 22)).toEqual([{ index: 1, frame: 90 }]);
    // The viewer drew both, late.
    expect(link.shows(1, thin, 95)).toEqual([]);
    expect(link.shows(1, thin, 90)).toEqual([]);
    expect(link.shows(1, thin, 80)).toEqual([{ index: 0, frame: 24 }]);
  });

  it('keep their distance in slices where nothing says a common place, also after one was at its end', () => {
    const link = new ScrollLink();
    const other = series('old', steps(0, 10, 5), { frameOfReferenceUid: '1.2.7' });
    link.shows(0, thick, 10);
    link.shows(1, other, 8);
    expect(link.shows(0, thick, 14)).toEqual([{ index: 1, frame: 9 }]);
    expect(link.shows(1, other, 9)).toEqual([]);
    expect(link.shows(0, thick, 9)).toEqual([{ index: 1, frame: 7 }]);
  });

  it('begin anew from where all stand when one shows another series, and without those that left', () => {
    const link = new ScrollLink();
    const old = series('old', steps(0, 30, 5), { frameOfReferenceUid: '' });
    link.shows(0, thick, 10);
    link.shows(1, thin, 150);
    link.shows(2, thin, 150);
    link.leave(2);
    expect(link.shows(1, old, 20)).toEqual([]);
    expect(link.shows(0, thick, 12)).toEqual([{ index: 1, frame: 22 }]);
  });
});
