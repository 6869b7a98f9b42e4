/**
 * Sealing: every byte of a patient that comes to rest is a CFE1 object (docs/object-layout.md). Implemented in adapters/sealing.
 */

/** What an object is bound to. Opening with any other context fails. */
export interface SealContext {
  readonly tenantId: string;
  readonly objectKey: string;
  readonly objectClass: 'spool' | 'dicom' | 'rendition' | 'hl7';
  readonly generation: number;
}

/** 32 secret bytes and the UUID under which the key ring finds them again. */
export interface DataKey {
  readonly keyId: string;
  readonly bytes: Uint8Array;
}

/** What must be remembered of a sealed object to detect truncation and roll-back (kept in the journal and the database). */
export interface SealReceipt {
  readonly keyId: string;
  readonly cipherLength: number;
  readonly plainLength: number;
  /** 64 hex digits. */
  readonly commitment: string;
}

/** For objects that stay: the plaintext's digest besides, so that it can be checked without trusting the key. */
export interface DigestedSealReceipt extends SealReceipt {
  /** `PieceDigest` of the plaintext, 64 hex digits. */
  readonly plainSm3: string;
}

export type SealExpectation = Pick<SealReceipt, 'cipherLength' | 'commitment'>;

export interface SealingStream {
  /**
   * Takes plaintext, gives the ciphertext that is ready. The first answer begins with the header. The answer stands in `room` where that is
   * given and long enough; then it is the caller's to use up before the next call.
   */
  update(plain: Uint8Array, room?: Uint8Array): Uint8Array;
  /** The last chunk, and the receipt. Key material is wiped; the stream is of no further use. */
  finish(room?: Uint8Array): { readonly sealed: Uint8Array; readonly receipt: SealReceipt };
}

/** SM3 over the SM3 of each 64 KiB of what comes, the last piece shorter: one number for the bytes, several of which are hashed at once. */
export interface PieceDigest {
  /** Copies what it needs. */
  update(bytes: Uint8Array): void;
  /** 64 hex digits. To be called once, also where nobody wants the answer any more. */
  end(): string;
}

export interface Sealer {
  startDigest(): PieceDigest;
  startSealing(key: DataKey, context: SealContext, log2Chunk?: number): SealingStream;
  seal(
    key: DataKey,
    context: SealContext,
    plain: Uint8Array,
    log2Chunk?: number,
  ): { readonly sealed: Uint8Array; readonly receipt: DigestedSealReceipt };
  /** Throws ProblemError `sealed-object-invalid` on any mismatch; no plaintext is released before its tag was checked. */
  open(key: DataKey, context: SealContext, sealed: Uint8Array, expected: SealExpectation): Uint8Array;
  /** Opens plaintext bytes [start, start + length) and fetches only the chunks they lie in. */
  openRange(
    key: DataKey,
    context: SealContext,
    expected: SealExpectation & Pick<SealReceipt, 'plainLength'>,
    readRange: (offset: number, length: number) => Promise<Uint8Array>,
    start: number,
    length: number,
  ): Promise<Uint8Array>;
  /** The key id in an object's header, without opening it. */
  keyIdOf(sealedHead: Uint8Array): string;
}

/** Data keys, one a study, one a day for messages and one a day for the spool; wrapped under the provider's key-encryption key. */
export interface KeyRing {
  /** The study's key. Made on first use, and then durable in the key journal before this resolves (design D13). */
  studyKey(tenantId: string, studyInstanceUid: string): Promise<DataKey>;
  /** Today's key for the originals of HL7 messages, durable before this resolves. A message may be of many studies, or of none. */
  messageKey(tenantId: string): Promise<DataKey>;
  /** The spool's key for today, durable before this resolves. */
  spoolKey(tenantId: string): Promise<DataKey>;
  /** Throws ProblemError `key-unavailable` where the key is unknown, shredded or can't be unwrapped. */
  keyById(tenantId: string, keyId: string): Promise<DataKey>;
}

export type DerivedKeyPurpose =
  | 'field'
  | 'name-token'
  | 'blind-index'
  | 'share-token'
  | 'access-token'
  | 'pepper'
  | 'audit';

/** The root of trust: soft file, KMS or SDF device (design 2.2 of the security reference). */
export interface KeyProvider {
  /** "soft" providers are refused under the hospital profile. */
  readonly kind: 'soft' | 'kms' | 'sdf';
  wrap(tenantId: string, purpose: 'object' | 'spool', keyId: string, key: Uint8Array): Promise<Uint8Array>;
  unwrap(tenantId: string, purpose: 'object' | 'spool', keyId: string, wrapped: Uint8Array): Promise<Uint8Array>;
  /** 32 bytes for one purpose, hospital and label (a column, an audience). Never written anywhere. */
  derive(tenantId: string, purpose: DerivedKeyPurpose, label: string): Promise<Uint8Array>;
}
