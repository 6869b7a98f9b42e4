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
  readonly patient: {
    readonly nameMasked: string;
    readonly sex: 'M' | 'F' | 'O' | '';
    readonly age: string;
    /** In full, and the hospital's number for the person: only for a doctor of the hospital. */
    readonly name?: string;
    readonly patientId?: string;
  };
  /** Only for a doctor of the hospital. */
  readonly accessionNumber?: string;
  readonly report: ReportManifest | null;
  /** Versions of all the study's reports together, the one in `report` among them: only for a doctor of the hospital. */
  readonly reportVersionCount?: number;
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
  /**
   * Milliseconds a frame for a multi-frame cine, null where the series is a stack (PS3.3 C.7.6.5: Frame Time, else the mean of
   * its vector, else Recommended Display Frame Rate).
   */
  readonly frameTimeMs: number | null;
  /** Milliseconds each frame stays, one a frame, where they differ (PS3.3 C.7.6.5 Frame Time Vector). Absent: `frameTimeMs` for all. */
  readonly frameTimeVectorMs?: readonly number[];
  readonly windowPresets: readonly { readonly name: string; readonly center: number; readonly width: number }[];
  readonly common: Partial<FrameAttributes>;
  /** In display order. A frame's index in this list is its `frame` number in the frames protocol. */
  readonly frames: readonly FrameEntry[];
  /** Objects of the series that are not images, or that cannot be shown, with the reason to show. */
  readonly withoutImage: readonly ObjectWithoutImage[];
}

/** An object that is kept and listed, though no picture of it stands among the frames. */
export interface ObjectWithoutImage {
  readonly sopInstanceUid: string;
  /** 'damaged': the bytes cannot be read as what they say they are; 'other': of no kind with a name of its own here. */
  readonly kind:
    | 'structured-report'
    | 'pdf'
    | 'key-object'
    | 'presentation-state'
    | 'segmentation'
    | 'rt-structure'
    | 'rt-dose'
    | 'rt-plan'
    | 'video'
    | 'model'
    | 'waveform'
    | 'other'
    | 'damaged';
  /** Document title, content label, series description: what the object calls itself; '' where it says nothing. */
  readonly title: string;
  /** A Chinese sentence for patient and doctor: why no picture of it is shown. */
  readonly reason: string;
  /** The document route opens it to this reader: content of a structured report or key object selection, bytes of a PDF. */
  readonly hasDocument: boolean;
  /**
   * Of a document that patients can't open yet, since no doctor has approved what it says (ADR 0023): 'waiting' to a patient or share,
   * which can't open it, 'unreviewed' to staff, who can. Absent: nothing stands in its way.
   */
  readonly standing?: 'waiting' | 'unreviewed';
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
  /** 'pyramid' stands in no manifest: a client writes it where it asks for plain samples (imaging/frame-pyramid.ts). */
  readonly codec: 'htj2k' | 'jpeg' | 'raw' | 'pyramid';
  /**
   * 'derived': pixels that the server made for viewing, since no phone decodes the stored ones (float, JPEG 2000 lossy, …). All
   * other attributes describe the rendition; a viewer says so on the image.
   */
  readonly rendition: 'as-stored' | 'derived';
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
  /** Modality LUT Sequence (PS3.3 C.11.1). It stands instead of slope and intercept, which are then 1 and 0. */
  readonly modalityLut: LookupTable | null;
  /** PS3.3 C.11.2; empty where the object has none (the viewer then uses the frame's own minimum and maximum). */
  readonly voi: readonly { readonly center: number; readonly width: number; readonly explanation: string }[];
  /** VOI LUT Sequence (PS3.3 C.11.2.1.1): alternatives to the windows of `voi`, over modality values. */
  readonly voiLuts: readonly (LookupTable & { readonly explanation: string })[];
  readonly voiLutFunction: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
  readonly imagePositionPatient: readonly [number, number, number] | null;
  readonly imageOrientationPatient: readonly [number, number, number, number, number, number] | null;
  /** Positions of frames with one UID are in one space (PS3.3 C.7.4.1). Absent or '': it states none. */
  readonly frameOfReferenceUid?: string;
  /** Millimetres between rows and between columns (PS3.3 10.7.1.3), with where it came from; null: no calibration. */
  readonly pixelSpacing: readonly [number, number] | null;
  readonly pixelSpacingSource: 'patient' | 'imager' | 'region' | 'none';
  /** Height : width of a pixel (PS3.3 C.7.6.3.1.7) where there is no `pixelSpacing`; null: square. */
  readonly pixelAspectRatio: readonly [number, number] | null;
  readonly sliceThickness: number | null;
  /** Stored value of the background (PS3.3 C.7.5.1.1.2), outside of the image's range. */
  readonly pixelPaddingValue: number | null;
  /** The other end of a range of padding values, both ends included, in either order; null: the one value only. */
  readonly pixelPaddingRangeLimit: number | null;
  /** Palette colour LUT, segmented ones expanded: RGB entries of 8 bit, base64, first mapped value (PS3.3 C.7.6.3.1.5). */
  readonly palette: { readonly first: number; readonly rgbBase64: string } | null;
  /** Overlay planes (PS3.3 C.9.2) that have bits for this frame; the bits come from the overlay route. */
  readonly overlays: readonly OverlayPlane[];
  /** Sequence of Ultrasound Regions (PS3.3 C.8.5.5), as recorded. */
  readonly ultrasoundRegions: readonly UltrasoundRegion[];
}

/**
 * A table of PS3.3 C.11.1.1 / C.11.2.1.1: entry 0 belongs to input `first` and all below, the last entry to all above.
 * Inputs are stored values (modality LUT) or modality values (VOI LUT).
 */
export interface LookupTable {
  /** Signed where the input is. */
  readonly first: number;
  /** Bits of an entry, 8…16: an entry of a VOI LUT runs from 0 (black of MONOCHROME2) to 2^bits - 1 (white). */
  readonly bits: number;
  /** Little-endian uint16 entries. */
  readonly entriesBase64: string;
}

/**
 * An overlay plane's place. Its bits: `GET …/overlays/:sopInstanceUid/:group?frame=`, rows × columns bits in DICOM order,
 * packed from the lowest bit of each byte, without padding between rows.
 */
export interface OverlayPlane {
  /** 0x6000…0x601e, even. */
  readonly group: number;
  readonly rows: number;
  readonly columns: number;
  /** Overlay Origin: the image row and column, from 1, of the plane's first pixel; may lie outside the image, also below 1. */
  readonly row: number;
  readonly column: number;
  /** Overlay Type G or R. */
  readonly kind: 'graphics' | 'roi';
  /** Overlay Label or Description; '' where it has none. */
  readonly label: string;
}

/** A calibrated rectangle of an ultrasound image (PS3.3 C.8.5.5.1), in pixels from 0, both corners included. */
export interface UltrasoundRegion {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** Centimetres are turned to millimetres; '' where the axis has no unit. */
  readonly unitX: UltrasoundUnit;
  readonly unitY: UltrasoundUnit;
  /** Units a pixel, in the units above; signed as recorded. */
  readonly deltaX: number;
  readonly deltaY: number;
}

export type UltrasoundUnit =
  | ''
  | '%'
  | 'dB'
  | 'mm'
  | 's'
  | 'Hz'
  | 'dB/s'
  | 'mm/s'
  | 'mm²'
  | 'mm²/s'
  | 'mm³'
  | 'mm³/s'
  | '°';
