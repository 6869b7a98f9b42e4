// <switch>, <checkbox>, <radio> and their groups, <slider>.

const shown = (element, isChecked) => element.toggleAttribute('data-checked', isChecked);

/** A control that is on or off. `onToggle(node, element)` after a finger has changed it. */
function toggled(properties, onToggle, isOneWay = false) {
  return {
    properties: { checked: Boolean, disabled: Boolean, color: String, name: String, ...properties },
    update(node, element, { checked }) {
      if (node.wxhShown === checked) return;
      node.wxhShown = checked;
      node.wxhChecked = checked;
      shown(element, checked);
    },
    attached(node, element) {
      const set = (isChecked) => {
        node.wxhChecked = isChecked;
        shown(element, isChecked);
      };
      const toggle = () => {
        if (node.data.disabled || (isOneWay && node.wxhChecked)) return;
        set(isOneWay || !node.wxhChecked);
        onToggle(node, element);
      };
      node.wxhSet = set;
      node.wxhControl = { value: () => node.wxhChecked === true, reset: () => set(node.data.checked), toggle };
      node.addListener('tap', toggle);
    },
  };
}

export const choiceParts = () => ({
  switch: toggled({ type: String }, (node) => node.triggerEvent('change', { value: node.wxhChecked })),
  checkbox: toggled({ value: String }, (_, element) => tellGroup(element, 'wx-checkbox-group', 'wx-checkbox')),
  radio: toggled(
    { value: String },
    (node, element) => {
      const group = element.closest('wx-radio-group');
      for (const other of group?.querySelectorAll('wx-radio') ?? [])
        if (other !== element) other.__wxElement.wxhSet(false);
      group?.__wxElement.triggerEvent('change', { value: node.data.value });
    },
    true,
  ),
  'checkbox-group': { properties: { name: String } },
  'radio-group': { properties: { name: String } },
  slider: {
    properties: {
      min: Number,
      max: { type: Number, value: 100 },
      step: { type: Number, value: 1 },
      value: Number,
      disabled: Boolean,
      showValue: Boolean,
      activeColor: String,
      backgroundColor: String,
      blockSize: Number,
      name: String,
    },
    attached(node, element) {
      const range = document.createElement('input');
      range.type = 'range';
      range.oninput = () => node.triggerEvent('changing', { value: Number(range.value) });
      range.onchange = () => node.triggerEvent('change', { value: Number(range.value) });
      element.style.display = 'block';
      element.append(range);
      node.wxhControl = { value: () => Number(range.value), reset: () => (range.value = node.data.value) };
    },
    update(_, element, { min, max, step, value, disabled, activeColor, backgroundColor }) {
      const range = element.firstChild;
      Object.assign(range, { min, max, step, disabled });
      range.value = value;
      range.style.setProperty('--share', `${(100 * (range.value - min)) / (max - min || 1)}%`);
      range.style.setProperty('--active', activeColor || '#1aad19');
      range.style.setProperty('--rest', backgroundColor || '#e9e9e9');
    },
  },
});

function tellGroup(element, groupTag, tag) {
  const group = element.closest(groupTag);
  const value = [...(group?.querySelectorAll(tag) ?? [])]
    .map((one) => one.__wxElement)
    .filter((node) => node.wxhChecked)
    .map((node) => node.data.value);
  group?.__wxElement.triggerEvent('change', { value });
}
