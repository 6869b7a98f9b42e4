import { ProblemError, problem } from '@yingyun/shared/domain/problem';

/**
 * CFE1 version 1 on disk (docs/object-layout.md). Integers are big-endian.
 *
 *   0  4  magic "CFE1"          6  1  log2 of the chunk, 12 … 20      24 24  salt, new for every write
 *   4  1  version = 1           7  1  flags = 0                       48 32  commitment
 *   5  1  suite = 1             8 16  key id (UUID)                   80  …  chunks: ciphertext ‖ tag (32)
 *
 * The last chunk is always shorter than a full one (it may be empty), so a cut at a chunk boundary shows.
 */
export const headerLength = 80;
/** The part of the header that the derivation covers: everything before the commitment. */
export const boundHeaderLength = 48;
export const saltLength = 24;
export const tagLength = 32;
export const defaultLog2Chunk = 16;

const magic = Buffer.from('CFE1', 'latin1');
const version = 1;
const suiteSm4CtrHmacSm3 = 1;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export interface Cfe1Header {
  readonly log2Chunk: number;
  readonly keyId: string;
  readonly commitment: Uint8Array;
  /** The first 48 bytes, as they stand. */
  readonly bound: Uint8Array;
}

export interface ChunkLayout {
  /** Plaintext bytes of a full chunk. */
  readonly chunkLength: number;
  readonly chunkCount: number;
  readonly cipherLength: number;
}

export function sealedObjectInvalid(detail: string): ProblemError {
  return new ProblemError(problem('sealed-object-invalid', detail));
}

/** The header's first 48 bytes. Throws RangeError on a chunk size or key id that the format does not have. */
export function encodeBoundHeader(log2Chunk: number, keyId: string, salt: Uint8Array): Uint8Array {
  if (!Number.isInteger(log2Chunk) || log2Chunk < 12 || log2Chunk > 20) throw new RangeError(`log2Chunk ${log2Chunk}`);
  if (!uuidPattern.test(keyId)) throw new RangeError('a key id is a lower-case UUID');
  if (salt.length !== saltLength) throw new RangeError(`salt of ${salt.length} bytes`);
  const head = Buffer.alloc(boundHeaderLength);
  magic.copy(head, 0);
  head.set([version, suiteSm4CtrHmacSm3, log2Chunk, 0], 4);
  head.write(keyId.replaceAll('-', ''), 8, 'hex');
  head.set(salt, 24);
  return head;
}

/** Throws ProblemError `sealed-object-invalid` on anything but a version 1, suite 1 header without flags. */
export function parseHeader(sealedHead: Uint8Array): Cfe1Header {
  if (sealedHead.length < headerLength) throw sealedObjectInvalid('shorter than a header');
  const head = Buffer.from(sealedHead.subarray(0, headerLength));
  if (!head.subarray(0, 4).equals(magic)) throw sealedObjectInvalid('not a CFE1 object');
  if (head[4] !== version) throw sealedObjectInvalid(`version ${head[4]}`);
  if (head[5] !== suiteSm4CtrHmacSm3) throw sealedObjectInvalid(`suite ${head[5]}`);
  const log2Chunk = head.readUInt8(6);
  if (log2Chunk < 12 || log2Chunk > 20) throw sealedObjectInvalid(`log2 chunk ${log2Chunk}`);
  if (head[7] !== 0) throw sealedObjectInvalid(`flags ${head[7]}`);
  const hex = head.toString('hex', 8, 24);
  const keyId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return {
    log2Chunk,
    keyId,
    commitment: head.subarray(boundHeaderLength),
    bound: head.subarray(0, boundHeaderLength),
  };
}

export function layoutOf(plainLength: number, log2Chunk: number): ChunkLayout {
  const chunkLength = 2 ** log2Chunk;
  const chunkCount = Math.floor(plainLength / chunkLength) + 1;
  return { chunkLength, chunkCount, cipherLength: headerLength + plainLength + tagLength * chunkCount };
}

/** Throws ProblemError `sealed-object-invalid` where no plaintext has this sealed length. */
export function plainLengthOf(cipherLength: number, log2Chunk: number): number {
  const stride = 2 ** log2Chunk + tagLength;
  const body = cipherLength - headerLength;
  const lastSealed = body % stride;
  if (body < tagLength || lastSealed < tagLength) throw sealedObjectInvalid(`no object is ${cipherLength} bytes long`);
  return body - tagLength * (Math.floor(body / stride) + 1);
}

/** Where chunk `index` begins in the sealed object. */
export function sealedOffsetOf(index: number, layout: ChunkLayout): number {
  return headerLength + index * (layout.chunkLength + tagLength);
}
