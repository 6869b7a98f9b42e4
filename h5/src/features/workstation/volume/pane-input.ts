import { GestureRecogniser } from '@yingyun/shared/imaging/gesture-recogniser';
import type { PlaneName } from '@yingyun/shared/volume/mpr-planes';
import type { MprSession } from '@yingyun/shared/volume/mpr-session';

/** Connects a pane's pointer and wheel events with the session. `onGesture(true)` while something moves. Answers what disconnects them. */
export function connectPane(
  pane: HTMLElement,
  name: PlaneName,
  session: MprSession,
  onGesture: (isMoving: boolean) => void,
): () => void {
  const recogniser = new GestureRecogniser(session.pixelRatio);
  const ending = new AbortController();
  const { signal } = ending;
  let wheelEnd: ReturnType<typeof setTimeout> | undefined;
  const at = (event: MouseEvent) => {
    const box = pane.getBoundingClientRect();
    return { x: (event.clientX - box.left) * session.pixelRatio, y: (event.clientY - box.top) * session.pixelRatio };
  };
  const pointer = (phase: 'down' | 'move' | 'up' | 'cancel') => (event: PointerEvent) => {
    const { tool } = session;
    recogniser.tool = tool === 'crosshair' || tool === 'length' ? 'measure' : tool;
    const actions = recogniser.pointer({
      phase,
      id: event.pointerId,
      kind: event.pointerType === 'touch' ? 'touch' : 'mouse',
      button: event.button === 1 ? 1 : event.button === 2 ? 2 : 0,
      ...at(event),
      timeMs: event.timeStamp,
    });
    for (const action of actions) {
      const isOver = !('phase' in action) || action.phase === 'end' || action.phase === 'cancel';
      onGesture(!isOver);
      session.apply(name, action);
    }
  };
  const down = pointer('down');
  pane.addEventListener(
    'pointerdown',
    (event) => {
      pane.focus({ preventScroll: true });
      if (session.active !== name) session.set({ active: name });
      if (event.isTrusted) pane.setPointerCapture(event.pointerId);
      if (event.button === 1) event.preventDefault(); // no auto-scroll
      down(event);
    },
    { signal },
  );
  pane.addEventListener('pointermove', pointer('move'), { signal });
  pane.addEventListener('pointerup', pointer('up'), { signal });
  pane.addEventListener('pointercancel', pointer('cancel'), { signal });
  pane.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  pane.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      // Lines and pages of old mice to pixels.
      const scale = event.deltaMode === 1 ? 33 : event.deltaMode === 2 ? 400 : 1;
      onGesture(true);
      for (const action of recogniser.wheel({ deltaY: event.deltaY * scale, hasCtrl: event.ctrlKey, ...at(event) }))
        session.apply(name, action);
      clearTimeout(wheelEnd);
      wheelEnd = setTimeout(() => onGesture(false), 160);
    },
    { signal, passive: false },
  );
  return () => {
    clearTimeout(wheelEnd);
    ending.abort();
  };
}
