import type { ListenAtDesk } from './desk-contract';

/** Lines and pages of old mice, in pixels. */
const wheelUnits = [1, 33, 400];

/** The page of an official account is opened on computers too. Fingers have their own events and are let through here. */
export const listenAtDesk: ListenAtDesk = (elementId, listener) => {
  const element = document.getElementById(elementId);
  const ending = new AbortController();
  const { signal } = ending;
  const at = (event: MouseEvent) => {
    const box = element?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  let isDown = false;
  const pointer = (phase: 'down' | 'move' | 'up' | 'cancel') => (event: PointerEvent) => {
    if (event.pointerType !== 'mouse' || (phase !== 'down' && !isDown)) return;
    isDown = phase === 'down' || phase === 'move';
    if (phase === 'down') event.preventDefault(); // no selection, no auto-scroll
    const button = event.button === 1 ? 1 : event.button === 2 ? 2 : 0;
    listener.pointer({ phase, id: event.pointerId, button, ...at(event) });
  };
  element?.addEventListener('pointerdown', pointer('down'), { signal });
  // A drag goes on beyond the picture.
  window.addEventListener('pointermove', pointer('move'), { signal });
  window.addEventListener('pointerup', pointer('up'), { signal });
  window.addEventListener('pointercancel', pointer('cancel'), { signal });
  element?.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  element?.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      listener.wheel({
        deltaY: event.deltaY * (wheelUnits[event.deltaMode] ?? 1),
        hasCtrl: event.ctrlKey,
        ...at(event),
      });
    },
    { signal, passive: false },
  );
  window.addEventListener(
    'keydown',
    (event) => {
      const isTyping = event.target instanceof HTMLInputElement;
      const isHidden = element === null || element.offsetParent === null; // a page on top has it
      if (isTyping || isHidden || event.ctrlKey || event.metaKey || event.altKey) return;
      if (listener.key(event.key)) event.preventDefault();
    },
    { signal },
  );
  return () => ending.abort();
};
