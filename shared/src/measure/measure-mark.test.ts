// Truth here is analytic: a plane of grey has its mean at the centroid and a standard deviation that a formula gives; shapes have
// areas that formulas give. Statistics are also held against ImageMagick and against a brute-force mask of 64 samples a pixel.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FrameAttributes } from '../contract/film-manifest';
import type { GreyFrame } from '../imaging/decoded-frame';
import { frameAttributes } from '../imaging/frame-attributes';
import {
  canvasXy,
  fitted,
  type ImageXy,
  imageToCanvas,
  imageXy,
  mirroredLeftRight,
  mirroredUpDown,
  type Placement,
  pixelAspect,
  toCanvas,
  toImage,
  turnedClockwise,
} from '../imaging/viewport';
import { type Mark, type MarkKind, pointCounts } from './mark';
import { type MarkValue, measureMark } from './measure-mark';

const rowSpacing = 0.8;
const columnSpacing = 0.5;
const slope = 0.5;
const intercept = -1024;

/** HU = 40 + 0.6 x + 0.3 y at the pixel's centre, over 400 × 300 pixels of 0.5 × 0.8 mm. */
const plane = { at: (x: number, y: number) => 40 + 0.6 * x + 0.3 * y, x: 0.6, y: 0.3 };
const columns = 400;
const rows = 300;
const phantom = greyFrame((column, row) => (plane.at(column + 0.5, row + 0.5) - intercept) / slope);
const ct = attributesOf({ pixelSpacing: [rowSpacing, columnSpacing], pixelSpacingSource: 'patient' });

function greyFrame(stored: (column: number, row: number) => number, reduce = 0): GreyFrame {
  const pixels = new Uint16Array(rows * columns);
  for (let at = 0; at < pixels.length; at++) pixels[at] = Math.round(stored(at % columns, Math.floor(at / columns)));
  return { kind: 'grey', reduce, rows, columns, pixels, storedMin: 0, storedMax: 65535, padding: null };
}
function attributesOf(own: Partial<FrameAttributes>): FrameAttributes {
  const common = { rows, columns, rescaleSlope: slope, rescaleIntercept: intercept, ...own };
  return frameAttributes({ common }, {});
}
/** Points in millimetres from the image's corner, as a phantom's drawing has them. */
const mm = (x: number, y: number) => imageXy(x / columnSpacing, y / rowSpacing);
function measure(
  kind: MarkKind,
  points: readonly ImageXy[],
  frame: Partial<Parameters<typeof measureMark>[1]> = {},
): MarkValue {
  return measureMark(
    { kind, points, millimetres: null },
    { attributes: ct, modality: 'CT', picture: phantom, calibration: null, ...frame },
  );
}
function regionOf(value: MarkValue) {
  if (value.at !== 'region') throw new Error(`a region expected, not ${value.at}`);
  return value;
}
const near = (value: number, truth: number, part = 0.005) => expect(Math.abs(value / truth - 1)).toBeLessThan(part);

describe('lengths and angles on pixels of 0.5 × 0.8 mm', () => {
  it('are those of the millimetres, within 0.1 mm and 0.1°', () => {
    expect(measure('length', [mm(10, 20), mm(40, 60)])).toMatchObject({
      length: { unit: 'mm', value: expect.closeTo(50, 6), source: 'patient' },
    });
    for (const degrees of [0.05, 12, 45, 90, 133, 179.9]) {
      const turn = (degrees * Math.PI) / 180;
      const arm = mm(80 + 60 * Math.cos(turn), 60 + 60 * Math.sin(turn));
      expect(measure('angle', [mm(140, 60), mm(80, 60), arm])).toEqual({
        at: 'angle',
        degrees: expect.closeTo(degrees, 6),
      });
    }
  });
  it('give Cobb the same angle whichever way a line is drawn, also above 90°', () => {
    for (const degrees of [8, 40, 104]) {
      const half = (degrees / 2) * (Math.PI / 180);
      const plate = (y: number, turn: number): [ImageXy, ImageXy] => [
        mm(80 - 20 * Math.cos(turn), y - 20 * Math.sin(turn)),
        mm(80 + 20 * Math.cos(turn), y + 20 * Math.sin(turn)),
      ];
      const [upper, lower] = [plate(40, half), plate(140, -half)];
      for (const points of [
        [...upper, ...lower],
        [upper[1], upper[0], ...lower],
        [...upper, lower[1], lower[0]],
      ])
        expect(measure('cobb', points)).toEqual({ at: 'angle', degrees: expect.closeTo(degrees, 6) });
    }
  });
  it("give the heart's width along the chest's line, wherever its borders stand", () => {
    const value = measure('heart-chest', [mm(20, 100), mm(180, 100), mm(60, 80), mm(140, 120)]);
    expect(value).toMatchObject({ at: 'ratio', ratio: expect.closeTo(0.5, 9), chest: { unit: 'mm' } });
    const tilted = measure('heart-chest', [mm(20, 60), mm(140, 150), mm(60, 65), mm(90, 150)]);
    // by hand: chest (120, 90) long 150; heart (30, 85) on its direction (0.8, 0.6): 24 + 51 = 75
    expect(tilted).toMatchObject({ chest: { value: expect.closeTo(150, 6) }, heart: { value: expect.closeTo(75, 6) } });
  });
});

describe('areas', () => {
  it('are those of the formulas', () => {
    const circle = regionOf(measure('circle', [mm(80, 100), mm(80, 130)]));
    expect(circle.area).toMatchObject({ unit: 'mm', value: expect.closeTo(Math.PI * 900, 6) });
    const ellipse = regionOf(measure('ellipse', [mm(40, 60), mm(120, 100)]));
    expect(ellipse.area.value).toBeCloseTo(Math.PI * 40 * 20, 6);
    expect(regionOf(measure('rectangle', [mm(40, 60), mm(120, 100)])).area.value).toBeCloseTo(3200, 6);
    expect(regionOf(measure('polygon', [mm(20, 20), mm(80, 20), mm(20, 100)])).area.value).toBeCloseTo(2400, 6);
    const ring = Array.from({ length: 720 }, (_, i) =>
      mm(90 + 50 * Math.cos(i / 114.59), 90 + 50 * Math.sin(i / 114.59)),
    );
    near(regionOf(measure('freehand', ring)).area.value, Math.PI * 2500);
  });
});

describe('statistics of a plane of grey', () => {
  // In pixels: a plane's variance over an ellipse is (gx a)²/4 + (gy b)²/4, over a rectangle (gx w)²/12 + (gy h)²/12.
  it.each([
    ['circle', [mm(80, 100), mm(115, 100)], [160, 125], Math.hypot(plane.x * 70, plane.y * 43.75) / 2],
    ['ellipse', [mm(40, 60), mm(140, 140)], [180, 125], Math.hypot(plane.x * 100, plane.y * 50) / 2],
    ['rectangle', [mm(40, 60), mm(140, 140)], [180, 125], Math.hypot(plane.x * 200, plane.y * 100) / Math.sqrt(12)],
  ] as const)('over a %s are those of the formula within 0.5 %%', (kind, points, [x, y], deviation) => {
    const { statistics, unit, area } = regionOf(measure(kind, points));
    expect(unit).toBe('HU');
    near(statistics?.mean ?? 0, plane.at(x, y), 5e-4); // half a pixel would be 2e-3
    near(statistics?.standardDeviation ?? 0, deviation);
    near(statistics?.pixelCount ?? 0, area.value / (rowSpacing * columnSpacing));
  });
  it('over a triangle have their mean at the centroid, and their extremes at the corners', () => {
    const { statistics } = regionOf(measure('polygon', [imageXy(50, 40), imageXy(350, 70), imageXy(120, 280)]));
    near(statistics?.mean ?? 0, plane.at((50 + 350 + 120) / 3, (40 + 70 + 280) / 3));
    near(statistics?.min ?? 0, plane.at(50, 40), 0.02);
    near(statistics?.max ?? 0, plane.at(350, 70), 0.02);
  });
  it('have no value on colour or where no centre is inside, and leave padding out', () => {
    expect(regionOf(measure('rectangle', [imageXy(10.6, 10.6), imageXy(11.4, 11.4)])).statistics).toBeNull();
    const padded = { ...phantom, padding: { low: 0, high: (plane.at(100, 100) - intercept) / slope } };
    const { statistics } = regionOf(measure('rectangle', [imageXy(50, 50), imageXy(150, 150)], { picture: padded }));
    expect(statistics?.min).toBeGreaterThan(plane.at(100, 100));
    const rgba = { kind: 'colour', reduce: 0, rows, columns, rgba: new Uint8Array(4 * rows * columns) } as const;
    expect(regionOf(measure('circle', [imageXy(50, 50), imageXy(60, 50)], { picture: rgba })).statistics).toBeNull();
  });
});

describe('which pixels are inside', () => {
  const noise = greyFrame((column, row) => ((column * 7919 + row * 104729 + column * row * 31) % 4093) + 3);
  it('is even-odd: the middle of a five-pointed star is outside', () => {
    const star = Array.from({ length: 5 }, (_, i) => {
      const turn = (i * 4 * Math.PI) / 5;
      return imageXy(200.3 + 100 * Math.sin(turn), 150.7 - 100 * Math.cos(turn));
    });
    const bright = greyFrame((column, row) => (Math.hypot(column - 200, row - 150) < 20 ? 4000 : 10));
    expect(regionOf(measure('freehand', star, { picture: bright })).statistics?.max).toBe(10 * slope + intercept);
  });
  it('agrees with a mask of 64 samples a pixel, weighted', () => {
    const corners = [
      [31.2, 40.9],
      [260.4, 22.3],
      [371.8, 130.1],
      [200.5, 110.7],
      [300.2, 270.6],
      [90.9, 250.2],
    ] as const;
    // Ray casting by the crossing number, one sample at a time: nothing of the product's scan lines.
    const isInside = (x: number, y: number) => {
      let count = 0;
      corners.forEach(([x1, y1], i) => {
        const [x2, y2] = corners[(i + 1) % corners.length] ?? [0, 0];
        if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) count++;
      });
      return count % 2 === 1;
    };
    let weight = 0;
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        let part = 0;
        for (let k = 0; k < 64; k++)
          if (isInside(column + ((k % 8) + 0.5) / 8, row + (Math.floor(k / 8) + 0.5) / 8)) part++;
        const value = (noise.pixels[row * columns + column] ?? 0) * slope;
        weight += part;
        sum += part * value;
        squares += part * value * value;
      }
    const points = corners.map(([x, y]) => imageXy(x, y));
    const { statistics } = regionOf(measure('polygon', points, { picture: noise }));
    const mean = sum / weight;
    near((statistics?.mean ?? 0) - intercept, mean);
    near(statistics?.standardDeviation ?? 0, Math.sqrt(squares / weight - mean * mean));
    near(statistics?.pixelCount ?? 0, weight / 64);
  });
  const hasImageMagick = spawnSync('convert', ['-version']).status === 0;
  it.skipIf(!hasImageMagick)('agrees with ImageMagick over a box of whole pixels', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'yingyun-roi-'));
    const file = path.join(folder, 'noise.pgm');
    const body = Buffer.alloc(rows * columns * 2);
    noise.pixels.forEach((value, at) => body.writeUInt16BE(value, at * 2));
    writeFileSync(file, Buffer.concat([Buffer.from(`P5\n${columns} ${rows}\n65535\n`), body]));
    const format = '%[fx:mean*65535] %[fx:standard_deviation*65535] %[fx:minima*65535] %[fx:maxima*65535]';
    const out = execFileSync('convert', [file, '-crop', '90x70+41+33', '+repage', '-format', format, 'info:']);
    rmSync(folder, { recursive: true });
    const [mean, deviation, min, max] = out.toString().split(' ').map(Number);
    const { statistics } = regionOf(measure('rectangle', [imageXy(41, 33), imageXy(131, 103)], { picture: noise }));
    expect(statistics?.pixelCount).toBe(90 * 70);
    const stored = (hu: number | undefined) => ((hu ?? 0) - intercept) / slope;
    near(stored(statistics?.mean), mean ?? 0, 1e-4);
    near((statistics?.standardDeviation ?? 0) / slope, deviation ?? 0, 1e-3);
    expect(stored(statistics?.min)).toBeCloseTo(min ?? -1, 1);
    expect(stored(statistics?.max)).toBeCloseTo(max ?? -1, 1);
  });
});

describe('a view that is turned, mirrored, zoomed', () => {
  const extent = { width: columns, height: rows };
  const canvas = { width: 731, height: 517 };
  const aspect = pixelAspect(ct);
  const turns: Placement[] = [fitted];
  for (let i = 0; i < 3; i++) turns.push(turnedClockwise(turns[i] ?? fitted));
  const views = turns.flatMap((one) => [one, mirroredLeftRight(one), mirroredUpDown({ ...one, zoom: 2.7, panX: 31 })]);
  it('gives the same numbers for what is drawn over the same anatomy', () => {
    const drawings: readonly (readonly [MarkKind, readonly ImageXy[]])[] = [
      ['length', [mm(10, 20), mm(40, 60)]],
      ['angle', [mm(140, 60), mm(80, 60), mm(90, 120)]],
      ['circle', [mm(80, 100), mm(95, 120)]],
      ['rectangle', [mm(40, 60), mm(120, 100)]],
      ['ellipse', [mm(40, 60), mm(120, 100)]],
      ['cobb', [mm(60, 40), mm(100, 50), mm(62, 140), mm(99, 120)]],
    ];
    for (const [kind, points] of drawings) {
      const upright = measure(kind, points);
      for (const placement of views) {
        const m = imageToCanvas(placement, extent, aspect, canvas);
        const drawn = points.map((point) => {
          const { x, y } = toCanvas(m, point); // where the finger goes
          return toImage(m, canvasXy(x, y));
        });
        const value = measure(kind, drawn);
        expect(value.at).toBe(upright.at);
        if (value.at === 'length' && upright.at === 'length')
          expect(Math.abs(value.length.value - upright.length.value)).toBeLessThan(0.001);
        if (value.at === 'angle' && upright.at === 'angle')
          expect(Math.abs(value.degrees - upright.degrees)).toBeLessThan(0.001);
        if (value.at === 'region' && upright.at === 'region') {
          near(value.area.value, upright.area.value, 1e-6);
          near(value.statistics?.mean ?? 0, upright.statistics?.mean ?? 1, 1e-3);
        }
      }
    }
  });
});

describe('what the millimetres stand on', () => {
  const line = [imageXy(20, 30), imageXy(26, 46)];
  const lengthOn = (own: Partial<FrameAttributes>, points = line, calibration: Mark | null = null) =>
    measure('length', points, { attributes: attributesOf(own), calibration });
  it('is said: the patient, the detector, or nothing but pixels', () => {
    const imager = { pixelSpacing: [0.5, 0.5], pixelSpacingSource: 'imager' } as const;
    expect(lengthOn(imager)).toMatchObject({ length: { unit: 'mm', source: 'imager' } });
    expect(lengthOn({}, [imageXy(0, 0), imageXy(3, 4)])).toEqual({ at: 'length', length: { unit: 'px', value: 5 } });
    for (const pixelSpacing of [
      [0, 1],
      [1, Number.NaN],
    ] as const)
      expect(lengthOn({ pixelSpacing, pixelSpacingSource: 'patient' })).toMatchObject({ length: { unit: 'px' } });
  });

  const region = { x0: 10, y0: 20, x1: 109, y1: 119, unitX: 'mm', unitY: 'mm', deltaX: 0.5, deltaY: -0.25 } as const;
  const doppler = { ...region, x0: 200, x1: 299, unitX: 's', unitY: 'mm/s' } as const;
  const us = { pixelSpacing: [2, 2], pixelSpacingSource: 'region', ultrasoundRegions: [region, doppler] } as const;
  it("is an ultrasound region's own scale, whatever the image's spacing says (PS3.3 C.8.5.5.1.15)", () => {
    expect(lengthOn(us)).toEqual({ at: 'length', length: { unit: 'mm', value: 5, source: 'region' } });
    const box = measure('rectangle', [imageXy(20, 30), imageXy(40, 50)], { attributes: attributesOf(us) });
    expect(regionOf(box).area).toEqual({ unit: 'mm', value: 20 * 20 * 0.125, source: 'region' });
  });
  it('is nothing across regions, outside of them, on an axis of time, or without a step', () => {
    for (const to of [imageXy(210, 30), imageXy(5, 5)])
      expect(lengthOn(us, [imageXy(20, 30), to])).toMatchObject({ length: { unit: 'px' } });
    expect(lengthOn(us, [imageXy(210, 30), imageXy(220, 30)])).toMatchObject({ length: { unit: 'px', value: 10 } });
    const still = { ...us, ultrasoundRegions: [{ ...region, deltaY: 0 }] };
    expect(lengthOn(still, [imageXy(20, 30), imageXy(20, 46)])).toEqual({
      at: 'length',
      length: { unit: 'px', value: 16 },
    });
  });

  const calibration: Mark = {
    id: 'c',
    kind: 'calibration',
    seriesInstanceUid: '1',
    sopInstanceUid: '1.1',
    frameNumber: 1,
    reach: 'image',
    points: [imageXy(0, 0), imageXy(0, 50)],
    text: '',
    millimetres: 25,
  };
  it('is a line that somebody gave a length, where nothing better is known', () => {
    const value = { length: { unit: 'mm', source: 'manual', value: expect.closeTo(2.5, 9) } };
    const five = [imageXy(0, 0), imageXy(3, 4)];
    expect(lengthOn({}, five, calibration)).toMatchObject(value);
    expect(lengthOn({ pixelSpacing: [0.4, 0.4], pixelSpacingSource: 'imager' }, five, calibration)).toMatchObject(
      value,
    );
    const known = { pixelSpacing: [0.4, 0.4], pixelSpacingSource: 'patient' } as const;
    expect(lengthOn(known, five, calibration)).toMatchObject({ length: { source: 'patient', value: 2 } });
    // pixels twice as tall as wide: 50 rows are 100 columns' worth of the line
    const tall = lengthOn({ pixelAspectRatio: [2, 1] }, [imageXy(0, 0), imageXy(10, 0)], calibration);
    expect(tall).toMatchObject({ length: { value: expect.closeTo(2.5, 9) } });
  });
});

it('refuses every value on a preview and on nothing: coarse is never diagnostic', () => {
  const corners = [mm(10, 10), mm(40, 10), mm(40, 40), mm(10, 40)];
  for (const kind of ['length', 'angle', 'cobb', 'circle', 'rectangle', 'polygon', 'point', 'heart-chest'] as const) {
    const points = corners.slice(0, pointCounts[kind] ?? 4);
    expect(measure(kind, points, { picture: null })).toEqual({ at: 'waiting-for-sharp' });
    expect(measure(kind, points, { picture: { ...phantom, reduce: 1 } })).toEqual({ at: 'waiting-for-sharp' });
    expect(measure(kind, points).at).not.toBe('waiting-for-sharp');
  }
});
