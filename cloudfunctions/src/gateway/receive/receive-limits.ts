/** Caps on what a peer may make us hold or do. All are checked before the bytes in question are allocated or walked. */
export interface ReceiveLimits {
  /** Open associations; one more is rejected as transient, local-limit-exceeded. */
  readonly maxAssociations: number;
  /** From connection to a complete A-ASSOCIATE-RQ, and from our last word to the closed connection (PS3.8 9.1.5). */
  readonly artimMs: number;
  /** Silence within an association, also in the middle of an object. */
  readonly idleMs: number;
  /** Data set bytes of one object, as received. */
  readonly maxObjectBytes: number;
  /** Bytes walked before top-level pixel data; single values above 1 MiB are skipped unread and don't count. */
  readonly maxHeaderBytes: number;
  readonly maxElements: number;
  /** Sequences of undefined length inside one another. */
  readonly maxDepth: number;
  readonly maxInflatedBytes: number;
  /** Inflated bytes for each deflated one, once 32 MiB have come out. */
  readonly maxInflateRatio: number;
  /** rows × columns × samples of one frame. */
  readonly maxFrameSamples: number;
  /** rows × columns × samples × frames. */
  readonly maxTotalSamples: number;
}

const MiB = 1_048_576;

export const defaultReceiveLimits: ReceiveLimits = {
  maxAssociations: 32,
  artimMs: 10_000,
  idleMs: 60_000,
  maxObjectBytes: 4096 * MiB,
  maxHeaderBytes: 64 * MiB,
  maxElements: 2_000_000,
  maxDepth: 32,
  maxInflatedBytes: 1024 * MiB,
  maxInflateRatio: 250,
  maxFrameSamples: 256 * MiB,
  maxTotalSamples: 65_536 * MiB,
};
