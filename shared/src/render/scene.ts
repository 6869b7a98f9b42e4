import type { FrameAttributes } from '../contract/film-manifest';
import type { DecodedFrame } from '../imaging/decoded-frame';
import type { OverlayMask } from '../imaging/overlay-mask';
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
  /** Drawn white over the picture. */
  readonly overlay?: OverlayMask | null | undefined;
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
  const minification = minificationOf(toBuffer);
  return {
    toBuffer,
    left: edge,
    top: edge,
    right: scene.attributes.columns * k + edge,
    bottom: scene.attributes.rows * k + edge,
    taps: tapsFor(minification),
    isNearest: scene.isPixelated && minification < 1,
  };
}

/** How the overlay's mask is sampled: always from the full-size image, whatever the frame's reduce. */
export interface OverlaySampling {
  /** Canvas points to mask points. */
  readonly toMask: Affine;
  readonly taps: Sampling['taps'];
  /** Strengthens lines that minifying has thinned: a line a pixel wide stays visible at half the size. */
  readonly boost: number;
  /** How far outside the mask, in its pixels, a canvas pixel can still be covered by it. */
  readonly reach: number;
}

export function overlaySampling(scene: Scene, mask: OverlayMask): OverlaySampling {
  const toImage = invert(scene.imageToCanvas);
  const minification = minificationOf(toImage);
  return {
    toMask: { ...toImage, e: toImage.e - mask.left, f: toImage.f - mask.top },
    taps: tapsFor(minification),
    boost: Math.min(2, Math.max(1, minification)),
    reach: 1 + minification,
  };
}

/** Buffer pixels that one canvas pixel spans, in the direction that spans more. */
function minificationOf(toBuffer: Affine): number {
  return Math.max(Math.hypot(toBuffer.a, toBuffer.b), Math.hypot(toBuffer.c, toBuffer.d));
}

function tapsFor(minification: number): Sampling['taps'] {
  return Math.min(4, Math.max(1, Math.ceil(minification / 2 - 0.01))) as Sampling['taps']; // clamped to 1…4
}
