import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import type { VoiWindow } from '@yingyun/shared/imaging/voi-window';
import { windowPresets } from '@yingyun/shared/imaging/window-presets';
import { text } from './text-zh';

export interface WindowChoice {
  readonly name: string;
  readonly window: VoiWindow;
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
