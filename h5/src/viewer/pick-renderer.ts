import { GlRenderer } from '@yingyun/shared/render/gl-renderer';
import type { Renderer } from '@yingyun/shared/render/scene';
import { canvasOnly, type DrawnCanvas } from './canvas-only';

const glOptions: WebGLContextAttributes = {
  alpha: false,
  antialias: false,
  depth: false,
  stencil: false,
  // Nothing is composited twice; after a lost context the next frame draws everything anyway.
  preserveDrawingBuffer: false,
};

/** The best renderer the device has; `only`: this one and no better. A canvas that once gave a context gives no other kind, so each try has its own. */
export function pickRenderer(only?: Renderer['kind']): DrawnCanvas {
  const tries: { kind: Renderer['kind']; make: (canvas: HTMLCanvasElement) => Renderer | null }[] = [
    {
      kind: 'webgl2',
      make: (canvas) => {
        const gl = canvas.getContext('webgl2', glOptions);
        return gl === null ? null : GlRenderer.webgl2(gl);
      },
    },
    {
      kind: 'webgl1',
      make: (canvas) => {
        const gl = canvas.getContext('webgl', glOptions);
        return gl === null ? null : GlRenderer.webgl1(gl);
      },
    },
  ];
  for (const { kind, make } of tries) {
    if (only !== undefined && only !== kind) continue;
    const canvas = document.createElement('canvas');
    try {
      const renderer = make(canvas);
      if (renderer !== null) return { canvas, renderer };
    } catch {
      // A driver that refuses our shader: the next kind of renderer draws the same picture.
    }
  }
  return canvasOnly();
}
