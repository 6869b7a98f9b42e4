import { Inflate } from 'pako';
import { isProblem, type Problem, ProblemError, problem } from '../domain/problem';
import { type DataSet, find } from './data-set';
import { type DicomLimits, defaultLimits } from './limits';
import { DataSetReader, type Encoding } from './read-data-set';
import { isKnownVr } from './value-representation';

export const implicitLittleEndianUid = '1.2.840.10008.1.2';
export const explicitLittleEndianUid = '1.2.840.10008.1.2.1';
export const deflatedLittleEndianUid = '1.2.840.10008.1.2.1.99';
export const explicitBigEndianUid = '1.2.840.10008.1.2.2';

export interface Part10 {
  /** Group 0002; empty where the file has none. */
  readonly meta: DataSet;
  readonly dataSet: DataSet;
  readonly transferSyntaxUid: string;
  readonly encoding: Encoding;
  /** The bytes that `offset`s in `dataSet` count in: the file, or what came out of the deflated data set. */
  readonly bytes: Uint8Array;
  /** The file is a whole Part 10 file (preamble, prefix, meta with transfer syntax) whose bytes `dataSet` points into. */
  readonly isPlainPart10: boolean;
}

/**
 * Reads a DICOM Part 10 file (PS3.10 7.1), with or without preamble and file meta, in any transfer syntax. Pixel data is located,
 * not decoded. Nothing is allocated that the file's own size or `limits` does not bound.
 *
 * Answers Problem `dicom-malformed` or `dicom-limit-exceeded`; never throws for what the bytes are.
 */
export function readPart10(bytes: Uint8Array, limits: DicomLimits = defaultLimits): Part10 | Problem {
  try {
    // A plain view: a Node Buffer's slice() doesn't copy, and its subarrays are Buffers again.
    return read(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), limits);
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    // Only a bug gets here; a caller that must not die on one file still learns of it.
    if (error instanceof RangeError) return problem('dicom-malformed', 'a read past the end');
    throw error;
  }
}

function read(bytes: Uint8Array, limits: DicomLimits): Part10 | Problem {
  // "DICM" may stand at 128 by chance in a file without a preamble: what follows decides.
  const hasPreamble =
    hasPrefix(bytes, 128) && (groupAt(bytes, 132) === 0x0002 || guessTransferSyntax(bytes, 0) === undefined);
  const metaStart = hasPreamble ? 132 : hasPrefix(bytes, 0) ? 4 : 0;
  const reader = new DataSetReader(bytes, limits);
  let meta: DataSet = { elements: [] };
  let start = metaStart;
  if (groupAt(bytes, metaStart) === 0x0002) {
    const isExplicit = isKnownVr(String.fromCharCode(bytes[metaStart + 4] ?? 0, bytes[metaStart + 5] ?? 0));
    const read = reader.read(metaStart, bytes.length, { isExplicit, isLittleEndian: true }, 0x0002);
    meta = read.dataSet;
    start = read.end;
  }
  if (bytes.length - start < 8) return problem('dicom-malformed', 'no data set');
  const declared = asciiValue(find(meta, 0x00020010)?.value);
  const transferSyntaxUid = declared === '' ? guessTransferSyntax(bytes, start) : declared;
  if (transferSyntaxUid === undefined) return problem('dicom-malformed', 'neither file meta nor a data set');
  if (transferSyntaxUid === deflatedLittleEndianUid) {
    const inflated = inflateCapped(bytes.subarray(start), limits);
    if (isProblem(inflated)) return inflated;
    const encoding: Encoding = { isExplicit: true, isLittleEndian: true };
    const { dataSet } = new DataSetReader(inflated, limits).read(0, inflated.length, encoding);
    return { meta, dataSet, transferSyntaxUid, encoding, bytes: inflated, isPlainPart10: false };
  }
  const encoding = encodingOf(transferSyntaxUid, bytes, start);
  const { dataSet } = reader.read(start, bytes.length, encoding);
  if (dataSet.elements.length === 0) return problem('dicom-malformed', 'an empty data set');
  return { meta, dataSet, transferSyntaxUid, encoding, bytes, isPlainPart10: hasPreamble && declared !== '' };
}

/** What the transfer syntax says, unless the first element plainly says otherwise (wrongly labelled files are common). */
function encodingOf(uid: string, bytes: Uint8Array, start: number): Encoding {
  const looksExplicit = isKnownVr(String.fromCharCode(bytes[start + 4] ?? 0, bytes[start + 5] ?? 0));
  return { isExplicit: looksExplicit, isLittleEndian: uid !== explicitBigEndianUid };
}

function guessTransferSyntax(bytes: Uint8Array, start: number): string | undefined {
  const little = groupAt(bytes, start);
  const big = ((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0);
  const isExplicit = isKnownVr(String.fromCharCode(bytes[start + 4] ?? 0, bytes[start + 5] ?? 0));
  // A data set begins in one of the first groups; text, archives and noise do not.
  if (little >= 0x0002 && little <= 0x0028) return isExplicit ? explicitLittleEndianUid : implicitLittleEndianUid;
  if (big >= 0x0002 && big <= 0x0028 && isExplicit) return explicitBigEndianUid;
  return undefined;
}

/** PS3.5 A.5: raw deflate. Stops as soon as a cap is passed, so a bomb costs no more than the cap. */
function inflateCapped(deflated: Uint8Array, limits: DicomLimits): Uint8Array | Problem {
  const cap = Math.min(limits.maxInflatedBytes, Math.max(1024 * 1024, deflated.length * limits.maxInflateRatio));
  const chunks: Uint8Array[] = [];
  let total = 0;
  const inflate = new Inflate({ raw: true, chunkSize: 256 * 1024 });
  inflate.onData = (chunk) => {
    const piece = chunk as Uint8Array; // pako answers text only with {to:'string'}
    total += piece.length;
    if (total > cap) throw new ProblemError(problem('dicom-limit-exceeded', `inflates past ${cap} bytes`));
    chunks.push(piece);
  };
  // A stream that is cut short ends with Z_BUF_ERROR.
  let status = 0;
  inflate.onEnd = (code) => {
    status = code;
  };
  inflate.push(deflated, true);
  if (inflate.err !== 0 || status !== 0 || total === 0)
    return problem('dicom-malformed', 'the deflated data set is damaged');
  const out = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

function hasPrefix(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x44 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x43 && bytes[at + 3] === 0x4d;
}

function groupAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function asciiValue(value: Uint8Array | undefined): string {
  let text = '';
  for (const byte of (value ?? new Uint8Array(0)).subarray(0, 64))
    if (byte > 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
  return text;
}
