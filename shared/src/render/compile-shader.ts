import type { GlContext } from './gl-types';

/** One shader. Throws with the driver's words where it refuses the source. `type`: `gl.VERTEX_SHADER` or `gl.FRAGMENT_SHADER`. */
export function compileShader(gl: GlContext, type: number, source: string): object {
  const shader = gl.createShader(type);
  if (shader === null) throw new Error('no GL shader');
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (gl.getShaderParameter(shader, gl.COMPILE_STATUS) !== true)
    throw new Error(gl.getShaderInfoLog(shader) ?? 'shader does not compile');
  return shader;
}
