import { keyAction } from '@yingyun/shared/imaging/gesture-actions';
import { GestureRecogniser } from '@yingyun/shared/imaging/gesture-recogniser';
import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';

/** Connects the stage's DOM events with the session. Answers what disconnects them. */
export function connectInput(
  stage: HTMLElement,
  root: HTMLElement,
  session: ViewerSession,
  pixelRatio: number,
  onDoubleTap?: () => boolean,
): () => void {
  const recogniser = new GestureRecogniser(pixelRatio);
  const ending = new AbortController();
  const { signal } = ending;
  const at = (event: MouseEvent) => {
    const box = stage.getBoundingClientRect();
    return { x: (event.clientX - box.left) * pixelRatio, y: (event.clientY - box.top) * pixelRatio };
  };
  const pointer = (phase: 'down' | 'move' | 'up' | 'cancel') => (event: PointerEvent) => {
    const kind = event.pointerType === 'touch' ? 'touch' : 'mouse';
    const { x, y } = at(event);
    if (phase === 'down') recogniser.tool = session.toolAt(x, y, kind === 'mouse');
    const actions = recogniser.pointer({
      phase,
      id: event.pointerId,
      kind,
      button: event.button === 1 ? 1 : event.button === 2 ? 2 : 0,
      x,
      y,
      timeMs: event.timeStamp,
    });
    for (const action of actions) {
      // A double tap while measuring is the measurement's.
      if (action.kind !== 'fit' || session.tool === 'measure' || onDoubleTap?.() !== true) session.apply(action);
    }
  };
  const move = pointer('move');
  const down = pointer('down');
  stage.addEventListener(
    'pointerdown',
    (event) => {
      stage.focus({ preventScroll: true });
      if (event.isTrusted) stage.setPointerCapture(event.pointerId);
      if (event.button === 1) event.preventDefault(); // no auto-scroll
      down(event);
    },
    { signal },
  );
  stage.addEventListener('pointermove', move, { signal });
  stage.addEventListener('pointerup', pointer('up'), { signal });
  stage.addEventListener('pointercancel', pointer('cancel'), { signal });
  stage.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  stage.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      // Lines and pages of old mice to pixels.
      const unit = event.deltaMode === 1 ? 33 : event.deltaMode === 2 ? 400 : 1;
      for (const action of recogniser.wheel({ deltaY: event.deltaY * unit, hasCtrl: event.ctrlKey, ...at(event) }))
        session.apply(action);
    },
    { signal, passive: false },
  );
  root.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as Element; // key events are dispatched on elements
      // A focused button answers to space, the slider to arrows: theirs first.
      if (
        target instanceof HTMLInputElement ||
        (target instanceof HTMLButtonElement && (event.key === ' ' || event.key === 'Enter'))
      )
        return;
      const action = keyAction(event.key);
      if (action === null) return;
      event.preventDefault();
      session.press(action, performance.now());
    },
    { signal },
  );
  return () => ending.abort();
}
