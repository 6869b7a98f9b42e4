import { DecodePool } from './decode-pool';

/** Decoders at once: more gain little on phones, whose other cores draw and load. */
export const decoders = 2;

/** What can be made ready before there is a film. Whoever mounts a viewer with it gives it away and the viewer ends it, unless it is shared. */
export interface PreparedViewer {
  readonly pool: DecodePool;
  /** Several viewers decode with one pool, which outlives them: whoever made it closes it. */
  readonly isShared?: boolean;
  /** Asked once the first image is drawn; settles when a WebGL context can be had without a wait. Until then the CPU draws. */
  graphicsWarm(): Promise<void>;
}

/** Starts the decoders, which load their wasm while a person still types. */
export function prepareViewer(graphicsWarm: () => Promise<void>): PreparedViewer {
  return { pool: new DecodePool(decoders), graphicsWarm };
}

/** Decoders for a page with several viewers. */
export function prepareShared(graphicsWarm: () => Promise<void>): PreparedViewer {
  return { pool: new DecodePool(decoders), isShared: true, graphicsWarm };
}
