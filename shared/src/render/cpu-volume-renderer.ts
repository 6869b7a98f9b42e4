import { exactGreyOf, type GreyLook } from '../imaging/render-frame';
import { reslice } from '../volume/reslice';
import { mostLayers as everyLayer, type ReslicePlane } from '../volume/reslice-plane';
import type { Volume } from '../volume/volume';
import type { PlanePane, VolumeRenderer } from './volume-scene';

/** What the fall-back needs of a 2-D canvas. */
export interface PaneCanvas {
  /** Everything black. */
  clear(): void;
  /** `createImageData` and `putImageData` in one. */
  put(rgba: Uint8ClampedArray<ArrayBuffer>, width: number, height: number, x: number, y: number): void;
}

/** The plane as RGBA: what the shader is compared with, and what is shown where there is no WebGL2. */
export function renderPlane(
  volume: Volume,
  plane: ReslicePlane,
  look: GreyLook,
  mostLayers = everyLayer,
): Uint8ClampedArray<ArrayBuffer> {
  const values = reslice(volume, plane, mostLayers);
  const meaning = { ...volume.rescale, photometricInterpretation: volume.plan.attributes.photometricInterpretation };
  const grey = exactGreyOf(meaning, { window: look.window, isInverted: look.isInverted });
  const out = new Uint8ClampedArray(values.length * 4);
  const pixels = new Uint32Array(out.buffer);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number; // in range: i < length
    const level = Number.isNaN(value) ? 0 : grey(value);
    pixels[i] = 0xff000000 | (level << 16) | (level << 8) | level;
  }
  return out;
}

/** Draws planes without a GPU: slower, the same picture. */
export class CpuVolumeRenderer implements VolumeRenderer {
  readonly kind = 'canvas';

  constructor(
    private readonly canvas: PaneCanvas,
    private readonly volume: Volume,
  ) {}

  touch(): void {}

  draw(panes: readonly PlanePane[], look: GreyLook, _: unknown, mostLayers?: number): boolean {
    this.canvas.clear();
    for (const { plane, x, y } of panes)
      this.canvas.put(renderPlane(this.volume, plane, look, mostLayers), plane.width, plane.height, x, y);
    return false;
  }

  restore(): void {}

  dispose(): void {}
}
