import type { DataKey, SealContext, SealExpectation, SealReceipt } from '../../ports/sealing';
import {
  type ChunkLayout,
  headerLength,
  layoutOf,
  parseHeader,
  plainLengthOf,
  sealedObjectInvalid,
  sealedOffsetOf,
} from './cfe1-format';
import type { ChunkCrypto } from './chunk-crypto';
import { keysForOpening } from './object-keys';

type ReadRange = (offset: number, length: number) => Promise<Uint8Array>;

/** Order: header, keys, commitment, length, then chunk by chunk its tag before its plaintext. Nothing leaves on a failure. */
export function openWhole(
  crypto: ChunkCrypto,
  key: DataKey,
  context: SealContext,
  sealed: Uint8Array,
  expected: SealExpectation,
): Uint8Array {
  const header = parseHeader(sealed);
  const keys = keysForOpening(key, header, context, expected.commitment);
  let plain: Uint8Array | undefined;
  try {
    if (sealed.length !== expected.cipherLength) {
      throw sealedObjectInvalid(`${sealed.length} bytes where the receipt says ${expected.cipherLength}`);
    }
    const plainLength = plainLengthOf(sealed.length, header.log2Chunk);
    const run = { firstIndex: 0, chunkLength: 2 ** header.log2Chunk, isEnd: true };
    plain = new Uint8Array(plainLength);
    crypto.open(keys, run, sealed.subarray(headerLength), plain, 0);
    return plain;
  } catch (error) {
    plain?.fill(0);
    throw error;
  } finally {
    keys.wipe();
  }
}

/**
 * Opens plaintext [start, start + length), reading the header, the chunks of the range and the last chunk. The last chunk is
 * checked first: it carries the end mark, so a range of an object that was cut fails even where its own chunks are whole.
 * Bytes appended behind the receipt's length are never looked at; `openWhole` refuses them.
 */
export async function openRangeOf(
  crypto: ChunkCrypto,
  key: DataKey,
  context: SealContext,
  expected: SealExpectation & Pick<SealReceipt, 'plainLength'>,
  readRange: ReadRange,
  start: number,
  length: number,
): Promise<Uint8Array> {
  if (
    !Number.isInteger(start) ||
    !Number.isInteger(length) ||
    start < 0 ||
    length < 0 ||
    start + length > expected.plainLength
  ) {
    throw new RangeError(`range ${start}+${length} lies outside ${expected.plainLength} bytes`);
  }
  const header = parseHeader(await readExactly(readRange, 0, headerLength));
  const layout = layoutOf(expected.plainLength, header.log2Chunk);
  if (layout.cipherLength !== expected.cipherLength) throw sealedObjectInvalid('chunk size does not fit the receipt');
  const keys = keysForOpening(key, header, context, expected.commitment);
  try {
    const last = layout.chunkCount - 1;
    const firstWanted = length === 0 ? last : Math.floor(start / layout.chunkLength);
    const lastWanted = length === 0 ? last : Math.floor((start + length - 1) / layout.chunkLength);
    const { wanted, end } = await readChunks(readRange, layout, firstWanted, lastWanted);
    const chunkLength = layout.chunkLength;
    const endLength = expected.plainLength - last * chunkLength;
    const hasEnd = lastWanted === last;
    if (!hasEnd) {
      crypto.open(keys, { firstIndex: last, chunkLength, isEnd: true }, end, new Uint8Array(endLength), 0);
    }
    const plainLength = (lastWanted - firstWanted) * chunkLength + (hasEnd ? endLength : chunkLength);
    const plain = new Uint8Array(plainLength);
    crypto.open(keys, { firstIndex: firstWanted, chunkLength, isEnd: hasEnd }, wanted, plain, 0);
    const from = length === 0 ? 0 : start - firstWanted * chunkLength;
    return from === 0 && length === plainLength ? plain : plain.slice(from, from + length);
  } finally {
    keys.wipe();
  }
}

/** Reads chunks a … b and the last one, in one request where at most one chunk lies between, in two at once otherwise. */
async function readChunks(
  readRange: ReadRange,
  layout: ChunkLayout,
  a: number,
  b: number,
): Promise<{ readonly wanted: Uint8Array; readonly end: Uint8Array }> {
  const last = layout.chunkCount - 1;
  const from = sealedOffsetOf(a, layout);
  const to = Math.min(sealedOffsetOf(b + 1, layout), layout.cipherLength);
  const endFrom = sealedOffsetOf(last, layout);
  if (last - b <= 2) {
    const sealed = await readExactly(readRange, from, layout.cipherLength - from);
    return { wanted: sealed.subarray(0, to - from), end: sealed.subarray(endFrom - from) };
  }
  const [wanted, end] = await Promise.all([
    readExactly(readRange, from, to - from),
    readExactly(readRange, endFrom, layout.cipherLength - endFrom),
  ]);
  return { wanted, end };
}

async function readExactly(readRange: ReadRange, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await readRange(offset, length);
  if (bytes.length !== length) throw sealedObjectInvalid(`object ends within bytes ${offset}+${length}`);
  return bytes;
}
