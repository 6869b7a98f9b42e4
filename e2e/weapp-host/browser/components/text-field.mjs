// <input> and <textarea>, with a phone's keyboards: a number keyboard has no letters.
// https://developers.weixin.qq.com/miniprogram/dev/component/input.html

const keyboards = { number: /[^0-9]/g, digit: /[^0-9.]/g, idcard: /[^0-9Xx]/g };

export const textFieldParts = (host) => ({ input: fieldOf(host, 'input'), textarea: fieldOf(host, 'textarea') });

function fieldOf(host, tag) {
  return {
    properties: {
      value: String,
      type: { type: String, value: 'text' },
      password: Boolean,
      placeholder: String,
      placeholderStyle: String,
      placeholderClass: String,
      disabled: Boolean,
      maxlength: { type: Number, value: 140 },
      focus: Boolean,
      autoFocus: Boolean,
      confirmType: String,
      confirmHold: Boolean,
      name: String,
      autoHeight: Boolean,
      cursor: Number,
      cursorSpacing: Number,
      adjustPosition: Boolean,
      holdKeyboard: Boolean,
      showConfirmBar: Boolean,
      controlled: Boolean,
    },
    attached(node, element) {
      const field = document.createElement(tag);
      element.append(field);
      node.wxhControl = { value: () => field.value, reset: () => (field.value = node.data.value) };
      const detail = () => ({ value: field.value, cursor: field.selectionStart ?? field.value.length });
      field.addEventListener('input', (event) => {
        const banned = keyboards[node.data.type];
        if (banned !== undefined && tag === 'input') field.value = field.value.replace(banned, '');
        node.triggerEvent('input', { ...detail(), keyCode: event.data?.charCodeAt(0) ?? 8 });
      });
      field.addEventListener('focus', () => node.triggerEvent('focus', { value: field.value, height: 300 }));
      field.addEventListener('blur', () => node.triggerEvent('blur', detail()));
      field.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || tag !== 'input') return;
        event.preventDefault();
        node.triggerEvent('confirm', { value: field.value });
        if (!node.data.confirmHold) field.blur();
      });
    },
    update(node, element, data) {
      const field = element.firstChild;
      if (tag === 'input') field.type = data.password || data.type === 'safe-password' ? 'password' : 'text';
      field.placeholder = data.placeholder;
      field.disabled = data.disabled;
      if (data.maxlength >= 0) field.maxLength = data.maxlength;
      else field.removeAttribute('maxlength');
      field.setAttribute('style', host.system.inlineStyle(data.autoHeight ? 'field-sizing: content' : ''));
      if (node.wxhValue !== data.value || data.controlled) {
        node.wxhValue = data.value;
        if (field.value !== data.value) field.value = data.value;
      }
      const wantsFocus = data.focus || data.autoFocus;
      if (wantsFocus && !node.wxhFocused) requestAnimationFrame(() => field.focus());
      node.wxhFocused = wantsFocus;
    },
  };
}
