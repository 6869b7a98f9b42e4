import type { FrameAttributes, SeriesManifest } from '../contract/film-manifest';
import type { DecodedFrame } from './decoded-frame';
import { openingWindow, type VoiChoice } from './default-window';
import { fitted, type Placement } from './viewport';

/** How one series is looked at; kept while another is on screen. */
export interface SeriesLook {
  frame: number;
  placement: Placement;
  isInverted: boolean;
  /** Null: each frame's own window. */
  userWindow: VoiChoice | null;
  /** For objects without a window: from the first picture, once more when it is sharp, then fixed, so that nothing flickers. */
  rangeWindow: { readonly window: VoiChoice; readonly isFinal: boolean } | null;
}

/** A stack opens in its middle, a cine at its beginning. */
export function openingLook(series: Pick<SeriesManifest, 'frameTimeMs' | 'frames'>): SeriesLook {
  return {
    frame: series.frameTimeMs === null ? Math.floor(series.frames.length / 2) : 0,
    placement: fitted,
    isInverted: false,
    userWindow: null,
    rangeWindow: null,
  };
}

/** The window a frame is shown with: the user's, its own, or one that suits its modality and the first picture's range. */
export function windowOf(
  look: SeriesLook,
  attributes: FrameAttributes,
  picture: DecodedFrame | null,
  modality: string,
): VoiChoice {
  if (look.userWindow !== null) return look.userWindow;
  const grey = picture?.kind === 'grey' ? picture : null;
  if (attributes.voi.length > 0 || attributes.voiLuts.length > 0) return openingWindow(attributes, grey, modality);
  if (grey === null) return look.rangeWindow?.window ?? openingWindow(attributes, grey, modality);
  if (look.rangeWindow === null || (!look.rangeWindow.isFinal && grey.reduce === 0)) {
    look.rangeWindow = { window: openingWindow(attributes, grey, modality), isFinal: grey.reduce === 0 };
  }
  return look.rangeWindow.window;
}
