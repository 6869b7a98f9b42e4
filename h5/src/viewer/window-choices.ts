import type { VoiChoice } from '@yingyun/shared/imaging/default-window';
import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import { windowPresets } from '@yingyun/shared/imaging/window-presets';
import { text } from './text-zh';

export interface WindowChoice {
  readonly name: string;
  readonly window: VoiChoice;
}

/** The windows to choose from for the image on screen, by name. */
export function windowChoices(session: ViewerSession): WindowChoice[] {
  const { series } = session;
  if (series === undefined || session.frameCount === 0) return [];
  return windowPresets(series, session.attributes, session.picture).map(({ key, name, window }) => ({
    name: name !== '' ? name : key === '' ? text.presets.own : text.presets[key],
    window,
  }));
}
