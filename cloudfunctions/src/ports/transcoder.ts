import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import type { Problem } from '@yingyun/shared/domain/problem';
import type { ExpectedUids, InstanceIdentity } from '../pipeline/index/index-instance';
import type { StoredInstance } from '../pipeline/transcode/stored-instance';
import type { DataKey, DigestedSealReceipt, SealContext, SealExpectation } from './sealing';

/**
 * Everything about an instance that costs CPU, in one task a call: opening, parsing, transcoding, digests, sealing. Bytes given are
 * taken over (transferred to a worker): the caller must not use them again.
 *
 * An image that crashes, exhausts or stalls a codec, twice and the second time alone, costs only itself: its call answers a Problem.
 */
export interface Transcoder {
  archive(task: WhenFree<ArchiveTask>): Promise<ArchivedInstance | Problem>;
  verify(task: WhenFree<VerifyTask>): Promise<VerifiedObject | Problem>;
  /** A frame in plain samples, for a phone that has no codec for it: somebody waits, so it goes before what is archived. */
  plainSamples(task: WhenFree<PlainTask>): Promise<Uint8Array | Problem>;
  close(): Promise<void>;
}

/**
 * Asked for when a worker is free: instances that wait their turn need no memory. Asked again, for fresh bytes, where the worker was
 * lost. What it throws, the call throws.
 */
export type WhenFree<T> = () => Promise<T>;

/** A sealed object with what is needed to open it. */
export interface SealedInput {
  readonly sealed: Uint8Array;
  readonly key: DataKey;
  readonly context: SealContext;
  readonly expected: SealExpectation;
}

export interface ArchiveTask {
  /** The spool file as it lies on disk, or its plaintext. */
  readonly source: SealedInput | { readonly plain: Uint8Array };
  /** Undefined: whatever it is. */
  readonly expectedUids: ExpectedUids | undefined;
  /** What the new object is sealed with and for. */
  readonly target: {
    readonly key: DataKey;
    readonly context: SealContext;
    /** Object key of what is derived for viewing, where something is. */
    readonly renditionKey: string;
  };
  readonly text: { readonly assumeChinese: boolean };
}

export interface ArchivedInstance extends IndexedObject {
  readonly sealed: Uint8Array;
  readonly receipt: DigestedSealReceipt;
  /** Of the stored file. */
  readonly transferSyntaxUid: string;
}

/** A sealed object of class `rendition`: made from the stored file, and to be made from it again when it is lost. */
export interface SealedRendition {
  readonly objectKey: string;
  readonly sealed: Uint8Array;
  readonly receipt: DigestedSealReceipt;
}

export interface IndexedObject {
  readonly identity: InstanceIdentity;
  readonly view: StoredInstance;
  /** What `view` finds there; undefined where nothing had to be derived. */
  readonly rendition?: SealedRendition;
  /** Digests of design D2c, 64 hex digits; `pixelSm3` '' without pixel data. */
  readonly headerSm3: string;
  readonly pixelSm3: string;
}

export interface VerifyTask extends SealedInput {
  /** Also read the object as a DICOM file (after the database was rebuilt from the journal). */
  readonly index?: { readonly text: { readonly assumeChinese: boolean }; readonly renditionKey: string };
}

export interface PlainTask {
  /** The leading bytes of a stored frame, as many as the wanted levels need. */
  readonly encoded: Uint8Array;
  readonly attributes: FrameAttributes;
  /** Of the stored frame. */
  readonly bands: readonly number[];
  /** The wanted bytes of the frame's pyramid (shared imaging/frame-pyramid.ts). The answer is these, zlib-compressed. */
  readonly from: number;
  readonly length: number;
}

export interface VerifiedObject {
  /** `PieceDigest` of the opened object, computed anew. */
  readonly plainSm3: string;
  readonly plainLength: number;
  readonly indexed?: IndexedObject;
}
