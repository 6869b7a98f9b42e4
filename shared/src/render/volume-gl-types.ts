import type { Gl2Context } from './gl-types';

/** What drawing a volume needs of WebGL2 besides. */
export interface VolumeGl extends Gl2Context {
  readonly TEXTURE_3D: number;
  readonly TEXTURE_WRAP_R: number;
  readonly MAX_3D_TEXTURE_SIZE: number;
  readonly R32F: number;
  readonly RED: number;
  readonly SCISSOR_TEST: number;
  readonly NO_ERROR: number;
  getError(): number;
  scissor(x: number, y: number, width: number, height: number): void;
  uniform3i(location: object | null, x: number, y: number, z: number): void;
  texStorage3D(target: number, levels: number, internal: number, width: number, height: number, depth: number): void;
  texSubImage3D(
    target: number,
    level: number,
    x: number,
    y: number,
    z: number,
    width: number,
    height: number,
    depth: number,
    format: number,
    type: number,
    pixels: ArrayBufferView | null,
  ): void;
}
