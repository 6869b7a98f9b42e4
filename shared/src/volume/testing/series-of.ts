// Test support: manifests of stacks with a known geometry.
import type { FrameAttributes, FrameEntry, SeriesManifest } from '../../contract/film-manifest';
import { scaled, type Vec3 } from '../vector';

export interface StackChoices {
  readonly count: number;
  readonly spacing?: readonly [number, number];
  readonly origin?: Vec3;
  readonly step?: Vec3;
  readonly orientation?: FrameAttributes['imageOrientationPatient'];
  readonly common?: Partial<FrameAttributes>;
}

/** Frames as a scanner writes them: position of the first plus a step each. */
export function stackFrames(choices: StackChoices): FrameEntry[] {
  const { count, origin = [-100, -80, 40], step = [0, 0, 2] } = choices;
  return Array.from({ length: count }, (_, k) => {
    const [x, y, z] = scaled(step, k);
    return {
      bands: [100],
      instanceNumber: k + 1,
      imagePositionPatient: [origin[0] + x, origin[1] + y, origin[2] + z],
      imageOrientationPatient: choices.orientation ?? [1, 0, 0, 0, 1, 0],
      pixelSpacing: choices.spacing ?? [0.7, 0.5],
      pixelSpacingSource: 'patient',
      rows: 64,
      columns: 96,
      isSigned: true,
      ...choices.common,
    };
  });
}

export function seriesOf(frames: readonly FrameEntry[]): SeriesManifest {
  return {
    seriesInstanceUid: '1.2.3',
    seriesNumber: 1,
    modality: 'CT',
    description: '',
    frameTimeMs: null,
    windowPresets: [],
    withoutImage: [],
    common: {},
    frames,
  };
}
