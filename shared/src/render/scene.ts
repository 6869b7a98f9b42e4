import type { FrameAttributes } from '../contract/film-manifest';
import type { DecodedFrame } from '../imaging/decoded-frame';
import type { GreyLook } from '../imaging/render-frame';
import { type Affine, type Extent, invert, toReduced } from '../imaging/viewport';

/** All that one picture depends on. */
export interface Scene {
  /** Null: an empty, black canvas. */
  readonly frame: DecodedFrame | null;
  readonly attributes: FrameAttributes;
  readonly look: GreyLook;
  /** Full-size image points to canvas points. */
  readonly imageToCanvas: Affine;
  /** True: magnified pixels stay squares. False: bilinear, over stored values, before the window. */
  readonly isPixelated: boolean;
}

export interface Renderer {
  readonly kind: 'webgl2' | 'webgl1' | 'canvas';
  draw(scene: Scene, canvas: Extent): void;
  /** After a lost context has come back: builds everything anew. */
  restore(): void;
  dispose(): void;
}

/** How the canvas is sampled from the buffer; the CPU and the shaders work from the same numbers. */
export interface Sampling {
  /** Canvas points to buffer points. */
  readonly toBuffer: Affine;
  /** The image's edges in buffer points: outside there is background, though a coarse buffer may reach further. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** taps × taps bilinear samples a canvas pixel, so that a minified image does not flicker: each covers two buffer pixels. */
  readonly taps: 1 | 2 | 3 | 4;
  readonly isNearest: boolean;
}

export function samplingOf(scene: Scene, frame: DecodedFrame): Sampling {
  const toBuffer = toReduced(invert(scene.imageToCanvas), frame.reduce);
  const k = 2 ** -frame.reduce;
  const edge = 0.5 - 0.5 * k;
  // Buffer pixels that one canvas pixel spans, in the direction that spans more.
  const minification = Math.max(Math.hypot(toBuffer.a, toBuffer.b), Math.hypot(toBuffer.c, toBuffer.d));
  const taps = Math.min(4, Math.max(1, Math.ceil(minification / 2 - 0.01))) as Sampling['taps']; // clamped to 1…4
  return {
    toBuffer,
    left: edge,
    top: edge,
    right: scene.attributes.columns * k + edge,
    bottom: scene.attributes.rows * k + edge,
    taps,
    isNearest: scene.isPixelated && minification < 1,
  };
}
