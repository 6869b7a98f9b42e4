import { CanvasRenderer } from '@yingyun/shared/render/canvas-renderer';
import type { Renderer } from '@yingyun/shared/render/scene';

/** A canvas and what draws on it. */
export interface DrawnCanvas {
  readonly canvas: HTMLCanvasElement;
  readonly renderer: Renderer;
}

/** A canvas that the CPU draws: what every device has, at once. */
export function canvasOnly(): DrawnCanvas {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('no canvas');
  return { canvas, renderer: new CanvasRenderer(context, (rgba, width, height) => new ImageData(rgba, width, height)) };
}
