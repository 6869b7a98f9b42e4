import { open, readFile, stat } from 'node:fs/promises';
import { constants, inflateRawSync } from 'node:zlib';
import { isStorageSopClass } from '@yingyun/shared/dicom/sop-class';
import {
  explicitVrBigEndian,
  explicitVrLittleEndian,
  findTransferSyntax,
  implicitVrLittleEndian,
} from '@yingyun/shared/dicom/transfer-syntax';
import { parseDicomUid } from '@yingyun/shared/domain/dicom-uid';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { DataSetScanner } from '../receive/data-set-scanner';
import { defaultReceiveLimits } from '../receive/receive-limits';

/** A path, or a file that is already in memory. */
export type FileToSend = string | { readonly name: string; readonly bytes: Uint8Array };

/** A DICOM file as far as sending needs to know it. */
export interface SendableFile {
  readonly name: string;
  readonly source: FileToSend;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  /** Where the data set begins, and how long it is. */
  readonly dataSetOffset: number;
  readonly dataSetLength: number;
}

/** The identifiers stand within the first kilobytes of a data set. */
const headBytes = 32_768;

export function nameOfFile(file: FileToSend): string {
  return typeof file === 'string' ? file : file.name;
}

/**
 * Reads what a C-STORE needs from the head of a Part 10 file (PS3.10 7). Lenient: preamble, "DICM", group length or the whole file
 * meta may be missing; then the data set's own first element tells its encoding. The data set's identifiers win over the meta's.
 * Answers `dicom-malformed` or `dicom-unsupported` for what can't be sent; throws only foreign file system errors.
 */
export async function readPart10(source: FileToSend): Promise<SendableFile | Problem> {
  const name = nameOfFile(source);
  const { head, size } = await readHead(source);
  const meta = readFileMeta(head);
  const transferSyntaxUid = meta.transferSyntaxUid ?? guessTransferSyntax(head.subarray(meta.end));
  if (transferSyntaxUid === undefined) return problem('dicom-malformed', 'no DICOM file');
  const syntax = findTransferSyntax(transferSyntaxUid);
  if (syntax === undefined) return problem('dicom-unsupported', 'transfer syntax is not known');
  const scanner = new DataSetScanner(syntax, defaultReceiveLimits);
  scanner.feed(syntax.isDeflated ? inflateHead(head.subarray(meta.end)) : head.subarray(meta.end));
  const sopClassUid = parseDicomUid(scanner.attributes.sopClassUid ?? '') ?? parseDicomUid(meta.sopClassUid ?? '');
  const sopInstanceUid =
    parseDicomUid(scanner.attributes.sopInstanceUid ?? '') ?? parseDicomUid(meta.sopInstanceUid ?? '');
  if (sopClassUid === undefined || sopInstanceUid === undefined)
    return problem('dicom-malformed', 'no SOP class or instance UID');
  // a DICOMDIR is a file, not an object of a study; private classes are for the peer to judge
  if (sopClassUid.startsWith('1.2.840.10008.') && !isStorageSopClass(sopClassUid)) {
    return problem('dicom-unsupported', `${sopClassUid} is no storage SOP class`);
  }
  return {
    name,
    source,
    sopClassUid,
    sopInstanceUid,
    transferSyntaxUid,
    dataSetOffset: meta.end,
    dataSetLength: size - meta.end,
  };
}

/** The data set's bytes in pieces of at most `pieceLength`; small files in one read, large ones never whole in memory. */
export async function* readDataSet(file: SendableFile, pieceLength: number): AsyncGenerator<Uint8Array> {
  const end = file.dataSetOffset + file.dataSetLength;
  if (typeof file.source !== 'string') {
    yield* pieces(file.source.bytes.subarray(file.dataSetOffset, end), pieceLength);
  } else if (end <= 16 * 1_048_576) {
    yield* pieces((await readFile(file.source)).subarray(file.dataSetOffset, end), pieceLength);
  } else {
    const handle = await open(file.source);
    try {
      for (let at = file.dataSetOffset; at < end; at += pieceLength) {
        const piece = Buffer.alloc(Math.min(pieceLength, end - at));
        const { bytesRead } = await handle.read(piece, 0, piece.length, at);
        if (bytesRead < piece.length) throw new Error(`file became shorter while it was sent`);
        yield piece;
      }
    } finally {
      await handle.close();
    }
  }
}

function* pieces(bytes: Uint8Array, pieceLength: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceLength) yield bytes.subarray(at, at + pieceLength);
}

async function readHead(source: FileToSend): Promise<{ head: Buffer; size: number }> {
  if (typeof source !== 'string') {
    const bytes = Buffer.from(source.bytes.buffer, source.bytes.byteOffset, source.bytes.byteLength);
    return { head: bytes.subarray(0, headBytes), size: bytes.length };
  }
  const { size } = await stat(source);
  const handle = await open(source);
  try {
    const head = Buffer.alloc(Math.min(size, headBytes));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return { head: head.subarray(0, bytesRead), size };
  } finally {
    await handle.close();
  }
}

/** The identifiers stand within the first kilobytes; a cut stream gives what it holds. */
function inflateHead(deflated: Uint8Array): Uint8Array {
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 32 * 1_048_576 };
    return inflateRawSync(deflated.subarray(0, 16_384), options);
  } catch {
    return new Uint8Array(0); // not deflated at all: the file meta must do
  }
}

interface FileMeta {
  readonly sopClassUid?: string;
  readonly sopInstanceUid?: string;
  readonly transferSyntaxUid?: string;
  readonly end: number;
}

/** Walks group 0002 by its elements, not by its group length: that one is wrong or missing often enough. */
function readFileMeta(head: Buffer): FileMeta {
  const values = new Map<number, string>();
  let at = startOfElements(head);
  while (at + 8 <= head.length && head.readUInt16LE(at) === 0x0002) {
    const vr = head.toString('latin1', at + 4, at + 6);
    const isLong = vr === 'OB' || vr === 'UN';
    const isImplicit = !/^[A-Z]{2}$/.test(vr);
    if (isLong && at + 12 > head.length) break;
    const start = at + (isLong ? 12 : 8);
    const length = isLong
      ? head.readUInt32LE(at + 8)
      : isImplicit
        ? head.readUInt32LE(at + 4)
        : head.readUInt16LE(at + 6);
    if (start + length > head.length) break;
    values.set(head.readUInt16LE(at + 2), head.toString('latin1', start, start + length).replace(/[\0 ]+$/, ''));
    at = start + length;
  }
  const value = (element: number) => values.get(element) || undefined;
  const sopClassUid = value(0x0002);
  const sopInstanceUid = value(0x0003);
  const transferSyntaxUid = value(0x0010);
  return {
    ...(sopClassUid === undefined ? {} : { sopClassUid }),
    ...(sopInstanceUid === undefined ? {} : { sopInstanceUid }),
    ...(transferSyntaxUid === undefined ? {} : { transferSyntaxUid }),
    end: at,
  };
}

/** Behind preamble and prefix, or at the very beginning; "DICM" may stand in the middle of a file that has no preamble. */
function startOfElements(head: Buffer): number {
  if (head.length < 132 || head.toString('latin1', 128, 132) !== 'DICM') return 0;
  const isMeta = head.length >= 134 && head.readUInt16LE(132) === 0x0002;
  return isMeta || guessTransferSyntax(head) === undefined ? 132 : 0;
}

/** PS3.5 annex A by the first element: a VR or none, group 0008 in either byte order. Compressed pixels can't be told that way. */
function guessTransferSyntax(dataSet: Buffer): string | undefined {
  if (dataSet.length < 8) return undefined;
  const isExplicit = /^[A-Z]{2}$/.test(dataSet.toString('latin1', 4, 6));
  if (dataSet.readUInt16LE(0) === 0x0008) return isExplicit ? explicitVrLittleEndian : implicitVrLittleEndian;
  return isExplicit && dataSet.readUInt16BE(0) === 0x0008 ? explicitVrBigEndian : undefined;
}
