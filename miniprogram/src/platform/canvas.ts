import Taro from '@tarojs/taro';
import type { Gl2Context, GlContext } from '@yingyun/shared/render/gl-types';

/** A canvas as both platforms have it: WeChat's node, a browser's element. */
export interface CanvasNode {
  width: number;
  height: number;
  getContext(kind: '2d', options?: object): CanvasRenderingContext2D | null;
  getContext(kind: 'webgl2', options?: object): Gl2Context | null;
  getContext(kind: 'webgl', options?: object): Parameters<GlStart>[0] | null;
  /** WeChat's own; a browser has one a window. */
  requestAnimationFrame?(run: (timeMs: number) => void): number;
  cancelAnimationFrame?(id: number): void;
}
type GlStart = (
  gl: GlContext & { getShaderPrecisionFormat(shader: number, precision: number): { precision: number } | null },
) => void;

/** Where a canvas stands, in CSS pixels of the window. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const triesUntilLaidOut = 60;

/** The canvas `#id` once it is laid out. Rejects where it never is (the page was left). */
export async function findCanvas(id: string): Promise<{ readonly node: CanvasNode; readonly box: Box }> {
  for (let tries = 0; tries < triesUntilLaidOut; tries++) {
    const box = await measure(id);
    const node = await nodeOf(id);
    if (node !== null && box !== null && box.width > 0 && box.height > 0) return { node, box };
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error(`canvas #${id} is not laid out`);
}

/** Where the element `#id` stands now; null where it is gone. */
export function measure(id: string): Promise<Box | null> {
  return new Promise((resolve) => {
    Taro.createSelectorQuery()
      .select(`#${id}`)
      .boundingClientRect((box) => resolve(Array.isArray(box) ? (box[0] ?? null) : (box ?? null)))
      .exec();
  });
}

function nodeOf(id: string): Promise<CanvasNode | null> {
  return new Promise((resolve) => {
    Taro.createSelectorQuery()
      .select(`#${id}`)
      .node((found) => resolve((found as { node?: CanvasNode } | null)?.node ?? null)) // a canvas was selected
      .exec();
  });
}

/** Runs before the next picture; the answer calls it off. */
export function beforeNextPicture(node: CanvasNode, run: (timeMs: number) => void): () => void {
  if (node.requestAnimationFrame !== undefined) {
    const id = node.requestAnimationFrame(run);
    return () => node.cancelAnimationFrame?.(id);
  }
  const id = requestAnimationFrame(run);
  return () => cancelAnimationFrame(id);
}

/** Canvas pixels a CSS pixel: more than three no eye sees, and a cheap phone pays for them. */
export function pixelRatio(): number {
  return Math.min(3, Taro.getWindowInfo().pixelRatio || 1);
}

/** Calls back when the window has another size (turned phone, tablet, folded screen). */
export function onResize(run: () => void): () => void {
  Taro.onWindowResize(run);
  return () => Taro.offWindowResize(run);
}
