import { CpuVolumeRenderer } from '@yingyun/shared/render/cpu-volume-renderer';
import { GlVolumeRenderer } from '@yingyun/shared/render/gl-volume-renderer';
import type { VolumeRenderer } from '@yingyun/shared/render/volume-scene';
import type { Volume } from '@yingyun/shared/volume/volume';

export interface VolumeScreen {
  readonly canvas: HTMLCanvasElement;
  readonly renderer: VolumeRenderer;
}

/** WebGL2 where the volume fits in a texture of it, else the CPU. `isPlain`: the CPU at once. */
export function pickVolumeRenderer(volume: Volume, isPlain = false): VolumeScreen {
  if (!isPlain) {
    const canvas = document.createElement('canvas');
    try {
      const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false, stencil: false });
      if (gl !== null) return { canvas, renderer: new GlVolumeRenderer(gl, volume) };
    } catch {
      // A driver that refuses the shader, or has no room for the texture: the CPU draws the same picture.
    }
  }
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('no canvas');
  const panes = {
    clear: () => context.clearRect(0, 0, canvas.width, canvas.height),
    put: (rgba: Uint8ClampedArray<ArrayBuffer>, width: number, height: number, x: number, y: number) =>
      context.putImageData(new ImageData(rgba, width, height), x, y),
  };
  return { canvas, renderer: new CpuVolumeRenderer(panes, volume) };
}
