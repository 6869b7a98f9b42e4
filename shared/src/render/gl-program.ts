import { compileShader } from './compile-shader';
import type { GlContext } from './gl-types';
import { fragmentSource, type ProgramKind, vertexSource } from './shader-source';

const uniformNames = [
  'image',
  'rowU',
  'rowV',
  'edges',
  'size',
  'canvasHeight',
  'taps',
  'isNearest',
  'flip',
  'base',
  'rest',
  'gain',
  'shape',
  'padding',
  'unpack',
  'table',
  'tableSize',
] as const;

export interface GlProgram {
  readonly program: object;
  readonly at: Readonly<Record<(typeof uniformNames)[number], object | null>>;
}

/** Compiles and links. Throws with the driver's log: a bug of ours or of the driver, either way another renderer's turn. */
export function buildProgram(gl: GlContext, version: 1 | 2, kind: ProgramKind): GlProgram {
  const program = gl.createProgram();
  if (program === null) throw new Error('no GL program');
  const shaders = [
    compileShader(gl, gl.VERTEX_SHADER, vertexSource(version)),
    compileShader(gl, gl.FRAGMENT_SHADER, fragmentSource(version, kind)),
  ];
  for (const shader of shaders) gl.attachShader(program, shader);
  gl.bindAttribLocation(program, 0, 'corner');
  gl.linkProgram(program);
  for (const shader of shaders) gl.deleteShader(shader);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true) throw new Error('GL program does not link');
  const entries = uniformNames.map((name) => [name, gl.getUniformLocation(program, name)] as const);
  return { program, at: Object.fromEntries(entries) as GlProgram['at'] }; // the keys are uniformNames
}
