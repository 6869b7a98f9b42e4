// Toast, loading, modal and action sheet, drawn over the page. They are real DOM: a test taps their buttons.
import { make } from './page-frame.mjs';

export function createOverlays(host) {
  let toast;
  let sheet;
  const layer = make('div', 'wxh-overlay');
  document.body.prepend(layer); // before the pages: what lies on top is found first

  const hideToast = () => {
    clearTimeout(toast?.timer);
    toast?.element.remove();
    toast = undefined;
  };
  const showToast = ({ title, icon, image, duration, mask, kind }) => {
    hideToast();
    const element = make('div', `wxh-toast${mask === true ? ' wxh-masked' : ''}`);
    const box = make('div', `wxh-toast-box wxh-icon-${image === undefined ? icon : 'image'}`);
    box.append(make('span', '', title));
    element.append(box);
    layer.append(element);
    toast = { element, kind, title };
    if (duration !== undefined) toast.timer = setTimeout(hideToast, duration);
  };
  const ask = (draw) =>
    new Promise((resolve) => {
      const element = make('div', 'wxh-dialog wxh-masked');
      const done = (answer) => {
        element.remove();
        sheet = undefined;
        resolve(answer);
      };
      draw(element, done);
      layer.append(element);
    });

  return {
    showToast,
    hideToast: (kind) => toast?.kind === kind && hideToast(),
    describe: () => ({ toast: toast?.title, kind: toast?.kind, dialog: sheet }),
    /** @returns {Promise<{confirm: boolean, cancel: boolean, content: string|null}>} */
    modal: (options) =>
      ask((element, done) => {
        sheet = options.title || options.content;
        const box = make('div', 'wxh-modal');
        if (options.title) box.append(make('h3', '', options.title));
        let input;
        if (options.editable === true) {
          input = make('input', 'wxh-modal-input');
          input.placeholder = options.placeholderText ?? '';
          input.value = options.content ?? '';
          box.append(input);
        } else box.append(make('p', '', options.content ?? ''));
        const buttons = make('div', 'wxh-modal-buttons');
        const button = (text, color, isConfirm) => {
          const one = make('button', '', text);
          one.style.color = color;
          one.onclick = () =>
            done({ confirm: isConfirm, cancel: !isConfirm, content: isConfirm && input ? input.value : null });
          buttons.append(one);
        };
        if (options.showCancel !== false) button(options.cancelText ?? '取消', options.cancelColor ?? '#000000', false);
        button(options.confirmText ?? '确定', options.confirmColor ?? '#576B95', true);
        box.append(buttons);
        element.append(box);
      }),
    /** @returns {Promise<number>} index of the tapped item, −1 for cancel */
    actionSheet: (options) =>
      ask((element, done) => {
        sheet = options.itemList.join(' ');
        const box = make('div', 'wxh-sheet');
        if (options.alertText) box.append(make('p', '', options.alertText));
        const button = (text, index, color) => {
          const one = make('button', index < 0 ? 'wxh-cancel' : '', text);
          one.style.color = color;
          one.onclick = () => done(index);
          box.append(one);
        };
        options.itemList.forEach((text, index) => button(text, index, options.itemColor ?? '#000000'));
        button('取消', -1, '#000000');
        element.append(box);
      }),
    /** The system's question for a permission; the test answers it like any dialog. */
    permission: (text) =>
      ask((element, done) => {
        sheet = text;
        const box = make('div', 'wxh-sheet');
        box.append(make('p', '', text));
        for (const [label, isAllowed] of [
          ['拒绝', false],
          ['允许', true],
        ]) {
          const one = make('button', '', label);
          one.onclick = () => done(isAllowed);
          box.append(one);
        }
        element.append(box);
      }),
    /** A wheel of choices, as <picker> shows it. `columns` are lists of texts. @returns chosen indices, or undefined */
    picker: (columns, chosen) =>
      ask((element, done) => {
        sheet = 'picker';
        const box = make('div', 'wxh-sheet wxh-picker');
        const bar = make('div', 'wxh-picker-bar');
        const cancel = make('button', '', '取消');
        const confirm = make('button', '', '确定');
        cancel.onclick = () => done(undefined);
        const indices = columns.map((_, column) => chosen[column] ?? 0);
        confirm.onclick = () => done(indices);
        bar.append(cancel, confirm);
        const wheels = make('div', 'wxh-wheels');
        columns.forEach((texts, column) => {
          const wheel = make('div', 'wxh-wheel');
          texts.forEach((text, index) => {
            const item = make('div', `wxh-wheel-item${index === indices[column] ? ' wxh-chosen' : ''}`, text);
            item.onclick = () => {
              indices[column] = index;
              for (const other of wheel.children) other.classList.toggle('wxh-chosen', other === item);
            };
            wheel.append(item);
          });
          wheels.append(wheel);
        });
        box.append(bar, wheels);
        element.append(box);
      }),
  };
}
