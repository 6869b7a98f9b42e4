import type { FrameAttributes, SeriesManifest } from '../contract/film-manifest';
import type { DecodedFrame } from './decoded-frame';
import { fitted, type ImageXy, type Placement } from './viewport';
import { initialWindow, type VoiWindow } from './voi-window';

export interface Measurement {
  readonly from: ImageXy;
  readonly to: ImageXy;
}

/** How one series is looked at; kept while another is on screen. */
export interface SeriesLook {
  frame: number;
  placement: Placement;
  isInverted: boolean;
  /** Null: each frame's own window. */
  userWindow: VoiWindow | null;
  /** For objects without a window: from the first picture, once more when it is sharp, then fixed, so that nothing flickers. */
  rangeWindow: { readonly window: VoiWindow; readonly isFinal: boolean } | null;
  readonly lengths: Map<number, Measurement[]>;
}

/** A stack opens in its middle, a cine at its beginning. */
export function openingLook(series: Pick<SeriesManifest, 'frameTimeMs' | 'frames'>): SeriesLook {
  return {
    frame: series.frameTimeMs === null ? Math.floor(series.frames.length / 2) : 0,
    placement: fitted,
    isInverted: false,
    userWindow: null,
    rangeWindow: null,
    lengths: new Map(),
  };
}

/** The window a frame is shown with: the user's, its own, or one that spans the first picture's range. */
export function windowOf(look: SeriesLook, attributes: FrameAttributes, picture: DecodedFrame | null): VoiWindow {
  if (look.userWindow !== null) return look.userWindow;
  const grey = picture?.kind === 'grey' ? picture : null;
  if (attributes.voi.length > 0) return initialWindow(attributes, grey);
  if (grey === null) return look.rangeWindow?.window ?? initialWindow(attributes, grey);
  if (look.rangeWindow === null || (!look.rangeWindow.isFinal && grey.reduce === 0)) {
    look.rangeWindow = { window: initialWindow(attributes, grey), isFinal: grey.reduce === 0 };
  }
  return look.rangeWindow.window;
}
