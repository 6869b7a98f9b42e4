import type { ColourFrame, GreyFrame } from '../imaging/decoded-frame';
import { isPadding } from '../imaging/pixel-padding';
import { exactGreyOf } from '../imaging/render-frame';
import type { Extent } from '../imaging/viewport';
import { drawOverlay } from './cpu-overlay';
import { drawUprightGrey, isUpright } from './cpu-upright';
import { type Sampling, type Scene, samplingOf } from './scene';

/**
 * The scene as RGBA at the canvas' size: the canvas fall-back, what GL cannot hold (32-bit pixels, frames beyond the
 * largest texture), and the reference the shaders are compared with. Same sampling, same formulas.
 */
export function renderView(scene: Scene, canvas: Extent): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(canvas.width * canvas.height * 4);
  const pixels = new Uint32Array(out.buffer);
  pixels.fill(black);
  const { frame } = scene;
  if (frame === null) return out;
  const sampling = samplingOf(scene, frame);
  if (frame.kind === 'grey' && isUpright(sampling)) {
    drawUprightGrey(pixels, canvas, frame, sampling, exactGreyOf(scene.attributes, scene.look));
    drawOverlay(out, scene, canvas);
    return out;
  }
  const pixelAt = frame.kind === 'grey' ? greyPixel(frame, scene, sampling) : colourPixel(frame, scene, sampling);
  const { toBuffer: m, left, top, right, bottom } = sampling;
  for (let y = 0, at = 0; y < canvas.height; y++) {
    const rowU = m.c * (y + 0.5) + m.e;
    const rowV = m.d * (y + 0.5) + m.f;
    for (let x = 0; x < canvas.width; x++, at++) {
      const u = m.a * (x + 0.5) + rowU;
      const v = m.b * (x + 0.5) + rowV;
      if (u >= left && u < right && v >= top && v < bottom) pixels[at] = pixelAt(u, v);
    }
  }
  drawOverlay(out, scene, canvas);
  return out;
}

/** A B G R of a little-endian word. */
const black = 0xff000000;

type PixelAt = (u: number, v: number) => number;

function greyPixel(frame: GreyFrame, scene: Scene, sampling: Sampling): PixelAt {
  const { pixels, columns, rows, padding } = frame;
  const level = exactGreyOf(scene.attributes, scene.look);
  const at = (column: number, row: number): number => {
    const c = column < 0 ? 0 : column >= columns ? columns - 1 : column;
    const r = row < 0 ? 0 : row >= rows ? rows - 1 : row;
    return pixels[r * columns + c] as number; // clamped to the buffer
  };
  const bilinear = (u: number, v: number): number => {
    const nearest = at(Math.floor(u), Math.floor(v));
    if (isPadding(nearest, padding)) return Number.NaN;
    if (sampling.isNearest) return nearest;
    const c = Math.floor(u - 0.5);
    const r = Math.floor(v - 0.5);
    const fu = u - 0.5 - c;
    const fv = v - 0.5 - r;
    const clean = (value: number): number => (isPadding(value, padding) ? nearest : value);
    const upper = clean(at(c, r)) * (1 - fu) + clean(at(c + 1, r)) * fu;
    const lower = clean(at(c, r + 1)) * (1 - fu) + clean(at(c + 1, r + 1)) * fu;
    return upper * (1 - fv) + lower * fv;
  };
  const value = sampling.taps === 1 ? bilinear : averaged(bilinear, sampling);
  return (u, v) => {
    const stored = value(u, v);
    const grey = Number.isNaN(stored) ? 0 : level(stored);
    return black | (grey << 16) | (grey << 8) | grey;
  };
}

function averaged(
  sample: (u: number, v: number) => number,
  { taps, toBuffer: m }: Sampling,
): (u: number, v: number) => number {
  return (u, v) => {
    let sum = 0;
    let count = 0;
    for (let j = 0; j < taps; j++) {
      for (let i = 0; i < taps; i++) {
        const dx = (i + 0.5) / taps - 0.5;
        const dy = (j + 0.5) / taps - 0.5;
        const value = sample(u + m.a * dx + m.c * dy, v + m.b * dx + m.d * dy);
        if (Number.isNaN(value)) continue;
        sum += value;
        count++;
      }
    }
    return count === 0 ? Number.NaN : sum / count;
  };
}

function colourPixel(frame: ColourFrame, scene: Scene, sampling: Sampling): PixelAt {
  const { rgba, columns, rows } = frame;
  const flip = scene.look.isInverted;
  const channel = (offset: number): ((u: number, v: number) => number) => {
    const at = (column: number, row: number): number => {
      const c = column < 0 ? 0 : column >= columns ? columns - 1 : column;
      const r = row < 0 ? 0 : row >= rows ? rows - 1 : row;
      return rgba[(r * columns + c) * 4 + offset] as number; // clamped to the buffer
    };
    const bilinear = (u: number, v: number): number => {
      if (sampling.isNearest) return at(Math.floor(u), Math.floor(v));
      const c = Math.floor(u - 0.5);
      const r = Math.floor(v - 0.5);
      const fu = u - 0.5 - c;
      const fv = v - 0.5 - r;
      return (
        (at(c, r) * (1 - fu) + at(c + 1, r) * fu) * (1 - fv) + (at(c, r + 1) * (1 - fu) + at(c + 1, r + 1) * fu) * fv
      );
    };
    const value = sampling.taps === 1 ? bilinear : averaged(bilinear, sampling);
    return (u, v) => {
      const level = Math.floor(value(u, v) + 0.5);
      return flip ? 255 - level : level;
    };
  };
  const red = channel(0);
  const green = channel(1);
  const blue = channel(2);
  return (u, v) => black | (blue(u, v) << 16) | (green(u, v) << 8) | red(u, v);
}
