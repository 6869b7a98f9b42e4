import type { FrameAttributes, ObjectWithoutImage } from '@yingyun/shared/contract/film-manifest';

/**
 * What `instance.view_sealed` holds: how to show the instance and where its frames lie in the stored object.
 */
export interface StoredInstance {
  readonly common: FrameAttributes;
  /** One a frame, in the instance's order. */
  readonly frames: readonly StoredFrame[];
  /** Milliseconds a frame for cine (PS3.3 C.7.6.5), null otherwise. */
  readonly frameTimeMs: number | null;
  readonly frameTimeVectorMs?: readonly number[];
  /** '' where the frames can be shown. */
  readonly withoutImage: WithoutImage;
  /** What it is listed as where it isn't shown; also of one whose frames can be, though only over other images (segmentations, doses). */
  readonly listed?: Pick<ObjectWithoutImage, 'kind' | 'title' | 'hasDocument'> & {
    /** A structured report that says of itself that it is complete and verified (PS3.3 C.17.2). */
    readonly isVerified?: boolean;
  };
  /** Overlay planes, whose bits stand in the rendition object. */
  readonly overlays?: readonly StoredOverlay[];
}

/** Why no picture of an instance is shown. */
export type WithoutImage =
  | ''
  | 'not-an-image'
  | 'no-pixel-data'
  /** There is no decoder for it. */
  | 'codec-not-viewable'
  /** There is a decoder, and it fails: cut or wrong bytes. */
  | 'pixels-damaged';

export interface StoredOverlay {
  readonly group: number;
  /** The image frame, from 1, that the first plane belongs to; 0: one plane for all frames. */
  readonly firstFrame: number;
  readonly frameCount: number;
  /** Of the first plane in the rendition object's plaintext; the next follow. */
  readonly offset: number;
  /** Bytes of one plane. */
  readonly length: number;
}

export interface StoredFrame {
  /**
   * Byte offset of the frame's code stream in the stored object's plaintext (a DICOM Part 10 file), or in the rendition object's where
   * the attributes say `rendition: 'derived'`.
   */
  readonly offset: number;
  /** Cumulative lengths up to each resolution, coarsest first (contract `FrameBytes.bands`). */
  readonly bands: readonly number[];
  /** Only what differs from `common` (enhanced multi-frame: position, rescale, VOI). */
  readonly differs?: Partial<FrameAttributes>;
}
