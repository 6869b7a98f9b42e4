import './measure.css';
import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import { MarkBook } from '@yingyun/shared/measure/mark-book';
import { MeasureDesk } from '@yingyun/shared/measure/measure-desk';
import { makeAskBox } from './ask-box';
import { makeLoupe } from './loupe';
import { makeMarksDrawing } from './marks-drawing';
import { newMarkId } from './new-mark-id';
import { type MeasurePalette, mountPalette } from './palette';

export { type MeasurePalette, mountPalette };

/** What a viewer gives. */
interface MeasuredStage {
  readonly stage: HTMLElement;
  readonly session: ViewerSession;
  readonly requestDraw: () => void;
}

/** Marks over one viewer's pictures. */
export interface MeasureLayer {
  readonly desk: MeasureDesk;
  listen(listener: () => void): () => void;
  /** The viewer's own palette, above its toolbar, with the length in hand; where another tool was taken meanwhile, none. */
  showPalette(toolbar: Element): void;
  hidePalette(): void;
  /** After each drawing of the picture. */
  update(): void;
  close(): void;
}

export function mountMeasure({ stage, session, requestDraw }: MeasuredStage, book = new MarkBook()): MeasureLayer {
  const desk = new MeasureDesk(session, book, newMarkId, requestDraw);
  const drawing = makeMarksDrawing(stage, session, desk);
  const loupe = makeLoupe(stage, session);
  const ask = makeAskBox(stage, desk);
  const listeners = new Set<() => void>();
  let palette: MeasurePalette | undefined;
  const hidePalette = (): void => {
    palette?.close();
    palette = undefined;
    desk.take(null);
  };
  const ending = new AbortController();
  const stopListening = book.listen(requestDraw);
  session.measuring = desk;
  stage.addEventListener(
    'pointermove',
    (event) => {
      if (event.pointerType === 'touch' || event.buttons !== 0) return;
      const box = stage.getBoundingClientRect();
      const [x, y] = [event.clientX - box.left, event.clientY - box.top];
      const hit = desk.hitAt(x * session.pixelRatio, y * session.pixelRatio);
      const drawing = session.tool === 'measure' && desk.hand !== null ? 'crosshair' : '';
      stage.style.cursor = hit === null ? drawing : hit.part === 'handle' ? 'grab' : 'move';
    },
    { signal: ending.signal },
  );
  return {
    desk,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    showPalette(toolbar) {
      if (session.tool !== 'measure') return;
      desk.take('length');
      palette ??= mountPalette({ desk: () => desk, onClose: () => session.setTool('scroll') });
      toolbar.before(palette.element);
    },
    hidePalette,
    update() {
      if (palette !== undefined && session.tool !== 'measure') hidePalette();
      palette?.update();
      drawing.update();
      loupe.update(desk.pointUnderFinger);
      ask.update();
      if (desk.isHolding && stage.style.cursor === 'grab') stage.style.cursor = 'grabbing';
      for (const listener of listeners) listener();
    },
    close() {
      palette?.close();
      session.measuring = null;
      stage.style.cursor = '';
      stopListening();
      ending.abort();
      for (const part of [drawing, loupe, ask]) part.close();
      listeners.clear();
    },
  };
}
