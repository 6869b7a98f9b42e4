import type { DataSet, DicomElement } from './data-set';
import { hasLongLength } from './value-representation';

/** What stands in (7FE0,0010) of the new file. */
export type NewPixelData =
  | { readonly kind: 'none' }
  | { readonly kind: 'native'; readonly vr: 'OB' | 'OW'; readonly bytes: Uint8Array }
  /** One fragment a frame, extended offset table (PS3.3 C.7.6.3.1.8). */
  | { readonly kind: 'encapsulated'; readonly frames: readonly Uint8Array[] };

export interface NewPart10 {
  readonly dataSet: DataSet;
  /** The data set's sequences are explicit VR little endian already: their bytes are copied as they came. */
  readonly isExplicitLittleEndian: boolean;
  readonly transferSyntaxUid: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly implementationClassUid: string;
  readonly implementationVersionName: string;
  readonly pixelData: NewPixelData;
  /** Elements that take the place of those with the same tag. */
  readonly replacements?: readonly { readonly tag: number; readonly vr: string; readonly value: Uint8Array }[];
}

export interface WrittenPart10 {
  readonly bytes: Uint8Array;
  /** Where each frame begins in `bytes` (encapsulated), or the first byte of native pixel data. */
  readonly frameOffsets: readonly number[];
}

const pixelDataTag = 0x7fe00010;

/**
 * Writes a Part 10 file (PS3.10 7.1) in explicit VR little endian: the data set's own elements with their values untouched,
 * without group lengths (retired) and offset tables, with new file meta and the given pixel data.
 */
export function writePart10(file: NewPart10): WrittenPart10 {
  const out = new Pieces();
  out.add(new Uint8Array(128));
  out.add(Uint8Array.of(0x44, 0x49, 0x43, 0x4d));
  writeMeta(out, file);
  const frameOffsets: number[] = [];
  let hasPixelData = false;
  const writePixelData = () => {
    hasPixelData = true;
    frameOffsets.push(...addPixelData(out, file.pixelData));
  };
  for (const element of file.dataSet.elements) {
    if ((element.tag & 0xffff) === 0 || element.tag >>> 16 <= 0x0002) continue;
    if (element.tag === 0x7fe00001 || element.tag === 0x7fe00002) continue;
    if (element.tag === pixelDataTag && !hasPixelData) writePixelData();
    else if (element.tag !== pixelDataTag) {
      const replacement = file.replacements?.find((candidate) => candidate.tag === element.tag);
      if (replacement === undefined) addElement(out, element, file.isExplicitLittleEndian);
      else addValue(out, replacement.tag, replacement.vr, replacement.value);
    }
  }
  return { bytes: out.join(), frameOffsets };
}

function writeMeta(out: Pieces, file: NewPart10): void {
  const meta = new Pieces();
  addValue(meta, 0x00020001, 'OB', Uint8Array.of(0, 1));
  addValue(meta, 0x00020002, 'UI', asciiBytes(file.sopClassUid, 0));
  addValue(meta, 0x00020003, 'UI', asciiBytes(file.sopInstanceUid, 0));
  addValue(meta, 0x00020010, 'UI', asciiBytes(file.transferSyntaxUid, 0));
  addValue(meta, 0x00020012, 'UI', asciiBytes(file.implementationClassUid, 0));
  addValue(meta, 0x00020013, 'SH', asciiBytes(file.implementationVersionName, 0x20));
  addValue(out, 0x00020000, 'UL', u32(meta.length));
  out.add(meta.join());
}

function addPixelData(out: Pieces, pixelData: NewPixelData): number[] {
  if (pixelData.kind === 'none') return [];
  if (pixelData.kind === 'native') {
    addHeader(out, pixelDataTag, pixelData.vr, evenLength(pixelData.bytes.length));
    const offset = out.length;
    addPadded(out, pixelData.bytes);
    return [offset];
  }
  const { frames } = pixelData;
  const offsets = new Uint8Array(frames.length * 8);
  const lengths = new Uint8Array(frames.length * 8);
  let itemOffset = 0;
  frames.forEach((frame, index) => {
    new DataView(offsets.buffer).setBigUint64(index * 8, BigInt(itemOffset), true);
    new DataView(lengths.buffer).setBigUint64(index * 8, BigInt(frame.length), true);
    itemOffset += 8 + evenLength(frame.length);
  });
  addValue(out, 0x7fe00001, 'OV', offsets);
  addValue(out, 0x7fe00002, 'OV', lengths);
  addHeader(out, pixelDataTag, 'OB', 0xffffffff);
  addDelimiter(out, 0xfffee000, 0);
  const frameOffsets: number[] = [];
  for (const frame of frames) {
    addDelimiter(out, 0xfffee000, evenLength(frame.length));
    frameOffsets.push(out.length);
    addPadded(out, frame);
  }
  addDelimiter(out, 0xfffee0dd, 0);
  return frameOffsets;
}

function addElement(out: Pieces, element: DicomElement, copySequences: boolean): void {
  const { tag, vr, value, items, hasUndefinedLength } = element;
  // A UN sequence is implicit VR in every transfer syntax: its bytes stay. So do fragments (of icons).
  const isVerbatim = copySequences || vr === 'UN' || items === undefined;
  if (hasUndefinedLength && isVerbatim) {
    addHeader(out, tag, vr, 0xffffffff);
    out.add(value);
    addDelimiter(out, 0xfffee0dd, 0);
  } else if (items !== undefined && !isVerbatim) {
    const inner = new Pieces();
    for (const item of items) {
      const content = new Pieces();
      for (const child of item.elements) if ((child.tag & 0xffff) !== 0) addElement(content, child, false);
      addDelimiter(inner, 0xfffee000, content.length);
      inner.append(content);
    }
    addHeader(out, tag, 'SQ', inner.length);
    out.append(inner);
  } else addValue(out, tag, vr, value);
}

function addValue(out: Pieces, tag: number, vr: string, value: Uint8Array): void {
  // PS3.5 6.2.2: a value too long for a 16-bit length goes as UN.
  const writtenVr = !hasLongLength(vr) && value.length > 0xffff ? 'UN' : vr;
  addHeader(out, tag, writtenVr, value.length);
  out.add(value);
}

function addHeader(out: Pieces, tag: number, vr: string, length: number): void {
  const long = hasLongLength(vr);
  const header = new Uint8Array(long ? 12 : 8);
  const view = new DataView(header.buffer);
  view.setUint16(0, tag >>> 16, true);
  view.setUint16(2, tag & 0xffff, true);
  header[4] = vr.charCodeAt(0);
  header[5] = vr.charCodeAt(1);
  if (long) view.setUint32(8, length, true);
  else view.setUint16(6, length, true);
  out.add(header);
}

function addDelimiter(out: Pieces, tag: number, length: number): void {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag >>> 16, true);
  view.setUint16(2, tag & 0xffff, true);
  view.setUint32(4, length, true);
  out.add(bytes);
}

function addPadded(out: Pieces, bytes: Uint8Array): void {
  out.add(bytes);
  if (bytes.length % 2 === 1) out.add(Uint8Array.of(0));
}

function evenLength(length: number): number {
  return length + (length % 2);
}

function asciiBytes(text: string, padding: number): Uint8Array {
  const bytes = new Uint8Array(evenLength(text.length)).fill(padding);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) & 0x7f;
  return bytes;
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** Gathers views and copies each byte once, when joined. */
class Pieces {
  private readonly pieces: Uint8Array[] = [];
  length = 0;

  add(piece: Uint8Array): void {
    this.pieces.push(piece);
    this.length += piece.length;
  }
  append(other: Pieces): void {
    for (const piece of other.pieces) this.add(piece);
  }
  join(): Uint8Array {
    const out = new Uint8Array(this.length);
    let at = 0;
    for (const piece of this.pieces) {
      out.set(piece, at);
      at += piece.length;
    }
    return out;
  }
}
