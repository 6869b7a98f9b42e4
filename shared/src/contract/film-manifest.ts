/**
 * The film manifest (design, "Viewing protocol"): everything a viewer needs to know before it asks for pixels.
 * Attributes that all frames of a series share stand once, in `SeriesManifest.common`; a frame lists only what differs.
 */
export interface FilmManifest {
  readonly filmId: string;
  /**
   * Names this order of series and frames. Sent along with every frames request: when late images have changed the order, the
   * answer is `film-changed` instead of another slice's bytes. Absent only in fixtures.
   */
  readonly revision?: string;
  readonly hospitalName: string;
  readonly examItem: string;
  readonly modalities: readonly string[];
  readonly bodyPart: string;
  /** ISO 8601 local time of the examination as the PACS stated it, without zone: "2026-03-01T08:30:00" or "2026-03-01". */
  readonly examAt: string;
  readonly patient: { readonly nameMasked: string; readonly sex: 'M' | 'F' | 'O' | ''; readonly age: string };
  readonly report: ReportManifest | null;
  readonly completeness: { readonly instanceCount: number; readonly text: string };
  readonly series: readonly SeriesManifest[];
}

export interface ReportManifest {
  readonly status: 'preliminary' | 'approved' | 'amended' | 'withdrawn';
  readonly version: number;
  readonly findings: string;
  readonly impression: string;
  readonly reportingDoctor: string;
  readonly approvingDoctor: string;
  /** ISO 8601 UTC. */
  readonly reportedAt: string;
  readonly approvedAt: string;
}

export interface SeriesManifest {
  readonly seriesInstanceUid: string;
  readonly seriesNumber: number | null;
  readonly modality: string;
  readonly description: string;
  /** Milliseconds a frame for a multi-frame cine, null where the series is a stack. */
  readonly frameTimeMs: number | null;
  readonly windowPresets: readonly { readonly name: string; readonly center: number; readonly width: number }[];
  readonly common: Partial<FrameAttributes>;
  /** In display order. A frame's index in this list is its `frame` number in the frames protocol. */
  readonly frames: readonly FrameEntry[];
  /** Objects of the series that are not images, or that no phone can decode yet, with the reason to show. */
  readonly withoutImage: readonly { readonly sopInstanceUid: string; readonly reason: string }[];
}

export type FrameEntry = Partial<FrameAttributes> & FrameBytes;

export interface FrameBytes {
  /**
   * Cumulative byte length of the frame up to each resolution, coarsest first. `bands[bands.length - 1]` is the whole frame.
   * A frame with n + 1 bands can be shown at reduce n (1/2^n size) from its first `bands[0]` bytes. A frame that is not
   * progressive has exactly one band.
   */
  readonly bands: readonly number[];
}

export interface FrameAttributes {
  readonly sopInstanceUid: string;
  readonly instanceNumber: number;
  /** 1-based frame within its instance. */
  readonly frameNumber: number;
  readonly codec: 'htj2k' | 'jpeg' | 'raw';
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: 1 | 3;
  readonly bitsAllocated: 8 | 16 | 32;
  readonly bitsStored: number;
  readonly isSigned: boolean;
  readonly photometricInterpretation: string;
  /** Stored value to modality value (HU, …): PS3.3 C.11.1. */
  readonly rescaleSlope: number;
  readonly rescaleIntercept: number;
  readonly rescaleType: string;
  /** PS3.3 C.11.2; empty where the object has none (the viewer then uses the frame's own minimum and maximum). */
  readonly voi: readonly { readonly center: number; readonly width: number; readonly explanation: string }[];
  readonly voiLutFunction: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
  readonly imagePositionPatient: readonly [number, number, number] | null;
  readonly imageOrientationPatient: readonly [number, number, number, number, number, number] | null;
  /** Millimetres between rows and between columns (PS3.3 10.7.1.3), with where it came from; null: no calibration. */
  readonly pixelSpacing: readonly [number, number] | null;
  readonly pixelSpacingSource: 'patient' | 'imager' | 'region' | 'none';
  readonly sliceThickness: number | null;
  readonly pixelPaddingValue: number | null;
  /** Palette colour LUT: 256 or more RGB entries, 8 bit, base64, first mapped value. */
  readonly palette: { readonly first: number; readonly rgbBase64: string } | null;
}
