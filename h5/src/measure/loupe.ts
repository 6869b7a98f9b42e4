import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import { type ImageXy, toCanvas } from '@yingyun/shared/imaging/viewport';
import { renderView } from '@yingyun/shared/render/cpu-view';
import { make, makeSvg } from '../viewer/dom';

/** CSS pixels across, and how much larger than the picture around it. */
const size = 132;
const magnification = 2.5;
const aboveFinger = 96;

/**
 * The picture around the point that a finger is placing and hides, with a cross on the point itself: above the finger, beside it where
 * there is no room above. Drawn from the pixels, not from the screen.
 */
export function makeLoupe(stage: HTMLElement, session: ViewerSession) {
  const box = make('div', 'ym-loupe');
  box.setAttribute('aria-hidden', 'true');
  const canvas = make('canvas', '', box);
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  canvas.width = canvas.height = Math.round(size * ratio);
  const context = canvas.getContext('2d');
  const cross = makeSvg('svg', { viewBox: '-66 -66 132 132' }, box);
  for (const name of ['ym-shade', 'ym-line'])
    makeSvg('path', { d: 'M-30 0H-5M5 0H30M0 -30V-5M0 5V30', class: name }, cross);
  return {
    update(point: ImageXy | null) {
      if (point === null) return box.remove();
      if (!box.isConnected) stage.append(box);
      const m = session.imageToCanvas();
      const at = toCanvas(m, point);
      const k = (magnification * ratio) / session.pixelRatio;
      const half = canvas.width / 2;
      const { picture, attributes, greyLook } = session;
      const imageToCanvas = {
        a: m.a * k,
        b: m.b * k,
        c: m.c * k,
        d: m.d * k,
        e: (m.e - at.x) * k + half,
        f: (m.f - at.y) * k + half,
      };
      const extent = { width: canvas.width, height: canvas.height };
      const scene = { frame: picture, attributes, look: greyLook, imageToCanvas, isPixelated: false };
      context?.putImageData(new ImageData(renderView(scene, extent), extent.width, extent.height), 0, 0);
      const x = at.x / session.pixelRatio;
      const y = at.y / session.pixelRatio;
      const width = stage.clientWidth;
      const hasRoom = y - aboveFinger - size / 2 >= 4;
      const side = x < width / 2 ? 1 : -1;
      const left = (hasRoom ? x : x + side * aboveFinger) - size / 2;
      const top = hasRoom ? y - aboveFinger - size / 2 : 4;
      box.style.transform = `translate(${Math.max(4, Math.min(width - size - 4, left))}px, ${top}px)`;
    },
    close: () => box.remove(),
  };
}
