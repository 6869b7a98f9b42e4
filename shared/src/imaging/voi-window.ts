import type { FrameAttributes } from '../contract/film-manifest';
import type { GreyFrame } from './decoded-frame';

export type VoiFunction = FrameAttributes['voiLutFunction'];

/** A VOI window in modality values (HU, …): PS3.3 C.11.2. */
export interface VoiWindow {
  readonly center: number;
  readonly width: number;
  readonly shape: VoiFunction;
}

/** The narrowest legal width: 1 for LINEAR, anything above 0 for the others (PS3.3 C.11.2.1.2.1, C.11.2.1.3). */
export function legalWindow(window: VoiWindow): VoiWindow {
  const least = window.shape === 'LINEAR' ? 1 : 1e-3;
  const center = Number.isFinite(window.center) ? window.center : 0;
  const width = Number.isFinite(window.width) ? Math.max(least, window.width) : least;
  return { center, width, shape: window.shape };
}

/** A modality value through the window: 0 (darkest) to 1 (brightest) of MONOCHROME2. */
export function applyWindow(value: number, window: VoiWindow): number {
  const ramp = windowRamp(window);
  if (ramp.kind === 'sigmoid') return 1 / (1 + Math.exp(-4 * (value - ramp.from) * ramp.gain));
  if (ramp.kind === 'step') return value > ramp.from ? 1 : 0;
  return Math.min(1, Math.max(0, (value - ramp.from) * ramp.gain));
}

/**
 * The window in the form the CPU and the shaders share:
 * ramp = clamp((x - from) · gain); step = x > from; sigmoid = 1 / (1 + exp(-4 (x - from) gain)).
 */
export interface WindowRamp {
  readonly kind: 'ramp' | 'step' | 'sigmoid';
  readonly from: number;
  readonly gain: number;
}

export function windowRamp(window: VoiWindow): WindowRamp {
  const { center, width, shape } = legalWindow(window);
  switch (shape) {
    case 'SIGMOID': // PS3.3 C.11.2.1.3.1
      return { kind: 'sigmoid', from: center, gain: 1 / width };
    case 'LINEAR_EXACT': // PS3.3 C.11.2.1.3.2
      return { kind: 'ramp', from: center - width / 2, gain: 1 / width };
    case 'LINEAR': {
      // PS3.3 C.11.2.1.2.1: the ramp runs over w - 1 around c - 0.5; width 1 is legal and means a step
      const from = center - 0.5 - (width - 1) / 2;
      return width === 1 ? { kind: 'step', from, gain: 0 } : { kind: 'ramp', from, gain: 1 / (width - 1) };
    }
    default:
      return shape satisfies never;
  }
}

/** The same ramp over stored values (PS3.3 C.11.1: output = m · SV + b). A negative slope turns a step round: `isFalling`. */
export function storedRamp(window: VoiWindow, rescale: Rescale): WindowRamp & { readonly isFalling: boolean } {
  const ramp = windowRamp(window);
  const slope = rescale.rescaleSlope === 0 || !Number.isFinite(rescale.rescaleSlope) ? 1 : rescale.rescaleSlope;
  return {
    kind: ramp.kind,
    from: (ramp.from - rescale.rescaleIntercept) / slope,
    gain: ramp.gain * slope,
    isFalling: slope < 0,
  };
}

export type Rescale = Pick<FrameAttributes, 'rescaleSlope' | 'rescaleIntercept'>;

/** Stored value to modality value, PS3.3 C.11.1. A slope of 0 says nothing and is read as 1. */
export function modalityValue(stored: number, rescale: Rescale): number {
  return stored * (rescale.rescaleSlope === 0 ? 1 : rescale.rescaleSlope) + rescale.rescaleIntercept;
}

/** The window a frame opens with: its own first one, or its minimum to maximum. */
export function initialWindow(attributes: FrameAttributes, frame: GreyFrame | null): VoiWindow {
  const own = attributes.voi.find((voi) => Number.isFinite(voi.center) && voi.width > 0);
  if (own !== undefined) return legalWindow({ center: own.center, width: own.width, shape: attributes.voiLutFunction });
  return frame === null ? { center: 128, width: 256, shape: 'LINEAR' } : fullRangeWindow(attributes, frame);
}

/** The window that spreads the frame's own minimum to maximum (padding left out) over black to white. */
export function fullRangeWindow(attributes: Rescale, frame: GreyFrame): VoiWindow {
  const a = modalityValue(frame.storedMin, attributes);
  const b = modalityValue(frame.storedMax, attributes);
  const low = Math.min(a, b);
  const high = Math.max(a, b);
  return high > low
    ? { center: (low + high) / 2, width: high - low, shape: 'LINEAR_EXACT' }
    : { center: low, width: 1, shape: 'LINEAR_EXACT' };
}
