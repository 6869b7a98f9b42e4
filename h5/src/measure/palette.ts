import { type MarkKind, markKinds } from '@yingyun/shared/measure/mark';
import type { MeasureDesk } from '@yingyun/shared/measure/measure-desk';
import { markNames } from '@yingyun/shared/measure/words-zh';
import { make, makeSvg, setAttribute, setText } from '../viewer/dom';
import { icons } from './icons';
import type { Keeping } from './keep-marks';
import { connectKeys, kindKeys } from './keys';
import { makeMarksList } from './marks-list';
import { text } from './text-zh';

export interface PaletteOptions {
  /** Of the viewer that tools act on; undefined: none is there yet. */
  readonly desk: () => MeasureDesk | undefined;
  /** All that have the same tool in hand; default: that one. */
  readonly desks?: () => readonly MeasureDesk[];
  readonly onClose: () => void;
  /** Whether the server has it; absent: nothing is kept beyond this page. */
  readonly keeping?: () => Keeping;
  /** Where a mark of another frame is looked at. */
  readonly onShow?: (sopInstanceUid: string, frameNumber: number) => void;
}

export interface MeasurePalette {
  readonly element: HTMLElement;
  update(): void;
  close(): void;
}

/** The same tool in every viewport: the next press may be in another. */
export function takeInHand({ desk, desks }: Pick<PaletteOptions, 'desk' | 'desks'>, kind: MarkKind | null): void {
  const one = desk();
  for (const each of desks?.() ?? (one === undefined ? [] : [one])) each.take(kind);
}

/** Buttons for all that can be drawn and done, a line that says how, and the list. Its keys work on the whole page while it is open. */
export function mountPalette(options: PaletteOptions): MeasurePalette {
  const element = make('section', 'ym-palette');
  element.setAttribute('aria-label', text.tools);
  const list = makeMarksList(element, options);
  const head = make('div', 'ym-head', element);
  const hint = make('p', 'ym-hint', head);
  const kept = make('p', 'ym-kept', head);
  kept.setAttribute('role', 'status');
  const bar = make('div', 'ym-bar', element);
  bar.setAttribute('role', 'toolbar');
  bar.setAttribute('aria-label', text.tools);
  const button = (
    name: keyof typeof icons,
    words: string,
    press: (desk: MeasureDesk) => void,
    key = '',
  ): HTMLButtonElement => {
    const made = make('button', 'ym-tool', bar);
    made.type = 'button';
    made.dataset.measure = name;
    if (key !== '') made.title = text.key(words, key);
    const icon = makeSvg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, made);
    makeSvg('path', { d: icons[name] }, icon);
    make('span', '', made, words);
    made.addEventListener('click', () => {
      const desk = options.desk();
      if (desk !== undefined) press(desk);
      update();
    });
    return made;
  };
  const close = button('close', text.close, () => options.onClose());
  const select = button('select', text.select, () => takeInHand(options, null));
  const kinds = markKinds.map((kind) => ({
    kind,
    made: button(kind, markNames[kind], () => takeInHand(options, kind), kindKeys[kind].toUpperCase()),
  }));
  const finish = button('finish', text.finish, (desk) => desk.finish(), 'Enter');
  const undo = button('undo', text.undo, (desk) => desk.undo(), 'Ctrl Z');
  const redo = button('redo', text.redo, (desk) => desk.redo(), 'Ctrl Y');
  const remove = button('remove', text.remove, (desk) => desk.removeSelected(), 'Delete');
  const clear = button('clear', text.clear, (desk) => desk.clearHere());
  const reach = button('list', text.list, () => list.toggle());
  const mode = make('button', 'ym-tool ym-reach');
  mode.type = 'button';
  mode.title = text.reachTitle;
  clear.after(mode);
  mode.addEventListener('click', () => {
    const desk = options.desk();
    desk?.setReach(desk.reach === 'image' ? 'series' : 'image');
    update();
  });
  const disconnect = connectKeys(options, (kind) => takeInHand(options, kind));

  function update(): void {
    const desk = options.desk();
    const hand = desk?.hand ?? null;
    setText(hint, text.hints[hand ?? 'select']);
    const keeping = options.keeping?.();
    setText(kept, keeping === undefined ? text.staysHere : text.keeping[keeping]);
    setAttribute(kept, 'data-keeping', keeping ?? 'here');
    setAttribute(select, 'aria-pressed', String(hand === null));
    for (const { kind, made } of kinds) setAttribute(made, 'aria-pressed', String(hand === kind));
    const calibrate = kinds.find(({ kind }) => kind === 'calibration')?.made;
    if (calibrate !== undefined) {
      calibrate.disabled = desk?.canCalibrate !== true;
      calibrate.title = calibrate.disabled ? text.cannotCalibrate : text.key(markNames.calibration, 'K');
    }
    finish.hidden = hand !== 'polygon';
    finish.disabled = (desk?.draft?.points.length ?? 0) < 3;
    undo.disabled = desk?.book.canUndo !== true;
    redo.disabled = desk?.book.canRedo !== true;
    remove.disabled = (desk?.selected ?? null) === null;
    clear.disabled = (desk?.marksHere.length ?? 0) === 0;
    setText(mode, text.reach[desk?.reach ?? 'image']);
    setAttribute(mode, 'aria-pressed', String(desk?.reach === 'series'));
    setAttribute(reach, 'aria-pressed', String(list.isOpen));
    list.update();
  }
  update();
  return {
    element,
    update,
    close() {
      disconnect();
      element.remove();
      close.blur();
    },
  };
}
