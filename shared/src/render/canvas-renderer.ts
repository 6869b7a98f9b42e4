import type { Extent } from '../imaging/viewport';
import { renderView } from './cpu-view';
import type { Renderer, Scene } from './scene';

/** What the fall-back uses of a 2-D canvas context. */
export interface Canvas2dContext<TImage> {
  putImageData(image: TImage, x: number, y: number): void;
}

/** Where there is no WebGL: the CPU draws, the canvas shows. */
export class CanvasRenderer<TImage> implements Renderer {
  readonly kind = 'canvas';

  constructor(
    private readonly context: Canvas2dContext<TImage>,
    private readonly imageOf: (rgba: Uint8ClampedArray<ArrayBuffer>, width: number, height: number) => TImage,
  ) {}

  draw(scene: Scene, canvas: Extent): void {
    this.context.putImageData(this.imageOf(renderView(scene, canvas), canvas.width, canvas.height), 0, 0);
  }

  restore(): void {}

  dispose(): void {}
}
