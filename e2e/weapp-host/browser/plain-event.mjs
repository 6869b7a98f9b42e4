// glass-easel's event → the plain object that WeChat hands to a handler.

/** Anything else than an event is returned as it is. */
export function plainEvent(host, value) {
  if (typeof value?.wrapShadowedEvent !== 'function') return value;
  const event = {
    type: value.type,
    timeStamp: Math.round(performance.now()),
    target: describe(host, value.target),
    currentTarget: describe(host, value.currentTarget),
    mark: value.mark ?? {},
    detail: value.detail ?? {},
    mut: false,
  };
  if (value.extraFields?.touches !== undefined) {
    event.touches = value.extraFields.touches;
    event.changedTouches = value.extraFields.changedTouches;
  }
  return event;
}

function describe(host, target) {
  const node = target?._$ ?? target;
  const element = node?.getBackendElement?.() ?? node?.$$;
  const offsetLeft = element?.offsetLeft ?? 0;
  const offsetTop = element?.offsetTop ?? 0;
  return { id: target?.id ?? '', offsetLeft, offsetTop, dataset: { ...target?.dataset } };
}
