import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import type { MarkBook } from '@yingyun/shared/measure/mark-book';
import type { MeasureLayer } from '../measure/mount-measure';
import { text } from './text-zh';
import type { ViewerMeasuring } from './viewer-contract';

/** What the measuring tools get of a viewer. */
export interface MeasuredStage {
  readonly root: HTMLElement;
  readonly stage: HTMLElement;
  readonly session: ViewerSession;
  readonly requestDraw: () => void;
  readonly isOver: () => boolean;
}

export interface MeasureDoor {
  open(book?: MarkBook): Promise<ViewerMeasuring>;
  /** The viewer's own palette, above its toolbar, with the length in hand. */
  openPalette(toolbar: Element, say: (words: string) => void): Promise<void>;
  closePalette(): void;
  update(): void;
  close(): void;
}

/** Measuring is no part of what a first image waits for: its code comes when somebody asks for it. */
export function makeMeasureDoor(parts: MeasuredStage): MeasureDoor {
  let layer: MeasureLayer | undefined;
  const open: MeasureDoor['open'] = async (book) => {
    const { mountMeasure } = await import('../measure/mount-measure');
    if (parts.isOver()) throw new Error('the viewer is gone');
    layer ??= mountMeasure(parts, book);
    return layer;
  };
  return {
    open,
    openPalette: (toolbar, say) =>
      open().then(
        () => layer?.showPalette(toolbar),
        () => {
          parts.session.setTool('scroll');
          say(text.measureFailed);
        },
      ),
    closePalette: () => layer?.hidePalette(),
    update: () => layer?.update(),
    close: () => layer?.close(),
  };
}
