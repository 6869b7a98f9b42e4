// Test page (bundled by a test, in no product build): draws a scene with each renderer and compares what the canvas holds
// with the CPU view.
import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import type { DecodedFrame } from '@yingyun/shared/imaging/decoded-frame';
import { frameAttributes } from '@yingyun/shared/imaging/frame-attributes';
import type { VoiTable } from '@yingyun/shared/imaging/lookup-table';
import { greyFrame } from '@yingyun/shared/imaging/normalise-pixels';
import { type OverlayMask, overlayMask } from '@yingyun/shared/imaging/overlay-mask';
import { paddingRange } from '@yingyun/shared/imaging/pixel-padding';
import { fitted, imageToCanvas, type Placement, pixelAspect } from '@yingyun/shared/imaging/viewport';
import type { VoiWindow } from '@yingyun/shared/imaging/voi-window';
import { CanvasRenderer } from '@yingyun/shared/render/canvas-renderer';
import { renderView } from '@yingyun/shared/render/cpu-view';
import { GlRenderer } from '@yingyun/shared/render/gl-renderer';
import type { Renderer, Scene } from '@yingyun/shared/render/scene';

export interface RenderCase {
  readonly renderer: 'webgl2' | 'webgl1' | 'canvas';
  readonly pixels: 'ct' | 'unsigned12' | 'byte' | 'colour' | 'deep' | 'steps' | number[];
  readonly columns: number;
  readonly rows: number;
  readonly reduce?: number;
  readonly attributes?: Partial<FrameAttributes>;
  readonly window?: VoiWindow;
  readonly isInverted?: boolean;
  readonly placement?: Partial<Placement>;
  readonly isPixelated?: boolean;
  readonly canvas: { readonly width: number; readonly height: number };
  readonly losesContext?: boolean;
  /** A VOI LUT of this many entries from this modality value on: a square root, so that a mistake in place shows. */
  readonly voiLut?: { readonly first: number; readonly entries: number };
  /** Draws an overlay plane with its first pixel here, partly outside the image. */
  readonly overlayAt?: { readonly row: number; readonly column: number };
  /** Textures no larger than this. */
  readonly mostTexels?: number;
}

export interface RenderVerdict {
  readonly kind: string;
  readonly worst: number;
  readonly levels: number;
  readonly overOne: number;
  readonly glError: number;
}

async function renderCase(one: RenderCase): Promise<RenderVerdict> {
  const element = document.createElement('canvas');
  element.width = one.canvas.width;
  element.height = one.canvas.height;
  const { renderer, read, lose } = rendererFor(one, element);
  const scene = sceneOf(one);
  renderer.draw(scene, one.canvas);
  if (one.losesContext === true) {
    await lose();
    renderer.restore();
    renderer.draw(scene, one.canvas);
  }
  const { pixels, error } = read();
  const expected = renderView(scene, one.canvas);
  let worst = 0;
  let overOne = 0;
  const levels = new Set<number>();
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((pixels[i] ?? -1000) - (expected[i] ?? 0));
    levels.add(pixels[i] ?? -1);
    if (difference > worst) worst = difference;
    if (difference > 1) overOne++;
  }
  renderer.dispose();
  return { kind: renderer.kind, worst, overOne, levels: levels.size, glError: error };
}

function rendererFor({ renderer: kind, mostTexels }: RenderCase, element: HTMLCanvasElement) {
  if (kind === 'canvas') {
    const context = element.getContext('2d');
    if (context === null) throw new Error('no 2d');
    const renderer: Renderer = new CanvasRenderer(context, (rgba, width, height) => new ImageData(rgba, width, height));
    const read = () => ({
      pixels: context.getImageData(0, 0, element.width, element.height).data as ArrayLike<number>,
      error: 0,
    });
    return { renderer, read, lose: () => Promise.resolve() };
  }
  const options = { alpha: false, antialias: false, depth: false };
  // WebGL2 has all that WebGL1 has; what is read back below is common to both.
  const gl = element.getContext(kind === 'webgl2' ? 'webgl2' : 'webgl', options) as WebGLRenderingContext | null;
  if (gl === null) throw new Error(`no ${kind}`);
  const renderer =
    kind === 'webgl2'
      ? GlRenderer.webgl2(gl as unknown as WebGL2RenderingContext, mostTexels)
      : GlRenderer.webgl1(gl, mostTexels); // asked for just above
  const read = () => {
    const up = new Uint8Array(element.width * element.height * 4);
    gl.readPixels(0, 0, element.width, element.height, gl.RGBA, gl.UNSIGNED_BYTE, up);
    const row = element.width * 4;
    const pixels = new Uint8Array(up.length);
    for (let y = 0; y < element.height; y++)
      pixels.set(up.subarray(y * row, (y + 1) * row), (element.height - 1 - y) * row);
    return { pixels: pixels as ArrayLike<number>, error: gl.getError() };
  };
  const lose = async () => {
    const extension = gl.getExtension('WEBGL_lose_context');
    element.addEventListener('webglcontextlost', (event) => event.preventDefault());
    extension?.loseContext();
    await new Promise((done) => setTimeout(done, 50));
    if (!gl.isContextLost()) throw new Error('the context should be lost');
    renderer.draw(sceneOf({ renderer: kind, pixels: 'ct', columns: 8, rows: 8, canvas: { width: 8, height: 8 } }), {
      width: 8,
      height: 8,
    });
    const back = new Promise((done) => element.addEventListener('webglcontextrestored', done, { once: true }));
    extension?.restoreContext();
    await back;
  };
  return { renderer, read, lose };
}

function sceneOf(one: RenderCase): Scene {
  const reduce = one.reduce ?? 0;
  const attributes = frameAttributes(
    { common: { rows: one.rows * 2 ** reduce, columns: one.columns * 2 ** reduce, ...one.attributes } },
    {},
  );
  const placement = { ...fitted, ...one.placement };
  const image = { width: attributes.columns, height: attributes.rows };
  return {
    frame: frameOf(one, reduce, attributes),
    attributes,
    look: {
      window: one.window ?? { center: 40, width: 400, shape: 'LINEAR' },
      voiTable: one.voiLut === undefined ? null : squareRoot(one.voiLut),
      isInverted: one.isInverted ?? false,
    },
    overlay: one.overlayAt === undefined ? null : grating(one.overlayAt, attributes),
    imageToCanvas: imageToCanvas(placement, image, pixelAspect(attributes), one.canvas),
    isPixelated: one.isPixelated ?? false,
  };
}

function frameOf(one: RenderCase, reduce: number, attributes: FrameAttributes): DecodedFrame {
  const { columns, rows, pixels } = one;
  const count = columns * rows;
  const size = { rows, columns, reduce };
  const noise = noiseOf(7);
  const fill = <T extends { [i: number]: number; length: number }>(array: T, value: (i: number) => number): T => {
    for (let i = 0; i < array.length; i++) array[i] = value(i);
    return array;
  };
  const bump = (i: number) => Math.sin((i % columns) / 9) * Math.cos(Math.floor(i / columns) / 7);
  const padding = paddingRange(attributes);
  if (typeof pixels !== 'string') return greyFrame(Int16Array.from(pixels), size, padding);
  switch (pixels) {
    case 'ct':
      return greyFrame(
        fill(new Int16Array(count), (i) =>
          padding !== null && i % 17 === 0
            ? padding.low + (i % 34 === 0 ? padding.high - padding.low : 0)
            : bump(i) * 900 + noise() * 60 - 100,
        ),
        size,
        padding,
      );
    case 'unsigned12':
      return greyFrame(
        fill(new Uint16Array(count), (i) => 2000 + bump(i) * 1900 + noise() * 90),
        size,
        padding,
      );
    case 'byte':
      return greyFrame(
        fill(new Uint8Array(count), (i) => 128 + bump(i) * 120),
        size,
        padding,
      );
    case 'steps':
      return greyFrame(
        fill(new Uint16Array(count), (i) => 65_000 + ((i % columns) % 40)),
        size,
        padding,
      );
    case 'deep':
      return greyFrame(
        fill(new Uint32Array(count), (i) => 2_000_000_000 + bump(i) * 1.9e9),
        size,
        padding,
      );
    case 'colour':
      return {
        kind: 'colour',
        ...size,
        rgba: fill(new Uint8Array(count * 4), (i) => (i % 4 === 3 ? 255 : noise() * 255)),
      };
    default:
      return pixels satisfies never;
  }
}

function squareRoot({ first, entries }: { first: number; entries: number }): VoiTable {
  return { first, units: Uint16Array.from({ length: entries }, (_, i) => 65_535 * Math.sqrt(i / (entries - 1))) };
}

/** Lines and blocks of all widths. */
function grating({ row, column }: { row: number; column: number }, image: FrameAttributes): OverlayMask | null {
  const plane = { group: 0x6000, rows: 61, columns: 75, row, column, kind: 'graphics', label: '' } as const;
  const bits = new Uint8Array(Math.ceil((plane.rows * plane.columns) / 8));
  for (let i = 0; i < plane.rows * plane.columns; i++) {
    const [x, y] = [i % plane.columns, Math.floor(i / plane.columns)];
    if (x % 9 === 0 || y % 13 < 3 || (x > 40 && y > 40)) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
  }
  return overlayMask([{ plane, bits }], image);
}

/** A small repeatable generator (Park–Miller). */
function noiseOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

Object.assign(window, { renderCase });
