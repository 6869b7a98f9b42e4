// <form> and <label>: a form collects the values of the named controls inside it.

export const formParts = () => ({
  form: { properties: { reportSubmit: Boolean, reportSubmitTimeout: Number } },
  label: {
    properties: { for: String },
    attached: (node, element) =>
      node.addListener('tap', (event) => {
        const isOwnControl = event.target !== node && controlOf(event.target) !== undefined;
        if (isOwnControl) return;
        const wanted = node.data.for;
        const control = wanted
          ? node.ownerShadowRoot?.querySelector(`#${wanted}`)
          : nodesIn(element).find((one) => controlOf(one) !== undefined);
        controlOf(control)?.toggle?.();
      }),
  },
});

/** What a control told its form: `node.wxhControl = { value(), reset(), toggle?() }`. */
const controlOf = (node) => node?.wxhControl ?? node?._$?.wxhControl;

function nodesIn(element) {
  return [...element.querySelectorAll('*')].map((one) => one.__wxElement).filter((node) => node !== undefined);
}

export function submitForm(node) {
  const form = formOf(node);
  if (form === undefined) return;
  const value = {};
  for (const one of nodesIn(form.getBackendElement()))
    if (controlOf(one) !== undefined && one.data.name) value[one.data.name] = controlOf(one).value();
  form.triggerEvent('submit', { value, target: { id: node.id, dataset: { ...node.dataset } } });
}

export function resetForm(node) {
  const form = formOf(node);
  if (form === undefined) return;
  for (const one of nodesIn(form.getBackendElement())) controlOf(one)?.reset();
  form.triggerEvent('reset', {});
}

function formOf(node) {
  return node.getBackendElement().closest('wx-form')?.__wxElement;
}
