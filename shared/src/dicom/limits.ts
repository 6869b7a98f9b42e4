/** What a hostile file may cost, checked before anything is allocated for it. */
export interface DicomLimits {
  /** Elements of the whole file, items included. */
  readonly maxElements: number;
  /** Sequences within sequences. */
  readonly maxDepth: number;
  /** Bytes a deflated data set may grow to, and how many times its size beyond the first MiB. */
  readonly maxInflatedBytes: number;
  readonly maxInflateRatio: number;
  /** rows × columns × samples × frames × bytes a sample. */
  readonly maxPixelBytes: number;
  readonly maxFrames: number;
}

export const defaultLimits: DicomLimits = {
  maxElements: 1_000_000,
  maxDepth: 32,
  maxInflatedBytes: 256 * 1024 * 1024,
  maxInflateRatio: 100,
  maxPixelBytes: 1024 * 1024 * 1024,
  maxFrames: 100_000,
};
