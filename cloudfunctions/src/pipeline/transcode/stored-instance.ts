import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';

/**
 * What `instance.view_json` holds: how to show the instance and where its frames lie in the stored object. No patient data.
 */
export interface StoredInstance {
  readonly common: FrameAttributes;
  /** One a frame, in the instance's order. */
  readonly frames: readonly StoredFrame[];
  /** Milliseconds a frame for cine (PS3.3 C.7.6.5), null otherwise. */
  readonly frameTimeMs: number | null;
  /** '' where the frames can be shown; otherwise a catalogue key of why not ("not-an-image", "codec-not-viewable", "no-pixel-data"). */
  readonly withoutImage: string;
}

export interface StoredFrame {
  /** Byte offset of the frame's code stream in the stored object's plaintext (a DICOM Part 10 file). */
  readonly offset: number;
  /** Cumulative lengths up to each resolution, coarsest first (contract `FrameBytes.bands`). */
  readonly bands: readonly number[];
  /** Only what differs from `common` (enhanced multi-frame: position, rescale, VOI). */
  readonly differs?: Partial<FrameAttributes>;
}
