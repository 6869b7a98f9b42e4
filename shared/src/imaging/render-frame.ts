import type { FrameAttributes } from '../contract/film-manifest';
import type { DecodedFrame, GreyFrame } from './decoded-frame';
import { isPadding } from './pixel-padding';
import { storedTone, toneUnit, type Voi } from './tone';

/** How grey values become light. */
export interface GreyLook extends Voi {
  /** The user's inversion, on top of MONOCHROME1's own. */
  readonly isInverted: boolean;
}

type GreyMeaning = Pick<FrameAttributes, 'rescaleSlope' | 'rescaleIntercept' | 'photometricInterpretation'>;

/**
 * The whole buffer as RGBA, one pixel to one, no scaling: the test oracle of the GL renderers, the canvas fall-back's
 * source and the thumbnails. Pixel padding is black whatever the window: it is no part of the image (PS3.3 C.7.5.1.1.2).
 */
export function renderFrameToRgba(frame: DecodedFrame, attributes: GreyMeaning, look: GreyLook): Uint8ClampedArray {
  const out = new Uint8ClampedArray(frame.rows * frame.columns * 4);
  if (frame.kind === 'colour') {
    const flip = look.isInverted ? 255 : 0;
    for (let i = 0; i < out.length; i += 4) {
      out[i] = flip ^ (frame.rgba[i] ?? 0);
      out[i + 1] = flip ^ (frame.rgba[i + 1] ?? 0);
      out[i + 2] = flip ^ (frame.rgba[i + 2] ?? 0);
      out[i + 3] = 255;
    }
    return out;
  }
  const grey = greyOf(frame, attributes, look);
  const { pixels } = frame;
  for (let i = 0, to = 0; i < pixels.length; i++, to += 4) {
    const level = grey(pixels[i] as number); // in range: i < length
    out[to] = level;
    out[to + 1] = level;
    out[to + 2] = level;
    out[to + 3] = 255;
  }
  return out;
}

/** Stored value to grey level 0…255: a look-up table up to 16 bit, the formula below. */
export function greyOf(frame: GreyFrame, attributes: GreyMeaning, look: GreyLook): (stored: number) => number {
  const exact = exactGreyOf(attributes, look);
  const { padding, storedMin: first } = frame;
  const span = frame.storedMax - first;
  if (span > 65_535) return (stored) => (isPadding(stored, padding) ? 0 : exact(stored));
  const table = new Uint8Array(span + 1);
  for (let i = 0; i <= span; i++) table[i] = exact(first + i);
  // Padding may lie outside the range, which leaves it out.
  return (stored) => (isPadding(stored, padding) ? 0 : (table[stored - first] ?? 0));
}

/** The formula itself, also for interpolated values between two stored ones. Padding is the caller's matter. */
export function exactGreyOf(attributes: GreyMeaning, look: GreyLook): (stored: number) => number {
  const unit = toneUnit(storedTone(look, attributes));
  const isInverse = isInverted(attributes, look);
  return (stored) => {
    const light = unit(stored);
    return Math.floor((isInverse ? 1 - light : light) * 255 + 0.5);
  };
}

/** MONOCHROME1 shows its lowest value white (PS3.3 C.7.6.3.1.2). */
export function isInverted(
  attributes: Pick<FrameAttributes, 'photometricInterpretation'>,
  look: Pick<GreyLook, 'isInverted'>,
): boolean {
  return (attributes.photometricInterpretation === 'MONOCHROME1') !== look.isInverted;
}
