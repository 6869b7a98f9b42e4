import type { DecodedFrame, GreyPixels } from '../imaging/decoded-frame';
import type { FrameTile } from './frame-tiles';
import type { Gl2Context, GlContext } from './gl-types';

/** How an array lies in a texture. */
export interface TexelLayout {
  readonly internal: number;
  readonly format: number;
  readonly type: number;
}

interface Slot {
  readonly texture: object;
  readonly shape: string;
  /** Whose contents it holds now. */
  source: object;
}

/** Textures by name. One is written only when its source is another, and its storage is used again where the shape is the same. */
export class GlTextures {
  private readonly slots = new Map<string, Slot>();

  constructor(private readonly gl: GlContext) {}

  /** Binds the named texture to a unit; `texels` is called only where they have to be written. */
  bind(
    unit: number,
    name: string,
    source: object,
    size: { readonly columns: number; readonly rows: number },
    layout: TexelLayout,
    texels: () => ArrayBufferView,
  ): void {
    const { gl } = this;
    const { columns, rows } = size;
    const { internal, format, type } = layout;
    const shape = `${internal}/${columns}x${rows}`;
    const slot = this.slots.get(name);
    gl.activeTexture(gl.TEXTURE0 + unit);
    if (slot !== undefined && slot.shape === shape) {
      gl.bindTexture(gl.TEXTURE_2D, slot.texture);
      if (slot.source === source) return;
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, columns, rows, format, type, texels());
      slot.source = source;
      return;
    }
    if (slot !== undefined) gl.deleteTexture(slot.texture);
    const texture = this.newTexture();
    gl.texImage2D(gl.TEXTURE_2D, 0, internal, columns, rows, 0, format, type, texels());
    this.slots.set(name, { texture, shape, source });
  }

  /** Frees the textures whose names the test picks. */
  free(isPicked: (name: string) => boolean): void {
    for (const [name, { texture }] of this.slots) {
      if (!isPicked(name)) continue;
      this.gl.deleteTexture(texture);
      this.slots.delete(name);
    }
  }

  private newTexture(): object {
    const { gl } = this;
    const texture = gl.createTexture();
    if (texture === null) throw new Error('no GL texture');
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
    return texture;
  }
}

/** WebGL2 has integer textures; WebGL1 gets 16-bit values as two 8-bit channels. */
export function frameLayout(gl: GlContext, version: 1 | 2, frame: DecodedFrame): TexelLayout {
  if (frame.kind === 'colour') return { internal: gl.RGBA, format: gl.RGBA, type: gl.UNSIGNED_BYTE };
  const { pixels } = frame;
  if (version === 1) {
    const format = pixels instanceof Uint8Array ? gl.LUMINANCE : gl.LUMINANCE_ALPHA;
    return { internal: format, format, type: gl.UNSIGNED_BYTE };
  }
  const gl2 = gl as Gl2Context; // version 2 is only made from a Gl2Context
  if (pixels instanceof Uint8Array) return { internal: gl2.R8UI, format: gl2.RED_INTEGER, type: gl.UNSIGNED_BYTE };
  if (pixels instanceof Int16Array) return { internal: gl2.R16I, format: gl2.RED_INTEGER, type: gl.SHORT };
  return { internal: gl2.R16UI, format: gl2.RED_INTEGER, type: gl.UNSIGNED_SHORT };
}

/** The pixels of a tile in the form `frameLayout` names. The whole frame is handed over without a copy. */
export function tileTexels(version: 1 | 2, frame: DecodedFrame, tile: FrameTile): ArrayBufferView {
  const source = frame.kind === 'colour' ? frame.rgba : frame.pixels;
  const isWhole = tile.columns === frame.columns && tile.rows === frame.rows;
  const texels = isWhole ? source : cut(source, frame.columns, frame.kind === 'colour' ? 4 : 1, tile);
  return version === 1 && !(texels instanceof Uint8Array)
    ? new Uint8Array(texels.buffer, texels.byteOffset, texels.byteLength)
    : texels;
}

function cut(source: GreyPixels, columns: number, samples: number, tile: FrameTile): GreyPixels {
  const width = tile.columns * samples;
  const out = source.slice(0, width * tile.rows);
  for (let row = 0; row < tile.rows; row++) {
    const from = ((tile.y + row) * columns + tile.x) * samples;
    out.set(source.subarray(from, from + width), row * width);
  }
  return out;
}
