import { expect, it } from 'vitest';
import type { SeriesManifest } from '../contract/film-manifest';
import { findImage } from './find-image';

const series = (frames: SeriesManifest['frames']): SeriesManifest => ({
  seriesInstanceUid: '1.2.3',
  seriesNumber: 1,
  modality: 'US',
  description: '',
  frameTimeMs: null,
  windowPresets: [],
  common: {},
  frames,
  withoutImage: [],
});
const frame = (sopInstanceUid: string, frameNumber: number) => ({ sopInstanceUid, frameNumber, bands: [1] });
const film = { series: [series([frame('a', 1)]), series([frame('b', 1), frame('b', 2), frame('c', 3)])] };

it('finds an instance, and the frame of it that a document speaks of', () => {
  expect(findImage(film, 'b')).toEqual({ series: 1, frame: 0 });
  expect(findImage(film, 'b', 2)).toEqual({ series: 1, frame: 1 });
  expect(findImage(film, 'c')).toEqual({ series: 1, frame: 2 });
});

it('shows no other frame in the place of one that the film has not', () => {
  expect(findImage(film, 'b', 3)).toBeNull();
  expect(findImage(film, 'd')).toBeNull();
});
