import { ProblemError, problem } from '../domain/problem';
import { type DataSet, type DicomElement, type Fragment, formatTag } from './data-set';
import type { DicomLimits } from './limits';
import { hasLongLength, isKnownVr, vrOfTag, wordSizeOf } from './value-representation';

const undefinedLength = 0xffffffff;
const itemTag = 0xfffee000;
const itemEndTag = 0xfffee00d;
const sequenceEndTag = 0xfffee0dd;
const pixelDataTag = 0x7fe00010;
const pixelRepresentationTag = 0x00280103;
const bitsAllocatedTag = 0x00280100;

export interface Encoding {
  readonly isExplicit: boolean;
  readonly isLittleEndian: boolean;
}

/**
 * Reads a data set's encoded bytes (PS3.5 chapter 7). One of these reads one file: it carries the count of elements over all
 * items, so that many small sequences can't hide what one long list may not do.
 *
 * Throws ProblemError `dicom-malformed` where a length reaches past its container, `dicom-limit-exceeded` past a limit.
 */
export class DataSetReader {
  private elementCount = 0;
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly limits: DicomLimits,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Elements of [start, end). `stopBefore` ends at the first element whose group is greater. */
  read(start: number, end: number, encoding: Encoding, stopAfterGroup = 0xffff): { dataSet: DataSet; end: number } {
    return this.readElements(start, end, encoding, 0, false, { isSigned: false, bitsAllocated: 16 }, stopAfterGroup);
  }

  private readElements(
    start: number,
    end: number,
    encoding: Encoding,
    depth: number,
    untilItemEnd: boolean,
    pixels: PixelFacts,
    stopAfterGroup = 0xffff,
  ): { dataSet: DataSet; end: number } {
    const elements: DicomElement[] = [];
    const facts: PixelFacts = { ...pixels };
    let at = start;
    while (at < end) {
      if (end - at < 8) {
        if (this.isPadding(at, end)) break;
        throw malformed(`${end - at} bytes left at ${at}`);
      }
      const tag = this.tagAt(at, encoding.isLittleEndian);
      if (tag === itemEndTag && untilItemEnd) return { dataSet: { elements }, end: at + 8 };
      if (tag >>> 16 > stopAfterGroup) break;
      if (tag >>> 16 === 0xfffe) {
        // Stray delimiters occur in the field after a defined-length sequence: empty, they change nothing.
        if (tag !== itemTag && this.u32(at + 4, encoding.isLittleEndian) === 0) {
          at += 8;
          continue;
        }
        throw malformed(`${formatTag(tag)} out of place at ${at}`);
      }
      if (tag === 0 && this.isPadding(at, end)) break;
      const read = this.readElement(at, end, tag, encoding, depth, facts);
      elements.push(read.element);
      if (tag === pixelRepresentationTag) facts.isSigned = read.element.value[0] === 1;
      if (tag === bitsAllocatedTag) facts.bitsAllocated = read.element.value[0] ?? 16;
      at = read.end;
    }
    if (untilItemEnd) throw malformed('an item has no end');
    return { dataSet: { elements }, end: at };
  }

  private readElement(
    offset: number,
    end: number,
    tag: number,
    encoding: Encoding,
    depth: number,
    facts: PixelFacts,
  ): { element: DicomElement; end: number } {
    this.elementCount++;
    if (this.elementCount > this.limits.maxElements) throw exceeded(`more than ${this.limits.maxElements} elements`);
    const header = this.readHeader(offset, end, tag, encoding, facts.isSigned);
    const { vr, length, valueOffset } = header;
    if (length !== undefinedLength && length > end - valueOffset) {
      throw malformed(`${formatTag(tag)} is ${length} bytes long, ${end - valueOffset} are left`);
    }
    const place = { tag, vr, offset, valueOffset };
    if (length === undefinedLength) {
      if (vr === 'SQ' || (vr === 'UN' && tag !== pixelDataTag)) {
        const inner = vr === 'UN' ? { isExplicit: false, isLittleEndian: true } : encoding;
        const sequence = this.readItems(valueOffset, end, inner, depth + 1, true, facts);
        const value = this.bytes.subarray(valueOffset, sequence.valueEnd);
        return { element: { ...place, value, hasUndefinedLength: true, items: sequence.items }, end: sequence.end };
      }
      if (!/^O|^UN$/.test(vr)) throw malformed(`${formatTag(tag)} ${vr} can't have an undefined length`);
      const encapsulated = this.readFragments(valueOffset, end, encoding.isLittleEndian);
      const value = this.bytes.subarray(valueOffset, encapsulated.valueEnd);
      return {
        element: { ...place, value, hasUndefinedLength: true, fragments: encapsulated.fragments },
        end: encapsulated.end,
      };
    }
    const valueEnd = valueOffset + length;
    // Under implicit VR the dictionary may say SQ of what a writer used otherwise: without an item it is opaque.
    if (
      vr === 'SQ' &&
      !encoding.isExplicit &&
      length > 0 &&
      !this.isItemAt(valueOffset, valueEnd, encoding.isLittleEndian)
    ) {
      const value = this.bytes.subarray(valueOffset, valueEnd);
      return { element: { ...place, vr: 'UN', value, hasUndefinedLength: false }, end: valueEnd };
    }
    if (vr === 'SQ') {
      const sequence = this.readItems(valueOffset, valueEnd, encoding, depth + 1, false, facts);
      const value = this.bytes.subarray(valueOffset, valueEnd);
      return { element: { ...place, value, hasUndefinedLength: false, items: sequence.items }, end: valueEnd };
    }
    const raw = this.bytes.subarray(valueOffset, valueEnd);
    const wordSize = tag === pixelDataTag && facts.bitsAllocated === 32 ? 4 : wordSizeOf(vr);
    const value = encoding.isLittleEndian || wordSize === 1 ? raw : swapWords(raw, wordSize);
    return { element: { ...place, value, hasUndefinedLength: false }, end: valueEnd };
  }

  private readHeader(offset: number, end: number, tag: number, encoding: Encoding, isSigned: boolean): ElementHeader {
    const little = encoding.isLittleEndian;
    const implicit = (): ElementHeader => {
      const length = this.u32(offset + 4, little);
      const known = vrOfTag(tag, isSigned);
      // PS3.5 A.1: under implicit VR only sequences and items have undefined lengths.
      return { vr: length === undefinedLength && tag !== pixelDataTag ? 'SQ' : known, length, valueOffset: offset + 8 };
    };
    if (!encoding.isExplicit) return implicit();
    const first = this.bytes[offset + 4] ?? 0;
    const second = this.bytes[offset + 5] ?? 0;
    const vr = String.fromCharCode(first, second);
    if (!isKnownVr(vr)) {
      // Not two capital letters: some writers fall back to implicit headers in mid-file.
      if (first < 0x41 || first > 0x5a || second < 0x41 || second > 0x5a) return implicit();
      // PS3.5 7.1.2: VRs yet to be invented have the long form.
      if (end - offset >= 12 && this.bytes[offset + 6] === 0 && this.bytes[offset + 7] === 0) {
        return { vr: 'UN', length: this.u32(offset + 8, little), valueOffset: offset + 12 };
      }
      return { vr: 'UN', length: this.u16(offset + 6, little), valueOffset: offset + 8 };
    }
    if (!hasLongLength(vr)) return { vr, length: this.u16(offset + 6, little), valueOffset: offset + 8 };
    if (end - offset < 12) throw malformed(`${formatTag(tag)} is cut within its header`);
    return { vr, length: this.u32(offset + 8, little), valueOffset: offset + 12 };
  }

  private readItems(
    start: number,
    end: number,
    encoding: Encoding,
    depth: number,
    untilSequenceEnd: boolean,
    facts: PixelFacts,
  ): { items: DataSet[]; valueEnd: number; end: number } {
    if (depth > this.limits.maxDepth) throw exceeded(`more than ${this.limits.maxDepth} nested sequences`);
    const items: DataSet[] = [];
    let at = start;
    while (at < end) {
      if (end - at < 8) throw malformed(`a sequence is cut at ${at}`);
      const tag = this.tagAt(at, encoding.isLittleEndian);
      const length = this.u32(at + 4, encoding.isLittleEndian);
      if (tag === sequenceEndTag) {
        if (untilSequenceEnd) return { items, valueEnd: at, end: at + 8 };
        at += 8;
        continue;
      }
      if (tag !== itemTag) throw malformed(`${formatTag(tag)} where an item belongs, at ${at}`);
      this.elementCount++;
      if (this.elementCount > this.limits.maxElements) throw exceeded(`more than ${this.limits.maxElements} elements`);
      at += 8;
      if (length === undefinedLength) {
        const item = this.readElements(at, end, encoding, depth, true, facts);
        items.push(item.dataSet);
        at = item.end;
      } else {
        if (length > end - at) throw malformed(`an item is ${length} bytes long, ${end - at} are left`);
        items.push(this.readElements(at, at + length, encoding, depth, false, facts).dataSet);
        at += length;
      }
    }
    if (untilSequenceEnd) throw malformed('a sequence has no end');
    return { items, valueEnd: end, end };
  }

  /** PS3.5 A.4. Lengths lead: delimiter bytes inside a fragment mean nothing. */
  private readFragments(
    start: number,
    end: number,
    little: boolean,
  ): { fragments: Fragment[]; valueEnd: number; end: number } {
    const fragments: Fragment[] = [];
    let at = start;
    let base = start;
    while (end - at >= 8) {
      const tag = this.tagAt(at, little);
      const length = this.u32(at + 4, little);
      if (tag === sequenceEndTag) return { fragments, valueEnd: at, end: at + 8 };
      if (tag !== itemTag) throw malformed(`${formatTag(tag)} where a fragment belongs, at ${at}`);
      if (length > end - at - 8) throw malformed(`a fragment is ${length} bytes long, ${end - at - 8} are left`);
      this.elementCount++;
      if (this.elementCount > this.limits.maxElements) throw exceeded(`more than ${this.limits.maxElements} elements`);
      if (fragments.length === 1) base = at;
      fragments.push({ bytes: this.bytes.subarray(at + 8, at + 8 + length), offset: at + 8, itemOffset: at - base });
      at += 8 + length;
    }
    throw malformed('encapsulated pixel data has no end');
  }

  /** Zeros to the end: some writers pad files to a block. */
  private isPadding(start: number, end: number): boolean {
    if (end - start > 65_536) return false;
    for (let i = start; i < end; i++) if (this.bytes[i] !== 0) return false;
    return true;
  }

  private isItemAt(start: number, end: number, little: boolean): boolean {
    return end - start >= 8 && this.tagAt(start, little) >>> 16 === 0xfffe;
  }

  private tagAt(offset: number, little: boolean): number {
    return this.u16(offset, little) * 0x10000 + this.u16(offset + 2, little);
  }
  private u16(offset: number, little: boolean): number {
    return this.view.getUint16(offset, little);
  }
  private u32(offset: number, little: boolean): number {
    return this.view.getUint32(offset, little);
  }
}

interface PixelFacts {
  isSigned: boolean;
  bitsAllocated: number;
}

interface ElementHeader {
  readonly vr: string;
  readonly length: number;
  readonly valueOffset: number;
}

/** A copy with the bytes of every word in reverse order; a rest shorter than a word stays as it is. */
export function swapWords(bytes: Uint8Array, wordSize: 2 | 4 | 8): Uint8Array {
  const out = new Uint8Array(bytes.length);
  const whole = bytes.length - (bytes.length % wordSize);
  for (let i = 0; i < whole; i += wordSize)
    for (let j = 0; j < wordSize; j++) out[i + j] = bytes[i + wordSize - 1 - j] ?? 0;
  out.set(bytes.subarray(whole), whole);
  return out;
}

function malformed(detail: string): ProblemError {
  return new ProblemError(problem('dicom-malformed', detail));
}
function exceeded(detail: string): ProblemError {
  return new ProblemError(problem('dicom-limit-exceeded', detail));
}
