/** Where sealed objects rest: a local folder, COS or S3 (design D7). It only ever sees ciphertext. */
export interface ObjectStore {
  /** Durable when it resolves. Writing the same key again with the same bytes is allowed (handlers may run twice). */
  put(objectKey: string, sealed: Uint8Array): Promise<void>;
  get(objectKey: string): Promise<Uint8Array>;
  /** Bytes [offset, offset + length); throws ProblemError `image-damaged` where the object is shorter. */
  getRange(objectKey: string, offset: number, length: number): Promise<Uint8Array>;
  size(objectKey: string): Promise<number | undefined>;
  remove(objectKey: string): Promise<void>;
}
