import type { MarkKind } from '@yingyun/shared/measure/mark';
import type { PaletteOptions } from './palette';

/** None that the viewer has already (r, h, v, i, 0, digits of the layouts). */
export const kindKeys: Readonly<Record<MarkKind, string>> = {
  length: 'l',
  angle: 'a',
  cobb: 'c',
  ellipse: 'e',
  circle: 'o',
  rectangle: 'b',
  polygon: 'p',
  freehand: 'f',
  point: 'd',
  arrow: 'w',
  text: 't',
  'heart-chest': 'x',
  calibration: 'k',
};

/** Before the page's own keys: Esc leaves a half drawn line, not the exam. Answers what disconnects. */
export function connectKeys(
  options: Pick<PaletteOptions, 'desk' | 'desks' | 'onClose'>,
  take: (kind: MarkKind) => void,
): () => void {
  const ending = new AbortController();
  const press = (event: KeyboardEvent): void => {
    const { target, key } = event;
    const desk = options.desk();
    if (desk === undefined || event.altKey) return;
    if (target instanceof HTMLInputElement && target.type !== 'range') return;
    if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return;
    const letter = key.toLowerCase();
    const act = (() => {
      if (event.ctrlKey || event.metaKey) {
        if (letter === 'y' || (letter === 'z' && event.shiftKey)) return () => desk.redo();
        return letter === 'z' ? () => desk.undo() : undefined;
      }
      if (key === 'Escape') return () => desk.cancel() || options.onClose();
      if (key === 'Delete' || key === 'Backspace') return () => desk.removeSelected();
      if (key === 'Enter' && !(target instanceof HTMLButtonElement)) return () => desk.finish();
      const kind = (Object.keys(kindKeys) as MarkKind[]).find((one) => kindKeys[one] === letter); // its keys are the kinds
      return kind === undefined ? undefined : () => take(kind);
    })();
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  window.addEventListener('keydown', press, { capture: true, signal: ending.signal });
  return () => ending.abort();
}
