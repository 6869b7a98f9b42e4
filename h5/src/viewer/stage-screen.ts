import type { Extent } from '@yingyun/shared/imaging/viewport';
import type { Renderer, Scene } from '@yingyun/shared/render/scene';
import type { DrawnCanvas } from './canvas-only';

/** The canvas in the stage and what draws on it. */
export interface StageScreen {
  readonly kind: Renderer['kind'];
  /** Canvas pixels a CSS pixel: the screen's own, but one where the CPU draws every pixel. */
  readonly pixelRatio: number;
  draw(scene: Scene, canvas: Extent): void;
  /** Gives the canvas this size. */
  resize(canvas: Extent): void;
  /** Draws on this canvas from now on, if it is a better one. True: it is, and its pixel ratio may be another. */
  upgrade(better: DrawnCanvas): boolean;
  dispose(): void;
}

/** Puts the canvas into the stage, behind all that is there. */
export function makeStageScreen(stage: HTMLElement, onRestored: () => void, first: DrawnCanvas): StageScreen {
  let { canvas, renderer } = first;
  const lost = (event: Event): void => event.preventDefault(); // says that we will take it back
  const restored = (): void => {
    renderer.restore();
    onRestored();
  };
  const show = (): void => {
    canvas.className = 'yv-canvas';
    canvas.addEventListener('webglcontextlost', lost);
    canvas.addEventListener('webglcontextrestored', restored);
    stage.prepend(canvas);
  };
  const dispose = (): void => {
    canvas.removeEventListener('webglcontextlost', lost);
    canvas.removeEventListener('webglcontextrestored', restored);
    renderer.dispose();
    canvas.width = 0;
    canvas.remove();
  };
  const pixelRatio = (): number => (renderer.kind === 'canvas' ? 1 : Math.min(3, window.devicePixelRatio || 1));
  show();
  return {
    get kind() {
      return renderer.kind;
    },
    get pixelRatio() {
      return pixelRatio();
    },
    draw: (scene, extent) => renderer.draw(scene, extent),
    resize({ width, height }) {
      canvas.width = width;
      canvas.height = height;
      // Not stretched to a stage of half a pixel more: what is measured on the picture would be off by as much.
      canvas.style.width = `${width / pixelRatio()}px`;
      canvas.style.height = `${height / pixelRatio()}px`;
    },
    upgrade(better) {
      if (renderer.kind !== 'canvas' || better.renderer.kind === 'canvas') return false;
      dispose();
      ({ canvas, renderer } = better);
      show();
      return true;
    },
    dispose,
  };
}
