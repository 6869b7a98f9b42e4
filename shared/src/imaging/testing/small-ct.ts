import type { DecodedFrame } from '../decoded-frame';
import { frameAttributes } from '../frame-attributes';

/** Six stored values, the last of them padding. */
export const smallFrame = (reduce: number): DecodedFrame => ({
  kind: 'grey',
  reduce,
  rows: 2,
  columns: 3,
  pixels: Int16Array.of(0, 1, 2, 10, 20, -2000),
  storedMin: 0,
  storedMax: 20,
  padding: { low: -2000, high: -2000 },
});
/** HU = 2 × stored − 1024, on pixels of 2 × 0.5 mm. */
export const smallCt = frameAttributes(
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
