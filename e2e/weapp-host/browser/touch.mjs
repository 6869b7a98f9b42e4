// Real touches of Chromium → WeChat's touch events: touchstart, touchmove, touchend, touchcancel, tap, longpress, longtap.
// https://developers.weixin.qq.com/miniprogram/dev/framework/view/wxml/event.html
import * as glassEasel from '/host/glass-easel.mjs';

const tapDistance = 10; // points a finger may move and still tap
const longPressMs = 350; // "longpress: 手指触摸后，超过 350ms 再离开"

export function createTouch(host) {
  const begun = new Map();
  let hasLongPressed = false;
  let hasHadTwo = false;

  const send = (
    domEvent,
    type,
    node,
    { touches = domEvent.touches, changed = domEvent.changedTouches, detail = {} } = {},
  ) => {
    const isCanvas = node.getBackendElement().localName === 'wx-canvas';
    const shape = (touch) => (isCanvas ? canvasTouch(touch, node) : pageTouch(host, touch));
    const event = new glassEasel.Event(type, detail, {
      bubbles: !isCanvas || type === 'tap', // "<canvas/> 中的触摸事件不可冒泡"
      composed: true,
      capturePhase: true,
      originalEvent: domEvent,
      extraFields: { touches: [...touches].map(shape), changedTouches: [...changed].map(shape) },
    });
    glassEasel.Event.dispatchEvent(node, event);
    return event;
  };

  const onStart = (domEvent) => {
    const node = nodeOf(domEvent.target);
    if (node === undefined) return;
    hasLongPressed = domEvent.touches.length > 1 ? hasLongPressed : false;
    hasHadTwo = domEvent.touches.length > 1;
    for (const touch of domEvent.changedTouches) {
      const held = { x: touch.clientX, y: touch.clientY, node, isStill: true };
      held.timer = setTimeout(() => {
        if (!held.isStill || hasHadTwo) return;
        const detail = detailOf(host, touch);
        hasLongPressed = hasListener(node, 'longpress');
        send(domEvent, 'longpress', node, { detail });
        send(domEvent, 'longtap', node, { detail });
      }, longPressMs);
      begun.set(touch.identifier, held);
    }
    stopIfCaught(domEvent, send(domEvent, 'touchstart', node));
  };
  const onMove = (domEvent) => {
    const node = nodeOf(domEvent.target);
    if (node === undefined) return;
    for (const touch of domEvent.changedTouches) {
      const held = begun.get(touch.identifier);
      if (held && Math.hypot(touch.clientX - held.x, touch.clientY - held.y) > tapDistance) held.isStill = false;
    }
    stopIfCaught(domEvent, send(domEvent, 'touchmove', node));
  };
  const onEnd = (domEvent) => {
    const node = nodeOf(domEvent.target);
    for (const touch of domEvent.changedTouches) {
      const held = begun.get(touch.identifier);
      begun.delete(touch.identifier);
      clearTimeout(held?.timer);
      if (node === undefined || held === undefined) continue;
      const isTap = domEvent.type === 'touchend' && held.isStill && !hasLongPressed && !hasHadTwo;
      send(domEvent, domEvent.type, node, { changed: [touch] });
      if (isTap) send(domEvent, 'tap', node, { touches: [touch], changed: [touch], detail: detailOf(host, touch) });
    }
  };
  const passive = { capture: true, passive: false };
  document.addEventListener('touchstart', onStart, passive);
  document.addEventListener('touchmove', onMove, passive);
  document.addEventListener('touchend', onEnd, passive);
  document.addEventListener('touchcancel', onEnd, passive);
}

/** A caught touchmove keeps the page from scrolling. touchstart is left alone: Chromium needs it to focus an input. */
function stopIfCaught(domEvent, event) {
  if (domEvent.type === 'touchmove' && event.defaultPrevented() && domEvent.cancelable) domEvent.preventDefault();
}

function nodeOf(target) {
  for (let element = target; element !== null; element = element.parentNode)
    if (element.__wxElement !== undefined) return element.__wxElement;
  return undefined;
}

function hasListener(node, type) {
  for (let at = node; at; at = at.parentNode ?? at.getHostNode?.())
    if (at._$eventTarget?.listeners?.[type] !== undefined) return true;
  return false;
}

function pageTouch(host, touch) {
  const page = host.pages.pageOf(touch.target);
  const origin = host.pages.originOf(touch.target);
  const clientX = touch.clientX - origin.left;
  const clientY = touch.clientY - origin.top;
  return {
    identifier: touch.identifier,
    pageX: clientX,
    pageY: clientY + (page?.frame.scrollInfo().scrollTop ?? 0),
    clientX,
    clientY,
    force: touch.force,
  };
}

/** CanvasTouch: distances from the canvas's own corner. */
function canvasTouch(touch, node) {
  const rect = node.getBackendElement().getBoundingClientRect();
  return { identifier: touch.identifier, x: touch.clientX - rect.left, y: touch.clientY - rect.top };
}

/** `detail` of a tap: where it was, in the page. */
function detailOf(host, touch) {
  const { pageX, pageY } = pageTouch(host, touch);
  return { x: pageX, y: pageY };
}
