import type { FrameAttributes, LookupTable } from '../contract/film-manifest';
import type { GreyFrame } from './decoded-frame';
import { noPadding } from './pixel-padding';
import { fullRangeWindow, legalWindow, modalityValue, type VoiWindow } from './voi-window';

/** A window to look through, with what may come with the choice. */
export interface VoiChoice extends VoiWindow {
  /** A VOI LUT that stands instead of the window, whose centre and width then say what it spans. */
  readonly lut?: LookupTable | undefined;
  /** The choice also says which way round grey goes; absent: as it was. */
  readonly isInverted?: boolean | undefined;
}

/** A VOI LUT as a choice. */
export function lutChoice(lut: LookupTable): VoiChoice {
  const count = Math.floor((lut.entriesBase64.replace(/=+$/, '').length * 6) / 16); // a letter is 6 bits, an entry 16
  return { center: lut.first + count / 2, width: Math.max(1, count), shape: 'LINEAR_EXACT', lut };
}

const skewed = new Set(['MR', 'CR', 'DX', 'MG', 'XA', 'RF', 'IO', 'PX', 'DR']);
const counted = new Set(['PT', 'NM']);

/** What a frame opens with: its own first window, else its first VOI LUT, else what its modality is usually looked at with. */
export function openingWindow(attributes: FrameAttributes, frame: GreyFrame | null, modality: string): VoiChoice {
  const own = attributes.voi.find((voi) => Number.isFinite(voi.center) && voi.width > 0);
  if (own !== undefined) return legalWindow({ center: own.center, width: own.width, shape: attributes.voiLutFunction });
  const lut = attributes.voiLuts[0];
  return lut === undefined ? modalityWindow(attributes, frame, modality) : lutChoice(lut);
}

/**
 * CT in HU: soft tissue. MR and radiographs: all but the darkest and brightest half per cent, so that one hot pixel or a metal marker
 * doesn't hide the rest. Counts (PET, NM): from nothing up. 8-bit pictures: as they are. Anything else: the whole range.
 */
function modalityWindow(attributes: FrameAttributes, frame: GreyFrame | null, modality: string): VoiWindow {
  const { rescaleType, modalityLut, bitsStored, isSigned } = attributes;
  if (modality === 'CT' && modalityLut === null && (rescaleType === 'HU' || rescaleType === '')) {
    return { center: 40, width: 400, shape: 'LINEAR' };
  }
  if (frame === null) return { center: 128, width: 256, shape: 'LINEAR' };
  if (skewed.has(modality)) {
    return (
      between(valueAt(frame, 0.005, attributes), valueAt(frame, 0.995, attributes)) ??
      fullRangeWindow(attributes, frame)
    );
  }
  if (counted.has(modality)) {
    return (
      between(0, Math.max(...[0.005, 0.995].map((share) => valueAt(frame, share, attributes)))) ??
      fullRangeWindow(attributes, frame)
    );
  }
  const isPicture = bitsStored <= 8 && !isSigned && modalityLut === null && modality !== '';
  return isPicture
    ? (between(modalityValue(0, attributes), modalityValue(2 ** bitsStored - 1, attributes)) ??
        fullRangeWindow(attributes, frame))
    : fullRangeWindow(attributes, frame);
}

function between(one: number, other: number): VoiWindow | null {
  const low = Math.min(one, other);
  const high = Math.max(one, other);
  return high > low ? { center: (low + high) / 2, width: high - low, shape: 'LINEAR_EXACT' } : null;
}

const samples = 65_536;

/** The modality value below which a share of the frame's pixels lies, padding left out; of a sample where the frame is large. */
function valueAt(frame: GreyFrame, share: number, attributes: FrameAttributes): number {
  const { pixels, storedMin, storedMax } = frame;
  const { low, high } = frame.padding ?? noPadding;
  const step = Math.max(1, Math.ceil(pixels.length / samples));
  const binWidth = Math.max(1, (storedMax - storedMin + 1) / samples);
  const bins = new Uint32Array(samples);
  let count = 0;
  for (let i = 0; i < pixels.length; i += step) {
    const value = pixels[i] as number; // in range: i < length
    if (value >= low && value <= high) continue;
    const bin = Math.floor((value - storedMin) / binWidth);
    bins[bin] = (bins[bin] ?? 0) + 1;
    count++;
  }
  let left = count * share;
  let bin = 0;
  while (bin < samples - 1 && left > (bins[bin] ?? 0)) left -= bins[bin++] ?? 0;
  return modalityValue(Math.min(storedMax, storedMin + bin * binWidth), attributes);
}
