import type { VoiTable } from './lookup-table';
import { type Rescale, storedRamp, type VoiWindow, type WindowRamp } from './voi-window';

/** What makes light of modality values: a window, or a VOI LUT that stands instead of it. */
export interface Voi {
  readonly window: VoiWindow;
  readonly voiTable?: VoiTable | null | undefined;
}

/**
 * The way from stored value to light in the form the CPU and the shaders share: a `WindowRamp` over stored values, or a table
 * that is read at (x - from) · gain, between its entries in proportion.
 */
export type Tone =
  | (WindowRamp & { readonly isFalling: boolean; readonly units: null })
  | {
      readonly kind: 'table';
      readonly from: number;
      readonly gain: number;
      readonly isFalling: boolean;
      readonly units: Uint16Array;
    };

export function storedTone(voi: Voi, rescale: Rescale): Tone {
  if (voi.voiTable === null || voi.voiTable === undefined) return { ...storedRamp(voi.window, rescale), units: null };
  const { first, units } = voi.voiTable;
  const slope = rescale.rescaleSlope === 0 || !Number.isFinite(rescale.rescaleSlope) ? 1 : rescale.rescaleSlope;
  return { kind: 'table', from: (first - rescale.rescaleIntercept) / slope, gain: slope, isFalling: slope < 0, units };
}

/** Stored value (also one between two) to light: 0 darkest, 1 brightest of MONOCHROME2. */
export function toneUnit(tone: Tone): (stored: number) => number {
  const { from, gain, isFalling } = tone;
  switch (tone.kind) {
    case 'ramp':
      return (stored) => Math.min(1, Math.max(0, (stored - from) * gain));
    case 'sigmoid':
      return (stored) => 1 / (1 + Math.exp(-4 * (stored - from) * gain));
    case 'step':
      return isFalling ? (stored) => (stored < from ? 1 : 0) : (stored) => (stored > from ? 1 : 0);
    case 'table': {
      const { units } = tone;
      const last = units.length - 1;
      return (stored) => {
        const index = Math.min(last, Math.max(0, (stored - from) * gain));
        const below = Math.floor(index);
        const low = units[below] as number; // clamped to the table
        const high = units[Math.min(last, below + 1)] as number; // clamped to the table
        return (low + (high - low) * (index - below)) / 65_535;
      };
    }
    default:
      return tone satisfies never;
  }
}
