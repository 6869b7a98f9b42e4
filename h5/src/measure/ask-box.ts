import type { MeasureDesk } from '@yingyun/shared/measure/measure-desk';
import { make } from '../viewer/dom';
import { text } from './text-zh';

/** Asks for the words of a text or the millimetres of a calibration line, over the stage. */
export function makeAskBox(stage: HTMLElement, desk: MeasureDesk) {
  const form = make('form', 'ym-ask', stage);
  form.hidden = true;
  const label = make('label', '', form);
  const words = make('span', '', label);
  const field = make('input', '', label);
  field.maxLength = 200;
  field.autocomplete = 'off';
  const save = make('button', 'ym-ask-save', form, text.confirm);
  const leave = make('button', '', form, text.cancel);
  leave.type = 'button';
  save.type = 'submit';
  let asked: string | undefined;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    desk.answer(field.value);
  });
  leave.addEventListener('click', () => desk.cancel());
  // The stage's gestures are not for the form, nor its keys for the page.
  for (const name of ['pointerdown', 'pointermove', 'pointerup', 'wheel', 'contextmenu'])
    form.addEventListener(name, (event) => event.stopPropagation());
  form.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape') desk.cancel();
  });
  return {
    update() {
      const mark = desk.asking;
      form.hidden = mark === null;
      if (mark === null) {
        if (asked !== undefined) stage.focus({ preventScroll: true });
        asked = undefined;
        return;
      }
      if (asked === mark.id) return;
      asked = mark.id;
      const isLength = mark.kind === 'calibration';
      words.textContent = isLength ? text.askMillimetres : text.askWords;
      field.inputMode = isLength ? 'decimal' : 'text';
      field.value = '';
      field.focus();
    },
    close: () => form.remove(),
  };
}
