import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import type { FrameKey } from '@yingyun/shared/imaging/encoded-store';
import type { DecodedFrame } from '@yingyun/shared/imaging/decoded-frame';
import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
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

/** A button a series, with its middle slice; hidden where the film has one series only. */
export function makeSeriesStrip(film: FilmManifest, onPick: (series: number) => void): SeriesStrip {
  const element = make('div', 'yv-strip');
  element.setAttribute('role', 'group');
  element.setAttribute('aria-label', text.seriesStrip);
  element.hidden = film.series.length < 2;
  const buttons = film.series.map((series, index) => {
    const button = make('button', 'yv-series', element);
    button.type = 'button';
    button.setAttribute('aria-label', text.seriesName(series.seriesNumber, series.description, series.frames.length));
    const canvas = make('canvas', '', button);
    canvas.width = thumbnail.width;
    canvas.height = thumbnail.height;
    make('span', '', button, `${series.seriesNumber ?? '–'} · ${series.frames.length}`);
    button.addEventListener('click', () => onPick(index));
    return { button, canvas };
  });
  return {
    element,
    update(current) {
      buttons.forEach(({ button }, index) => setAttribute(button, 'aria-pressed', String(index === current)));
    },
    showThumbnail(key, frame, attributes) {
      const context = buttons[key.series]?.canvas.getContext('2d');
      if (context === null || context === undefined) return;
      context.putImageData(thumbnailPicture(frame, attributes, thumbnail.width), 0, 0);
    },
    clear() {
      for (const { canvas } of buttons) canvas.width = thumbnail.width; // setting a size wipes it
    },
  };
}
