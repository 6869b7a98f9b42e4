import type { Mark } from '@yingyun/shared/measure/mark';
import type { MeasureDesk } from '@yingyun/shared/measure/measure-desk';
import { markNames, valueWords } from '@yingyun/shared/measure/words-zh';
import { make } from '../viewer/dom';
import type { PaletteOptions } from './palette';
import { text } from './text-zh';

/** All measurements of the film, to find, select and go to. */
export function makeMarksList(host: HTMLElement, options: PaletteOptions) {
  const box = make('div', 'ym-list', host);
  box.hidden = true;
  const heading = make('h2', '', box);
  const items = make('ul', '', box);
  let shown = '';
  const update = (): void => {
    const desk = options.desk();
    if (box.hidden || desk === undefined) return;
    const rows = desk.book.marks.map((mark) => ({
      mark,
      words: wordsOf(desk, mark),
      isOn: desk.selected?.id === mark.id,
    }));
    const key = JSON.stringify(rows.map(({ mark, words, isOn }) => [mark.id, mark.reach, words, isOn]));
    if (key === shown) return;
    shown = key;
    heading.textContent = text.heading(rows.length);
    items.replaceChildren(
      ...rows.map(({ mark, words, isOn }, i) => {
        const item = make('li', '');
        const button = make('button', 'ym-list-item', item);
        button.type = 'button';
        button.setAttribute('aria-pressed', String(isOn));
        make('strong', '', button, `${i + 1}. ${markNames[mark.kind]}`);
        make('span', '', button, words);
        button.addEventListener('click', () => {
          options.onShow?.(mark.sopInstanceUid, mark.frameNumber);
          desk.select(mark.id);
        });
        return item;
      }),
    );
    if (rows.length === 0) make('li', 'ym-list-empty', items, text.empty);
  };
  return {
    get isOpen() {
      return !box.hidden;
    },
    toggle() {
      box.hidden = !box.hidden;
      shown = '';
      update();
    },
    update,
  };
}

function wordsOf(desk: MeasureDesk, mark: Mark): string {
  if (mark.kind === 'text') return mark.text;
  const value = desk.valueOf(mark);
  return value === null ? text.notSeen : valueWords(value).join('  ');
}
