/** A canvas of `type="webgl"` gives WebGL 1 on every WeChat; WebGL 2 only on some. Both show the same 16-bit levels. */
export const glKinds: readonly ('webgl2' | 'webgl')[] = ['webgl'];
