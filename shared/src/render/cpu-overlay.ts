import type { Extent } from '../imaging/viewport';
import { overlaySampling, type Scene } from './scene';

/** Draws the scene's overlay over a finished picture, as the shader's second pass does. */
export function drawOverlay(rgba: Uint8ClampedArray, scene: Scene, canvas: Extent): void {
  const mask = scene.overlay;
  if (mask === null || mask === undefined || scene.frame === null) return;
  const { toMask: m, taps, boost, reach } = overlaySampling(scene, mask);
  const { bytes, columns, rows } = mask;
  const at = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= columns || row >= rows ? 0 : (bytes[row * columns + column] as number); // inside
  const bilinear = (u: number, v: number): number => {
    const c = Math.floor(u - 0.5);
    const r = Math.floor(v - 0.5);
    const fu = u - 0.5 - c;
    const fv = v - 0.5 - r;
    const upper = at(c, r) * (1 - fu) + at(c + 1, r) * fu;
    const lower = at(c, r + 1) * (1 - fu) + at(c + 1, r + 1) * fu;
    return upper * (1 - fv) + lower * fv;
  };
  for (let y = 0, to = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++, to += 4) {
      const u = m.a * (x + 0.5) + m.c * (y + 0.5) + m.e;
      const v = m.b * (x + 0.5) + m.d * (y + 0.5) + m.f;
      if (u < -reach || v < -reach || u >= columns + reach || v >= rows + reach) continue;
      let sum = 0;
      for (let j = 0; j < taps; j++) {
        for (let i = 0; i < taps; i++) {
          const dx = (i + 0.5) / taps - 0.5;
          const dy = (j + 0.5) / taps - 0.5;
          sum += bilinear(u + m.a * dx + m.c * dy, v + m.b * dx + m.d * dy);
        }
      }
      if (sum === 0) continue;
      const cover = Math.min(1, ((sum / (taps * taps)) * boost) / 255);
      for (let c = 0; c < 3; c++) {
        const under = rgba[to + c] as number; // a pixel of the canvas
        rgba[to + c] = under + (255 - under) * cover;
      }
    }
  }
}
