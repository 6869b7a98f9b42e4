import type { DecodedFrame, GreyFrame } from '../imaging/decoded-frame';
import { isInverted } from '../imaging/render-frame';
import { storedTone } from '../imaging/tone';
import type { Extent } from '../imaging/viewport';
import { renderView } from './cpu-view';
import { type FrameTile, frameTiles } from './frame-tiles';
import { buildProgram, type GlProgram } from './gl-program';
import { frameLayout, GlTextures, tileTexels } from './gl-textures';
import type { Gl2Context, GlContext } from './gl-types';
import { overlaySampling, type Renderer, type Sampling, type Scene, samplingOf } from './scene';
import type { ProgramKind } from './shader-source';

/**
 * Draws 16-bit frames with the window or VOI LUT in the shader. WebGL2: integer textures (R8UI, R16UI, R16I). WebGL1: two 8-bit
 * channels. 32-bit pixels, which neither can hold, are drawn on the CPU and shown as they are. A frame beyond the largest texture
 * is drawn tile by tile, pixel for pixel. Overlays are a second pass over the picture.
 */
export class GlRenderer implements Renderer {
  readonly kind: 'webgl2' | 'webgl1';
  private programs = new Map<ProgramKind, GlProgram>();
  private textures: GlTextures;
  private corners: object | null = null;
  private largestTexture = 0;

  private constructor(
    private readonly gl: GlContext,
    private readonly version: 1 | 2,
    private readonly mostTexels: number,
  ) {
    this.textures = new GlTextures(gl);
    this.kind = version === 2 ? 'webgl2' : 'webgl1';
    this.restore();
  }

  /** `mostTexels`: textures are kept this narrow and low even where the driver takes larger ones. */
  static webgl2(gl: Gl2Context, mostTexels = Number.POSITIVE_INFINITY): GlRenderer {
    return new GlRenderer(gl, 2, mostTexels);
  }

  /** Throws where the fragment shader has no highp floats: 16-bit values would lose levels. */
  static webgl1(
    gl: GlContext & { getShaderPrecisionFormat(shader: number, precision: number): { precision: number } | null },
    mostTexels = Number.POSITIVE_INFINITY,
  ): GlRenderer {
    if ((gl.getShaderPrecisionFormat(gl.FRAGMENT_SHADER, gl.HIGH_FLOAT)?.precision ?? 0) < 23)
      throw new Error('no highp floats');
    return new GlRenderer(gl, 1, mostTexels);
  }

  restore(): void {
    const { gl } = this;
    this.programs = new Map();
    this.textures = new GlTextures(gl);
    this.corners = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.corners);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    gl.disable(gl.DITHER);
    gl.disable(gl.BLEND);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.clearColor(0, 0, 0, 1);
    this.largestTexture = Math.min(this.mostTexels, Number(gl.getParameter(gl.MAX_TEXTURE_SIZE)) || 2048);
    // Compile what nearly every film needs now, so that a driver that can't is found out before the first picture.
    if (!gl.isContextLost()) this.program('unsigned');
  }

  draw(scene: Scene, canvas: Extent): void {
    const { gl } = this;
    if (gl.isContextLost()) return;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const { frame } = scene;
    if (frame === null) return;
    if (frame.kind === 'colour' || frame.pixels.BYTES_PER_ELEMENT <= 2) this.drawFrame(scene, frame, canvas);
    else this.drawCpuView(scene, canvas);
    this.drawOverlay(scene, canvas);
  }

  dispose(): void {
    const { gl } = this;
    for (const { program } of this.programs.values()) gl.deleteProgram(program);
    this.textures.free(() => true);
    gl.deleteBuffer(this.corners);
    this.programs.clear();
  }

  private drawFrame(scene: Scene, frame: DecodedFrame, canvas: Extent): void {
    const { gl, version } = this;
    const isSigned = frame.kind === 'grey' && frame.pixels instanceof Int16Array && version === 2;
    const kind = frame.kind === 'colour' ? 'colour' : isSigned ? 'signed' : 'unsigned';
    const program = this.program(kind);
    gl.useProgram(program.program);
    if (frame.kind === 'grey') this.setLook(program, scene, frame);
    else gl.uniform1f(program.at.flip, scene.look.isInverted ? 1 : 0);
    const source = frame.kind === 'colour' ? frame.rgba : frame.pixels;
    const sampling = samplingOf(scene, frame);
    const tiles = frameTiles(frame, this.largestTexture);
    const names = tiles.map((_, index) => `${kind}/${index}`);
    this.textures.free((name) => name.startsWith(`${kind}/`) && !names.includes(name));
    tiles.forEach((tile, index) => {
      this.textures.bind(0, `${kind}/${index}`, source, tile, frameLayout(gl, version, frame), () =>
        tileTexels(version, frame, tile),
      );
      this.setSampling(program, withinTile(sampling, tile), tile, canvas);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    });
  }

  private setSampling({ at }: GlProgram, sampling: Sampling, size: BufferSize, canvas: Extent): void {
    const { gl } = this;
    const m = sampling.toBuffer;
    gl.uniform1i(at.image, 0);
    gl.uniform3f(at.rowU, m.a, m.c, m.e);
    gl.uniform3f(at.rowV, m.b, m.d, m.f);
    gl.uniform4f(at.edges, sampling.left, sampling.top, sampling.right, sampling.bottom);
    gl.uniform2f(at.size, size.columns, size.rows);
    gl.uniform1f(at.canvasHeight, canvas.height);
    gl.uniform1f(at.taps, sampling.taps);
    gl.uniform1f(at.isNearest, sampling.isNearest ? 1 : 0);
  }

  private setLook({ at }: GlProgram, scene: Scene, { pixels, padding }: GreyFrame): void {
    const { gl } = this;
    const tone = storedTone(scene.look, scene.attributes);
    // Kept within what an int and a float hold exactly; a window that far out is black or white anyway.
    const base = Math.min(1e6, Math.max(-1e6, Math.floor(tone.from)));
    gl.uniform1f(at.base, base);
    gl.uniform1f(at.rest, tone.from - base);
    gl.uniform1f(at.gain, tone.gain);
    gl.uniform1f(at.shape, tone.kind === 'step' && tone.isFalling ? 3 : shapes[tone.kind]);
    gl.uniform1f(at.flip, isInverted(scene.attributes, scene.look) ? 1 : 0);
    // An empty range where there is no padding: every value is above its high end.
    gl.uniform2f(at.padding, padding === null ? 1 : padding.low - base, padding === null ? 0 : padding.high - base);
    if (this.version === 1)
      gl.uniform3f(at.unpack, 1, pixels instanceof Uint8Array ? 0 : 256, pixels instanceof Int16Array ? 1 : 0);
    this.bindTable(tone.units ?? noTable);
    gl.uniform1i(at.table, 1);
    gl.uniform3f(at.tableSize, tableColumns, tableRows(tone.units ?? noTable), (tone.units ?? noTable).length);
  }

  /** A sampler needs a texture even where its shape does not read it. High byte red, low byte green. */
  private bindTable(units: Uint16Array): void {
    const { gl } = this;
    const size = { columns: tableColumns, rows: tableRows(units) };
    const layout = { internal: gl.RGBA, format: gl.RGBA, type: gl.UNSIGNED_BYTE };
    this.textures.bind(1, 'table', units, size, layout, () => {
      const bytes = new Uint8Array(size.columns * size.rows * 4);
      units.forEach((unit, i) => {
        bytes[i * 4] = unit >> 8;
        bytes[i * 4 + 1] = unit & 0xff;
      });
      return bytes;
    });
  }

  private drawOverlay(scene: Scene, canvas: Extent): void {
    const { gl } = this;
    const mask = scene.overlay;
    if (mask === null || mask === undefined) return;
    const { toMask, taps, boost, reach } = overlaySampling(scene, mask);
    const program = this.program('overlay');
    gl.useProgram(program.program);
    gl.uniform1f(program.at.gain, boost);
    gl.enable(gl.BLEND);
    frameTiles(mask, this.largestTexture, 0).forEach((tile, index) => {
      const layout = { internal: gl.LUMINANCE, format: gl.LUMINANCE, type: gl.UNSIGNED_BYTE };
      const frame = { kind: 'grey', reduce: 0, pixels: mask.bytes, ...mask, ...noRange } as const;
      this.textures.bind(0, `overlay/${index}`, mask.bytes, tile, layout, () => tileTexels(1, frame, tile));
      const edges = { left: -reach, top: -reach, right: mask.columns + reach, bottom: mask.rows + reach };
      this.setSampling(program, withinTile({ toBuffer: toMask, taps, isNearest: false, ...edges }, tile), tile, canvas);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    });
    gl.disable(gl.BLEND);
  }

  private program(kind: ProgramKind): GlProgram {
    const known = this.programs.get(kind);
    if (known !== undefined) return known;
    const program = buildProgram(this.gl, this.version, kind);
    this.programs.set(kind, program);
    return program;
  }

  /** The finished picture of the CPU, one texel a canvas pixel. */
  private drawCpuView(scene: Scene, canvas: Extent): void {
    const { gl } = this;
    const rgba = renderView({ ...scene, overlay: null }, canvas);
    const program = this.program('colour');
    gl.useProgram(program.program);
    const size = { columns: canvas.width, rows: canvas.height };
    const layout = { internal: gl.RGBA, format: gl.RGBA, type: gl.UNSIGNED_BYTE };
    this.textures.bind(0, 'view', rgba, size, layout, () => new Uint8Array(rgba.buffer));
    const edges = { left: 0, top: 0, right: canvas.width, bottom: canvas.height };
    const same = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
    this.setSampling(program, { toBuffer: same, taps: 1, isNearest: true, ...edges }, size, canvas);
    gl.uniform1f(program.at.flip, 0);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }
}

type BufferSize = { readonly columns: number; readonly rows: number };

/** As the shader numbers them. */
const shapes = { ramp: 0, step: 1, sigmoid: 2, table: 4 } as const;

const noRange = { storedMin: 0, storedMax: 255, padding: null } as const;
const noTable = new Uint16Array(1);
const tableColumns = 256;
const tableRows = (units: Uint16Array): number => Math.ceil(units.length / tableColumns);

/** The same sampling in the tile's own pixels, no further than the tile draws. */
function withinTile(sampling: Sampling, tile: FrameTile): Sampling {
  const m = sampling.toBuffer;
  return {
    ...sampling,
    toBuffer: { ...m, e: m.e - tile.x, f: m.f - tile.y },
    left: Math.max(sampling.left, tile.left) - tile.x,
    top: Math.max(sampling.top, tile.top) - tile.y,
    right: Math.min(sampling.right, tile.right) - tile.x,
    bottom: Math.min(sampling.bottom, tile.bottom) - tile.y,
  };
}
