import type { GestureAction } from './gesture-actions';
import { legalWindow, type VoiWindow } from './voi-window';

type Drag = Extract<GestureAction, { kind: 'drag' }>;

/**
 * The window after a drag from `start`: right is wider, down is a higher centre. Relative to the width, so that HU, PET
 * and 8-bit images feel the same. 200 canvas-CSS pixels double the width.
 */
export function draggedWindow(start: VoiWindow, drag: Pick<Drag, 'dx' | 'dy'>, pixelRatio: number): VoiWindow {
  const width = start.width * 2 ** (drag.dx / pixelRatio / 200);
  const center = start.center + (drag.dy / pixelRatio) * (Math.max(start.width, 1e-3) / 300);
  const isWhole = start.width >= 32; // below that a step of one would be felt
  return legalWindow({
    center: isWhole ? Math.round(center * 2) / 2 : center,
    width: isWhole ? Math.round(width) : width,
    shape: start.shape,
  });
}

/**
 * Slices a scroll drag has moved since its start. A swipe up or to the left goes on (as a page does); with the mouse
 * down goes on. One axis counts: the one moved further. No inertia: the slice stops with the finger.
 */
export function draggedSlices(
  drag: Pick<Drag, 'dx' | 'dy' | 'isTouch'>,
  frameCount: number,
  canvasHeight: number,
  pixelRatio: number,
): number {
  const css = canvasHeight / pixelRatio;
  const perSlice = Math.min(24, Math.max(4, (css * 0.8) / Math.max(1, frameCount))) * pixelRatio;
  const along = Math.abs(drag.dx) > Math.abs(drag.dy) ? -drag.dx : drag.isTouch ? -drag.dy : drag.dy;
  return Math.trunc(along / perSlice);
}
