/** What the renderers use of WebGL. `shared` has no DOM library; a browser's context and a mini-program's both fit. */
export interface GlContext {
  readonly canvas: unknown;
  readonly VERTEX_SHADER: number;
  readonly FRAGMENT_SHADER: number;
  readonly COMPILE_STATUS: number;
  readonly LINK_STATUS: number;
  readonly TEXTURE_2D: number;
  readonly TEXTURE_MIN_FILTER: number;
  readonly TEXTURE_MAG_FILTER: number;
  readonly TEXTURE_WRAP_S: number;
  readonly TEXTURE_WRAP_T: number;
  readonly NEAREST: number;
  readonly CLAMP_TO_EDGE: number;
  readonly UNPACK_ALIGNMENT: number;
  readonly UNSIGNED_BYTE: number;
  readonly UNSIGNED_SHORT: number;
  readonly SHORT: number;
  readonly LUMINANCE: number;
  readonly LUMINANCE_ALPHA: number;
  readonly RGBA: number;
  readonly ARRAY_BUFFER: number;
  readonly STATIC_DRAW: number;
  readonly FLOAT: number;
  readonly TRIANGLES: number;
  readonly COLOR_BUFFER_BIT: number;
  readonly DITHER: number;
  readonly BLEND: number;
  readonly SRC_ALPHA: number;
  readonly ONE_MINUS_SRC_ALPHA: number;
  readonly TEXTURE0: number;
  readonly MAX_TEXTURE_SIZE: number;
  readonly HIGH_FLOAT: number;
  createShader(type: number): object | null;
  shaderSource(shader: object, source: string): void;
  compileShader(shader: object): void;
  getShaderParameter(shader: object, name: number): unknown;
  getShaderInfoLog(shader: object): string | null;
  createProgram(): object | null;
  attachShader(program: object, shader: object): void;
  bindAttribLocation(program: object, index: number, name: string): void;
  linkProgram(program: object): void;
  getProgramParameter(program: object, name: number): unknown;
  useProgram(program: object | null): void;
  deleteProgram(program: object | null): void;
  deleteShader(shader: object | null): void;
  getUniformLocation(program: object, name: string): object | null;
  uniform1i(location: object | null, x: number): void;
  uniform1f(location: object | null, x: number): void;
  uniform2f(location: object | null, x: number, y: number): void;
  uniform3f(location: object | null, x: number, y: number, z: number): void;
  uniform4f(location: object | null, x: number, y: number, z: number, w: number): void;
  createTexture(): object | null;
  bindTexture(target: number, texture: object | null): void;
  deleteTexture(texture: object | null): void;
  activeTexture(unit: number): void;
  texParameteri(target: number, name: number, value: number): void;
  pixelStorei(name: number, value: number): void;
  texImage2D(
    target: number,
    level: number,
    internal: number,
    width: number,
    height: number,
    border: number,
    format: number,
    type: number,
    pixels: ArrayBufferView | null,
  ): void;
  texSubImage2D(
    target: number,
    level: number,
    x: number,
    y: number,
    width: number,
    height: number,
    format: number,
    type: number,
    pixels: ArrayBufferView | null,
  ): void;
  createBuffer(): object | null;
  bindBuffer(target: number, buffer: object | null): void;
  bufferData(target: number, data: Float32Array, usage: number): void;
  deleteBuffer(buffer: object | null): void;
  enableVertexAttribArray(index: number): void;
  vertexAttribPointer(
    index: number,
    size: number,
    type: number,
    isNormalised: boolean,
    stride: number,
    offset: number,
  ): void;
  viewport(x: number, y: number, width: number, height: number): void;
  clearColor(r: number, g: number, b: number, a: number): void;
  clear(mask: number): void;
  disable(capability: number): void;
  enable(capability: number): void;
  blendFunc(source: number, destination: number): void;
  drawArrays(mode: number, first: number, count: number): void;
  getParameter(name: number): unknown;
  isContextLost(): boolean;
}

export interface Gl2Context extends GlContext {
  readonly R8UI: number;
  readonly R16UI: number;
  readonly R16I: number;
  readonly RED_INTEGER: number;
  readonly RGBA8: number;
}
