import { type GreyLook, isInverted } from '../imaging/render-frame';
import { storedTone } from '../imaging/tone';
import type { Extent } from '../imaging/viewport';
import { mostLayers as everyLayer, gridExtent, planeSampling } from '../volume/reslice-plane';
import type { Vec3 } from '../volume/vector';
import { noSlice, type Volume } from '../volume/volume';
import { compileShader } from './compile-shader';
import { vertexSource } from './shader-source';
import type { VolumeGl } from './volume-gl-types';
import type { PlanePane, VolumeRenderer } from './volume-scene';
import { type VolumeSampler, volumeFragmentSource } from './volume-shader';

const uniformNames = [
  'image',
  'held',
  'start',
  'across',
  'along',
  'deep',
  'low',
  'high',
  'size',
  'pane',
  'layers',
  'mode',
  'base',
  'rest',
  'gain',
  'shape',
  'flip',
  'padding',
] as const;

interface VolumeProgram {
  readonly program: object;
  readonly at: Readonly<Record<(typeof uniformNames)[number], object | null>>;
}

const shapes = { ramp: 0, step: 1, sigmoid: 2, table: 0 } as const;
const modes = { max: 0, min: 1, mean: 2 } as const;

/** Bytes handed to the GPU in one drawing: a slice that sharpens must not hold up a finger. */
const uploadBytes = 32 * 1_048_576;

/**
 * Planes of a volume on WebGL2: one 3-D texture of the samples as they are (R16I, R16UI, R8UI, R32F), trilinear, slab and window in the
 * shader. Throws where the volume fits no texture of the device, or memory is out: then the CPU draws.
 */
export class GlVolumeRenderer implements VolumeRenderer {
  readonly kind = 'webgl2';
  private programs = new Map<string, VolumeProgram>();
  private texture: object | null = null;
  private heldTexture: object | null = null;
  private corners: object | null = null;
  private readonly dirty = new Set<number>();
  /** One a slice: 1 where the texture has anything of it. */
  private held = new Uint8Array(0);
  private isHeldStale = true;
  private readonly sampler: VolumeSampler;

  constructor(
    private readonly gl: VolumeGl,
    private readonly volume: Volume,
  ) {
    const { samples, columns, rows, slices } = volume;
    this.sampler =
      samples instanceof Float32Array ? 'sampler3D' : samples instanceof Int16Array ? 'isampler3D' : 'usampler3D';
    const largest = Number(gl.getParameter(gl.MAX_3D_TEXTURE_SIZE)) || 256;
    if (Math.max(columns, rows, slices) > largest) throw new Error('no texture is so large');
    this.restore();
  }

  touch(slice: number): void {
    this.dirty.add(slice);
  }

  restore(): void {
    const { gl, volume } = this;
    if (gl.isContextLost()) return;
    this.programs = new Map();
    this.corners = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.corners);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    gl.disable(gl.DITHER);
    gl.disable(gl.BLEND);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.clearColor(0, 0, 0, 1);
    this.program(true, false); // what the first picture needs
    while (gl.getError() !== gl.NO_ERROR) if (gl.isContextLost()) return;
    this.heldTexture = this.newTexture(gl.TEXTURE_2D);
    this.texture = this.newTexture(gl.TEXTURE_3D);
    gl.texStorage3D(gl.TEXTURE_3D, 1, this.layout().internal, volume.columns, volume.rows, volume.slices);
    if (gl.getError() !== gl.NO_ERROR) throw new Error('no room for the volume');
    this.held = new Uint8Array(volume.slices);
    this.isHeldStale = true;
    volume.sliceReduce.forEach((held, slice) => {
      if (held !== noSlice) this.dirty.add(slice);
    });
  }

  draw(panes: readonly PlanePane[], look: GreyLook, canvas: Extent, mostLayers = everyLayer): boolean {
    const { gl, volume } = this;
    if (gl.isContextLost()) return false;
    this.upload();
    gl.disable(gl.SCISSOR_TEST);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.SCISSOR_TEST);
    const hasHoles = volume.padding !== null || this.held.includes(0);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_3D, this.texture);
    gl.activeTexture(gl.TEXTURE0 + 1);
    gl.bindTexture(gl.TEXTURE_2D, this.heldTexture);
    const set = this.vec3;
    for (const { plane, x, y } of panes) {
      const { width, height, slab } = plane;
      const sampling = planeSampling(volume, plane, mostLayers);
      const { at } = this.use(hasHoles, sampling.layers > 1, look);
      gl.scissor(x, canvas.height - y - height, width, height);
      set(at.pane, [x, y, canvas.height]);
      set(at.start, sampling.start);
      set(at.across, sampling.across);
      set(at.along, sampling.along);
      set(at.deep, sampling.deep);
      gl.uniform1f(at.layers, sampling.layers);
      gl.uniform1f(at.mode, modes[slab.mode]);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    }
    return this.dirty.size > 0;
  }

  dispose(): void {
    const { gl } = this;
    for (const { program } of this.programs.values()) gl.deleteProgram(program);
    gl.deleteTexture(this.texture);
    gl.deleteTexture(this.heldTexture);
    gl.deleteBuffer(this.corners);
    this.programs.clear();
  }

  /** The program for a plane, with all that is the same for every pane. */
  private use(hasHoles: boolean, isSlab: boolean, look: GreyLook): VolumeProgram {
    const { gl, volume } = this;
    const program = this.program(hasHoles, isSlab);
    const { at } = program;
    gl.useProgram(program.program);
    gl.uniform1i(at.image, 0);
    gl.uniform1i(at.held, 1);
    gl.uniform3i(at.size, volume.columns, volume.rows, volume.slices);
    const set = this.vec3;
    const extent = gridExtent(volume);
    set(at.low, extent.low);
    set(at.high, extent.high);
    this.setLook(at, look);
    return program;
  }

  private readonly vec3 = (location: object | null, [x, y, z]: Vec3): void => this.gl.uniform3f(location, x, y, z);

  private setLook(at: VolumeProgram['at'], look: GreyLook): void {
    const { gl, volume } = this;
    const tone = storedTone({ window: look.window }, volume.rescale);
    // Kept within what an int and a float hold exactly; a window that far out is black or white anyway.
    const base = this.sampler === 'sampler3D' ? 0 : Math.min(1e6, Math.max(-1e6, Math.floor(tone.from)));
    gl.uniform1f(at.base, base);
    gl.uniform1f(at.rest, tone.from - base);
    gl.uniform1f(at.gain, tone.gain);
    gl.uniform1f(at.shape, tone.kind === 'step' && tone.isFalling ? 3 : shapes[tone.kind]);
    gl.uniform1f(at.flip, isInverted(volume.plan.attributes, look) ? 1 : 0);
    const { padding } = volume;
    gl.uniform2f(at.padding, padding === null ? 1 : padding.low - base, padding === null ? 0 : padding.high - base);
  }

  private upload(): void {
    const { gl, volume } = this;
    const { columns, rows, samples } = volume;
    const { format, type } = this.layout();
    const size = columns * rows;
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_3D, this.texture);
    let room = uploadBytes;
    for (const slice of this.dirty) {
      if (room <= 0) break;
      const texels = samples.subarray(slice * size, (slice + 1) * size);
      gl.texSubImage3D(gl.TEXTURE_3D, 0, 0, 0, slice, columns, rows, 1, format, type, texels);
      room -= texels.byteLength;
      this.dirty.delete(slice);
      if (this.held[slice] === 0) this.isHeldStale = true;
      this.held[slice] = 1;
    }
    if (!this.isHeldStale) return;
    this.isHeldStale = false;
    gl.activeTexture(gl.TEXTURE0 + 1);
    gl.bindTexture(gl.TEXTURE_2D, this.heldTexture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8UI, volume.slices, 1, 0, gl.RED_INTEGER, gl.UNSIGNED_BYTE, this.held);
  }

  private layout(): { readonly internal: number; readonly format: number; readonly type: number } {
    const { gl } = this;
    const { samples } = this.volume;
    if (samples instanceof Float32Array) return { internal: gl.R32F, format: gl.RED, type: gl.FLOAT };
    if (samples instanceof Int16Array) return { internal: gl.R16I, format: gl.RED_INTEGER, type: gl.SHORT };
    if (samples instanceof Uint16Array) return { internal: gl.R16UI, format: gl.RED_INTEGER, type: gl.UNSIGNED_SHORT };
    return { internal: gl.R8UI, format: gl.RED_INTEGER, type: gl.UNSIGNED_BYTE };
  }

  private newTexture(target: number): object {
    const { gl } = this;
    const texture = gl.createTexture();
    if (texture === null) throw new Error('no GL texture');
    gl.bindTexture(target, texture);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(target, filter, gl.NEAREST);
    for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(target, wrap, gl.CLAMP_TO_EDGE);
    return texture;
  }

  private program(hasHoles: boolean, isSlab: boolean): VolumeProgram {
    const key = `${hasHoles} ${isSlab}`;
    const known = this.programs.get(key);
    if (known !== undefined) return known;
    const { gl } = this;
    const program = gl.createProgram();
    if (program === null) throw new Error('no GL program');
    const shaders = [
      compileShader(gl, gl.VERTEX_SHADER, vertexSource(2)),
      compileShader(gl, gl.FRAGMENT_SHADER, volumeFragmentSource(this.sampler, hasHoles, isSlab)),
    ];
    for (const shader of shaders) gl.attachShader(program, shader);
    gl.bindAttribLocation(program, 0, 'corner');
    gl.linkProgram(program);
    for (const shader of shaders) gl.deleteShader(shader);
    if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true) throw new Error('GL program does not link');
    const entries = uniformNames.map((name) => [name, gl.getUniformLocation(program, name)] as const);
    const made = { program, at: Object.fromEntries(entries) as VolumeProgram['at'] }; // the keys are uniformNames
    this.programs.set(key, made);
    return made;
  }
}
