import type { FrameAttributes } from '../contract/film-manifest';
import { type DecodedFrame, isSharp } from '../imaging/decoded-frame';
import { isPadding } from '../imaging/pixel-padding';
import type { ImageXy } from '../imaging/viewport';
import { modalityValue } from '../imaging/voi-window';

/** What stands under a point. `unit` is RescaleType's ('HU', …; '' where the object names none). */
export type PointValue =
  | { readonly at: 'waiting-for-sharp' }
  | { readonly at: 'outside' }
  | { readonly at: 'padding' }
  | {
      readonly at: 'grey';
      readonly column: number;
      readonly row: number;
      readonly stored: number;
      readonly value: number;
      readonly unit: string;
    }
  | {
      readonly at: 'colour';
      readonly column: number;
      readonly row: number;
      readonly rgb: readonly [number, number, number];
    };

/** Reads a pixel of a sharp buffer; a coarse one is refused, because its values are means, not measurements. */
export function pointValue(
  point: ImageXy,
  attributes: Pick<FrameAttributes, 'rescaleSlope' | 'rescaleIntercept' | 'rescaleType'>,
  frame: DecodedFrame | null,
  modality: string,
): PointValue {
  if (frame === null || !isSharp(frame)) return { at: 'waiting-for-sharp' };
  const column = Math.floor(point.x);
  const row = Math.floor(point.y);
  if (column < 0 || row < 0 || column >= frame.columns || row >= frame.rows) return { at: 'outside' };
  const at = row * frame.columns + column;
  if (frame.kind === 'colour') {
    return {
      at: 'colour',
      column,
      row,
      rgb: [frame.rgba[at * 4] ?? 0, frame.rgba[at * 4 + 1] ?? 0, frame.rgba[at * 4 + 2] ?? 0],
    };
  }
  const stored = frame.pixels[at] ?? 0;
  if (isPadding(stored, frame.padding)) return { at: 'padding' };
  return {
    at: 'grey',
    column,
    row,
    stored,
    value: modalityValue(stored, attributes),
    unit: modalityUnit(attributes.rescaleType, modality),
  };
}

/** CT objects may leave Rescale Type out, and then mean HU (PS3.3 C.8.2.1: it is required only where it is not HU). */
export function modalityUnit(rescaleType: string, modality: string): string {
  return rescaleType === '' && modality === 'CT' ? 'HU' : rescaleType;
}
