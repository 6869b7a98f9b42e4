import type { DataKey, SealContext, SealExpectation, SealReceipt } from '../../ports/sealing';
import {
  type ChunkLayout,
  headerLength,
  layoutOf,
  parseHeader,
  plainLengthOf,
  sealedObjectInvalid,
  sealedOffsetOf,
  tagLength,
} from './cfe1-format';
import { openChunk } from './chunk';
import { keysForOpening } from './object-keys';

type ReadRange = (offset: number, length: number) => Promise<Uint8Array>;

/** Order: header, keys, commitment, length, then chunk by chunk its tag before its plaintext. Nothing leaves on a failure. */
export function openWhole(
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
    const layout = layoutOf(plainLength, header.log2Chunk);
    plain = new Uint8Array(plainLength);
    for (let i = 0; i < layout.chunkCount; i++) {
      const place = sealedPlaceOf(i, layout);
      const chunk = openChunk(keys, i, i === layout.chunkCount - 1, sealed.subarray(place.from, place.to));
      plain.set(chunk, i * layout.chunkLength);
    }
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
    const sealed = await readChunks(readRange, layout, firstWanted, lastWanted);
    const end = openChunk(keys, last, true, sealed(last));
    const out = new Uint8Array(length);
    for (let i = firstWanted; i <= lastWanted; i++) {
      const chunk = i === last ? end : openChunk(keys, i, false, sealed(i));
      const chunkStart = i * layout.chunkLength;
      const from = Math.max(start, chunkStart);
      const to = Math.min(start + length, chunkStart + chunk.length);
      if (to > from) out.set(chunk.subarray(from - chunkStart, to - chunkStart), from - start);
    }
    return out;
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
): Promise<(index: number) => Uint8Array> {
  const last = layout.chunkCount - 1;
  const isOneRequest = last - b <= 2;
  const from = sealedOffsetOf(a, layout);
  const to = isOneRequest ? layout.cipherLength : sealedPlaceOf(b, layout).to;
  const endFrom = sealedOffsetOf(last, layout);
  const [wanted, end] = await Promise.all([
    readExactly(readRange, from, to - from),
    isOneRequest ? undefined : readExactly(readRange, endFrom, layout.cipherLength - endFrom),
  ]);
  return (index) => {
    if (index === last && end !== undefined) return end;
    const place = sealedPlaceOf(index, layout);
    return wanted.subarray(place.from - from, place.to - from);
  };
}

async function readExactly(readRange: ReadRange, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await readRange(offset, length);
  if (bytes.length !== length) throw sealedObjectInvalid(`object ends within bytes ${offset}+${length}`);
  return bytes;
}

function sealedPlaceOf(index: number, layout: ChunkLayout): { from: number; to: number } {
  const from = sealedOffsetOf(index, layout);
  return { from, to: Math.min(from + layout.chunkLength + tagLength, layout.cipherLength) };
}
