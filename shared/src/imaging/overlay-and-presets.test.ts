import { describe, expect, it } from 'vitest';
import { overlayText } from './overlay-text';
import { smallCt as ct, smallFrame as frame } from './testing/small-ct';
import { windowPresets } from './window-presets';

describe('window presets', () => {
  it('are each there once: the object, the hospital, the usual ones of CT, the full range', () => {
    const voi = [
      { center: 40, width: 400, explanation: 'A' },
      { center: 40, width: 400, explanation: 'A' },
    ];
    const presets = windowPresets(
      { modality: 'CT', windowPresets: [{ name: '血管', center: 200, width: 700 }] },
      { ...ct, voi },
      frame(0),
    );
    expect(presets.map((preset) => preset.name || preset.key)).toEqual([
      'A',
      '血管',
      'lung',
      'bone',
      'brain',
      'abdomen',
      'full-range',
    ]);
  });
  it('of PET and bone scans go both ways round', () => {
    const keys = (modality: string) =>
      windowPresets({ modality, windowPresets: [] }, { ...ct, rescaleType: 'BQML' }, frame(0)).map(
        ({ key, window }) => [key, window.isInverted],
      );
    const both = [
      ['inverse-grey', true],
      ['grey', false],
      ['full-range', undefined],
    ];
    expect([keys('PT'), keys('NM')]).toEqual([both, both]);
  });
  it('name the VOI LUTs of the object', () => {
    const lut = { first: 0, bits: 12, entriesBase64: 'AAD/Dw==', explanation: 'NORMAL' };
    const presets = windowPresets({ modality: 'MG', windowPresets: [] }, { ...ct, voiLuts: [lut] }, null);
    expect(presets).toEqual([
      { key: '', name: 'NORMAL', window: expect.objectContaining({ lut, center: 1, width: 2 }) },
    ]);
  });
  it('of HU are not offered to an MR', () => {
    expect(windowPresets({ modality: 'MR', windowPresets: [] }, ct, null)).toEqual([]);
  });
});

it('the overlay tells whose, what, where and how, and leaves out what is unknown', () => {
  const words = {
    series: 'S',
    image: 'I',
    thickness: 'T',
    position: 'P',
    window: 'W',
    level: 'L',
    zoom: 'Z',
    sex: { M: '男', F: '女', O: '', '': '' },
    age: (text: string) => `${Number.parseInt(text, 10)} 岁`,
  };
  const film = {
    hospitalName: 'H',
    examItem: 'E',
    examAt: '2026-03-01T08:30:00',
    patient: { nameMasked: '张*', sex: 'F' as const, age: '045Y' },
  };
  const series = { seriesNumber: 2, description: '', modality: 'CT', frames: [{ bands: [1] }, { bands: [1] }] };
  const text = overlayText(
    film,
    series,
    { index: 1, attributes: { ...ct, rows: 5, columns: 6 }, isColour: false },
    { window: { center: 40.55, width: 400, shape: 'LINEAR' }, scale: 1.5 },
    words,
  );
  expect(text).toEqual({
    topLeft: ['张*', '女 45 岁', '2026-03-01 08:30'],
    topRight: ['H', 'E'],
    bottomLeft: ['S 2 · CT', 'I 2 / 2'],
    bottomRight: ['W 400 L 41', 'Z 150%', '6 × 5'],
  });
  const brief = overlayText(
    film,
    { ...series, seriesNumber: null },
    { index: 0, attributes: { ...ct, rows: 5, columns: 6 }, isColour: false },
    { window: { center: 1.25, width: 2.5, shape: 'LINEAR' }, scale: 1, isBrief: true },
    words,
  );
  expect(brief).toEqual({
    topLeft: text.topLeft,
    topRight: [],
    bottomLeft: ['CT', 'I 1 / 2'],
    bottomRight: ['W 2.5 L 1.25', 'Z 100%'],
  });
});
