import type { GreyLook } from '../imaging/render-frame';
import type { Extent } from '../imaging/viewport';
import type { ReslicePlane } from '../volume/reslice-plane';

/** A plane and where on the canvas it stands, in canvas pixels from the top left; the plane is as wide and high. */
export interface PlanePane {
  readonly plane: ReslicePlane;
  readonly x: number;
  readonly y: number;
}

/** Draws planes of one volume. */
export interface VolumeRenderer {
  readonly kind: 'webgl2' | 'canvas';
  /** The samples of a slice have changed. */
  touch(slice: number): void;
  /** Draws panes over black. True: slices wait to be taken over, draw again soon. `mostLayers`: of a slab, fewer while it moves. */
  draw(panes: readonly PlanePane[], look: GreyLook, canvas: Extent, mostLayers?: number): boolean;
  /** After a lost context has come back: builds everything anew. */
  restore(): void;
  dispose(): void;
}
