// <picker>: selector, multiSelector, date and time, on a wheel from below.

export const pickerParts = (host) => ({
  picker: {
    properties: {
      mode: { type: String, value: 'selector' },
      range: { type: Array, value: [] },
      rangeKey: String,
      value: { type: null, value: '' },
      start: String,
      end: String,
      fields: { type: String, value: 'day' },
      disabled: Boolean,
      headerText: String,
      name: String,
    },
    attached(node) {
      node.wxhControl = { value: () => node.data.value, reset: () => undefined };
      node.addListener('tap', async () => {
        if (node.data.disabled) return;
        const wheel = wheelOf(node.data);
        if (wheel === undefined) return host.faults.add(`<picker mode="${node.data.mode}"> is not part of this host`);
        const chosen = await host.overlays.picker(wheel.columns, wheel.chosen);
        if (chosen === undefined) node.triggerEvent('cancel', {});
        else node.triggerEvent('change', { value: wheel.valueOf(chosen) });
      });
    },
  },
});

function wheelOf({ mode, range, rangeKey, value, start, end, fields }) {
  const text = (item) => String(rangeKey ? item?.[rangeKey] : item);
  if (mode === 'selector')
    return { columns: [range.map(text)], chosen: [Number(value) || 0], valueOf: ([index]) => String(index) };
  if (mode === 'multiSelector')
    return {
      columns: range.map((column) => column.map(text)),
      chosen: Array.isArray(value) ? value : [],
      valueOf: (indices) => indices,
    };
  if (mode === 'time') {
    const columns = [numbers(0, 23), numbers(0, 59)];
    return {
      columns,
      chosen: at(columns, value.split(':')),
      valueOf: (indices) => indices.map((index, i) => columns[i][index]).join(':'),
    };
  }
  if (mode === 'date') {
    const first = Number((start || '1900').slice(0, 4));
    const last = Number((end || '2100').slice(0, 4));
    const columns = [numbers(first, last, 4), numbers(1, 12), numbers(1, 31)].slice(
      0,
      { year: 1, month: 2, day: 3 }[fields],
    );
    return {
      columns,
      chosen: at(columns, String(value).split('-')),
      valueOf: (indices) => indices.map((index, i) => columns[i][index]).join('-'),
    };
  }
  return undefined;
}

const numbers = (from, to, digits = 2) =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index).padStart(digits, '0'));
const at = (columns, parts) => columns.map((texts, index) => Math.max(0, texts.indexOf(parts[index])));
