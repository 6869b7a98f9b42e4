import type { DecodedFrame } from '../imaging/decoded-frame';
import { isInverted } from '../imaging/render-frame';
import type { Extent } from '../imaging/viewport';
import { storedRamp } from '../imaging/voi-window';
import { renderView } from './cpu-view';
import { buildProgram, type GlProgram } from './gl-program';
import type { Gl2Context, GlContext } from './gl-types';
import { type Renderer, type Sampling, samplingOf, type Scene } from './scene';
import type { TextureKind } from './shader-source';

interface TextureSlot {
  readonly texture: object;
  readonly layout: string;
  /** Whose pixels it holds now. */
  pixels: ArrayBufferView;
}

interface PixelLayout {
  readonly internal: number;
  readonly format: number;
  readonly type: number;
  readonly pixels: ArrayBufferView;
}

/**
 * Draws 16-bit frames with the window in the shader. WebGL2: integer textures (R8UI, R16UI, R16I). WebGL1: two 8-bit
 * channels. What neither can hold (32-bit pixels, frames beyond the largest texture) is drawn on the CPU and shown as it is.
 * A texture is written only when the frame changed, and its storage is used again where the size is the same.
 */
export class GlRenderer implements Renderer {
  readonly kind: 'webgl2' | 'webgl1';
  private programs = new Map<TextureKind, GlProgram>();
  private slots = new Map<TextureKind, TextureSlot>();
  private corners: object | null = null;
  private largestTexture = 0;
  private viewTexture: object | null = null;

  private constructor(
    private readonly gl: GlContext,
    private readonly version: 1 | 2,
  ) {
    this.kind = version === 2 ? 'webgl2' : 'webgl1';
    this.restore();
  }

  static webgl2(gl: Gl2Context): GlRenderer {
    return new GlRenderer(gl, 2);
  }

  /** Throws where the fragment shader has no highp floats: 16-bit values would lose levels. */
  static webgl1(
    gl: GlContext & { getShaderPrecisionFormat(shader: number, precision: number): { precision: number } | null },
  ): GlRenderer {
    if ((gl.getShaderPrecisionFormat(gl.FRAGMENT_SHADER, gl.HIGH_FLOAT)?.precision ?? 0) < 23)
      throw new Error('no highp floats');
    return new GlRenderer(gl, 1);
  }

  restore(): void {
    const { gl } = this;
    this.programs = new Map();
    this.slots = new Map();
    this.viewTexture = null;
    this.corners = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.corners);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    gl.disable(gl.DITHER);
    gl.disable(gl.BLEND);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.clearColor(0, 0, 0, 1);
    this.largestTexture = Number(gl.getParameter(gl.MAX_TEXTURE_SIZE)) || 2048;
    // Compile what nearly every film needs now, so that a driver that can't is found out before the first picture.
    if (!gl.isContextLost()) this.program('unsigned');
  }

  draw(scene: Scene, canvas: Extent): void {
    const { gl } = this;
    if (gl.isContextLost()) return;
    gl.viewport(0, 0, canvas.width, canvas.height);
    const { frame } = scene;
    if (frame === null) {
      gl.clear(gl.COLOR_BUFFER_BIT);
      return;
    }
    if (this.fits(frame)) this.drawFrame(scene, frame, canvas);
    else this.drawCpuView(scene, canvas);
  }

  dispose(): void {
    const { gl } = this;
    for (const { program } of this.programs.values()) gl.deleteProgram(program);
    for (const { texture } of this.slots.values()) gl.deleteTexture(texture);
    gl.deleteTexture(this.viewTexture);
    gl.deleteBuffer(this.corners);
    this.programs.clear();
    this.slots.clear();
  }

  private fits(frame: DecodedFrame): boolean {
    if (Math.max(frame.rows, frame.columns) > this.largestTexture) return false;
    return frame.kind === 'colour' || frame.pixels.BYTES_PER_ELEMENT <= 2;
  }

  private drawFrame(scene: Scene, frame: DecodedFrame, canvas: Extent): void {
    const kind =
      frame.kind === 'colour'
        ? 'colour'
        : frame.pixels instanceof Int16Array && this.version === 2
          ? 'signed'
          : 'unsigned';
    const program = this.program(kind);
    this.gl.useProgram(program.program);
    this.bindPixels(kind, frame);
    this.setSampling(program, samplingOf(scene, frame), frame, canvas);
    if (frame.kind === 'grey') this.setLook(program, scene, frame.pixels);
    else this.gl.uniform1f(program.at.flip, scene.look.isInverted ? 1 : 0);
    this.gl.drawArrays(this.gl.TRIANGLES, 0, 3);
  }

  private setSampling({ at }: GlProgram, sampling: Sampling, frame: BufferSize, canvas: Extent): void {
    const { gl } = this;
    const m = sampling.toBuffer;
    gl.uniform1i(at.image, 0);
    gl.uniform3f(at.rowU, m.a, m.c, m.e);
    gl.uniform3f(at.rowV, m.b, m.d, m.f);
    gl.uniform4f(at.edges, sampling.left, sampling.top, sampling.right, sampling.bottom);
    gl.uniform2f(at.size, frame.columns, frame.rows);
    gl.uniform1f(at.canvasHeight, canvas.height);
    gl.uniform1f(at.taps, sampling.taps);
    gl.uniform1f(at.isNearest, sampling.isNearest ? 1 : 0);
  }

  private setLook({ at }: GlProgram, scene: Scene, pixels: ArrayBufferView): void {
    const { gl } = this;
    const ramp = storedRamp(scene.look.window, scene.attributes);
    // Kept within what an int and a float hold exactly; a window that far out is black or white anyway.
    const base = Math.min(1e6, Math.max(-1e6, Math.floor(ramp.from)));
    const padding = scene.attributes.pixelPaddingValue;
    gl.uniform1f(at.base, base);
    gl.uniform1f(at.rest, ramp.from - base);
    gl.uniform1f(at.gain, ramp.gain);
    gl.uniform1f(at.shape, ramp.kind === 'ramp' ? 0 : ramp.kind === 'sigmoid' ? 2 : ramp.isFalling ? 3 : 1);
    gl.uniform1f(at.flip, isInverted(scene.attributes, scene.look) ? 1 : 0);
    gl.uniform2f(at.padding, padding === null ? 0 : 1, padding === null ? 0 : padding - base);
    if (this.version === 1)
      gl.uniform3f(at.unpack, 1, pixels instanceof Uint8Array ? 0 : 256, pixels instanceof Int16Array ? 1 : 0);
  }

  private program(kind: TextureKind): GlProgram {
    const known = this.programs.get(kind);
    if (known !== undefined) return known;
    const program = buildProgram(this.gl, this.version, kind);
    this.programs.set(kind, program);
    return program;
  }

  private bindPixels(kind: TextureKind, frame: DecodedFrame): void {
    const { gl } = this;
    const { internal, format, type, pixels } = this.layoutOf(frame);
    const layout = `${internal}/${frame.columns}x${frame.rows}`;
    const slot = this.slots.get(kind);
    gl.activeTexture(gl.TEXTURE0);
    const source = frame.kind === 'colour' ? frame.rgba : frame.pixels;
    if (slot !== undefined && slot.layout === layout) {
      gl.bindTexture(gl.TEXTURE_2D, slot.texture);
      if (slot.pixels === source) return;
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, frame.columns, frame.rows, format, type, pixels);
      slot.pixels = source;
      return;
    }
    if (slot !== undefined) gl.deleteTexture(slot.texture);
    const texture = this.newTexture();
    gl.texImage2D(gl.TEXTURE_2D, 0, internal, frame.columns, frame.rows, 0, format, type, pixels);
    this.slots.set(kind, { texture, layout, pixels: source });
  }

  private newTexture(): object {
    const { gl } = this;
    const texture = gl.createTexture();
    if (texture === null) throw new Error('no GL texture');
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
    return texture;
  }

  private layoutOf(frame: DecodedFrame): PixelLayout {
    const { gl } = this;
    if (frame.kind === 'colour')
      return { internal: gl.RGBA, format: gl.RGBA, type: gl.UNSIGNED_BYTE, pixels: frame.rgba };
    const { pixels } = frame;
    if (this.version === 1) {
      const bytes =
        pixels instanceof Uint8Array ? pixels : new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
      const format = pixels instanceof Uint8Array ? gl.LUMINANCE : gl.LUMINANCE_ALPHA;
      return { internal: format, format, type: gl.UNSIGNED_BYTE, pixels: bytes };
    }
    const gl2 = gl as Gl2Context; // version 2 is only made from a Gl2Context
    if (pixels instanceof Uint8Array)
      return { internal: gl2.R8UI, format: gl2.RED_INTEGER, type: gl.UNSIGNED_BYTE, pixels };
    if (pixels instanceof Int16Array) return { internal: gl2.R16I, format: gl2.RED_INTEGER, type: gl.SHORT, pixels };
    return { internal: gl2.R16UI, format: gl2.RED_INTEGER, type: gl.UNSIGNED_SHORT, pixels };
  }

  /** The finished picture of the CPU, one texel a canvas pixel. */
  private drawCpuView(scene: Scene, canvas: Extent): void {
    const { gl } = this;
    const rgba = renderView(scene, canvas);
    const program = this.program('colour');
    gl.useProgram(program.program);
    gl.deleteTexture(this.viewTexture);
    this.viewTexture = this.newTexture();
    gl.texImage2D(
      gl.TEXTURE_2D,
      0,
      gl.RGBA,
      canvas.width,
      canvas.height,
      0,
      gl.RGBA,
      gl.UNSIGNED_BYTE,
      new Uint8Array(rgba.buffer),
    );
    const same = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
    const sampling: Sampling = {
      toBuffer: same,
      left: 0,
      top: 0,
      right: canvas.width,
      bottom: canvas.height,
      taps: 1,
      isNearest: true,
    };
    this.setSampling(program, sampling, { columns: canvas.width, rows: canvas.height }, canvas);
    gl.uniform1f(program.at.flip, 0);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }
}

type BufferSize = { readonly columns: number; readonly rows: number };
