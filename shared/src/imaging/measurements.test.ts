import { describe, expect, it } from 'vitest';
import type { DecodedFrame } from './decoded-frame';
import { frameAttributes } from './frame-attributes';
import { measureLength } from './measure-length';
import { overlayText } from './overlay-text';
import { pointValue } from './point-value';
import { imageXy } from './viewport';
import { windowPresets } from './window-presets';

const frame = (reduce: number): DecodedFrame => ({
  kind: 'grey',
  reduce,
  rows: 2,
  columns: 3,
  pixels: Int16Array.of(0, 1, 2, 10, 20, -2000),
  storedMin: 0,
  storedMax: 20,
  padding: { low: -2000, high: -2000 },
});
const ct = frameAttributes(
  {
    common: {
      rescaleSlope: 2,
      rescaleIntercept: -1024,
      pixelSpacing: [2, 0.5],
      pixelSpacingSource: 'patient',
    },
  },
  {},
);

describe('a length', () => {
  it('takes rows and columns by their own spacing (PS3.3 10.7.1.3) and says what it stands on', () => {
    expect(measureLength(imageXy(0, 0), imageXy(6, 2), ct, frame(0))).toEqual({
      at: 'measured',
      unit: 'mm',
      value: 5,
      source: 'patient',
    });
    expect(
      measureLength(imageXy(0, 0), imageXy(3, 4), { ...ct, pixelSpacing: null, pixelSpacingSource: 'none' }, frame(0)),
    ).toEqual({ at: 'measured', unit: 'px', value: 5 });
    expect(
      measureLength(imageXy(0, 0), imageXy(3, 4), { ...ct, pixelSpacingSource: 'imager' }, frame(0)),
    ).toMatchObject({ source: 'imager' });
  });
  it('waits on a preview and on nothing', () => {
    expect(measureLength(imageXy(0, 0), imageXy(3, 4), ct, frame(1))).toEqual({ at: 'waiting-for-sharp' });
    expect(measureLength(imageXy(0, 0), imageXy(3, 4), ct, null)).toEqual({ at: 'waiting-for-sharp' });
  });
});

describe('a length on ultrasound', () => {
  const region = { x0: 10, y0: 20, x1: 109, y1: 119, unitX: 'mm', unitY: 'mm', deltaX: 0.5, deltaY: -0.25 } as const;
  const doppler = { ...region, x0: 200, x1: 299, unitX: 's', unitY: 'mm/s' } as const;
  const us = { ...ct, ultrasoundRegions: [region, doppler] };
  it("stands on the region's own scale, whatever the image's spacing says (PS3.3 C.8.5.5.1.15)", () => {
    expect(measureLength(imageXy(20, 30), imageXy(26, 46), us, frame(0))).toEqual({
      at: 'measured',
      unit: 'mm',
      value: 5,
      source: 'region',
    });
  });
  it('has no millimetres across regions, outside of them, or on an axis of time', () => {
    for (const to of [imageXy(210, 30), imageXy(5, 5)])
      expect(measureLength(imageXy(20, 30), to, us, frame(0))).toMatchObject({ unit: 'px' });
    expect(measureLength(imageXy(210, 30), imageXy(220, 30), us, frame(0))).toMatchObject({ unit: 'px', value: 10 });
  });
});

describe('a region that states no step', () => {
  it('gives pixels, not a length of nothing', () => {
    const region = { x0: 0, y0: 0, x1: 99, y1: 99, unitX: 'mm', unitY: 'mm', deltaX: 0.5, deltaY: 0 } as const;
    const us = { ...ct, ultrasoundRegions: [region] };
    const length = measureLength(imageXy(20, 30), imageXy(20, 46), us, frame(0));
    expect(length).toEqual({ at: 'measured', unit: 'px', value: 16 });
  });
});

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
    bottomRight: ['W 400 L 40.55', 'Z 150%', '6 × 5'],
  });
});
