import type { FilmManifest, FrameAttributes, SeriesManifest } from '@yingyun/shared/contract/film-manifest';
import type { DecodedFrame } from '@yingyun/shared/imaging/decoded-frame';
import type { FrameKey } from '@yingyun/shared/imaging/encoded-store';
import { make, setAttribute } from './dom';
import { text } from './text-zh';
import { thumbnailPicture } from './thumbnail-picture';

const thumbnail = { width: 96, height: 96 };

export interface SeriesStrip {
  readonly element: HTMLElement;
  update(current: number): void;
  showThumbnail(key: FrameKey, frame: DecodedFrame, attributes: FrameAttributes): void;
  clear(): void;
}

/** A button a series that has images, with its middle slice, and one for all `objects` without; hidden where there is one series alone. */
export function makeSeriesStrip(
  film: FilmManifest,
  onPick: (series: number) => void,
  objects: HTMLElement | null = null,
): SeriesStrip {
  const element = make('div', 'yv-strip');
  element.setAttribute('role', 'group');
  element.setAttribute('aria-label', text.seriesStrip);
  const shown = film.series.filter(isShown).length;
  element.hidden = shown < 2 && objects === null;
  const buttons = film.series.map((series, index) => {
    const button = make('button', 'yv-series', element);
    button.type = 'button';
    button.setAttribute('aria-label', text.seriesName(series.seriesNumber, series.description, series.frames.length));
    const canvas = make('canvas', '', button);
    canvas.width = thumbnail.width;
    canvas.height = thumbnail.height;
    make(
      'span',
      '',
      button,
      series.seriesNumber === null ? String(series.frames.length) : `${series.seriesNumber} · ${series.frames.length}`,
    );
    button.addEventListener('click', () => onPick(index));
    button.hidden = !isShown(series);
    return { button, canvas };
  });
  if (objects !== null) element.append(objects);
  return {
    element,
    update(current) {
      buttons.forEach(({ button }, index) => setAttribute(button, 'aria-pressed', String(index === current)));
    },
    showThumbnail(key, frame, attributes) {
      const context = buttons[key.series]?.canvas.getContext('2d');
      if (context === null || context === undefined) return;
      context.putImageData(
        thumbnailPicture(frame, attributes, film.series[key.series]?.modality ?? '', thumbnail.width),
        0,
        0,
      );
    },
    clear() {
      for (const { canvas } of buttons) canvas.width = thumbnail.width; // setting a size wipes it
    },
  };
}

/** A series of documents only is found among the objects. */
function isShown({ frames, withoutImage }: SeriesManifest): boolean {
  return frames.length > 0 || withoutImage.length === 0;
}
