/** What a browser's canvas may give, best first. */
export const glKinds: readonly ('webgl2' | 'webgl')[] = ['webgl2', 'webgl'];
