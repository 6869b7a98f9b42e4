import { CanvasRenderer } from '@yingyun/shared/render/canvas-renderer';
import { GlRenderer } from '@yingyun/shared/render/gl-renderer';
import type { Renderer } from '@yingyun/shared/render/scene';
import type { CanvasNode } from '../../../platform/canvas';
import { glKinds } from '../../../platform/gl-kinds';

const glOptions = { alpha: false, antialias: false, depth: false, stencil: false, preserveDrawingBuffer: false };

/** The best GL renderer this canvas gives; null: it gives none, and a canvas of another kind has to take its place. */
export function glRenderer(node: CanvasNode): Renderer | null {
  for (const kind of glKinds) {
    try {
      if (kind === 'webgl2') {
        const gl = node.getContext('webgl2', glOptions);
        if (gl !== null) return GlRenderer.webgl2(gl);
      } else {
        const gl = node.getContext('webgl', glOptions);
        if (gl !== null) return GlRenderer.webgl1(gl);
      }
    } catch {
      return null; // a driver that refuses our shader: the CPU draws the same picture
    }
  }
  return null;
}

/** The CPU draws, the canvas shows. */
export function cpuRenderer(node: CanvasNode): Renderer {
  const context = node.getContext('2d', { alpha: false });
  if (context === null) throw new Error('no canvas');
  return new CanvasRenderer(context, (rgba, width, height) => {
    const image = context.createImageData(width, height); // the sandbox has no ImageData to construct
    image.data.set(rgba);
    return image;
  });
}
