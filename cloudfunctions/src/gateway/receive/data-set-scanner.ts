import { type Problem, problem } from '@yingyun/shared/domain/problem';
import type { ReceiveLimits } from './receive-limits';

/** Top-level values that decide whether and under which name an object is kept. Raw text, padding included. */
export interface ScannedAttributes {
  readonly sopClassUid?: string;
  readonly sopInstanceUid?: string;
  readonly studyInstanceUid?: string;
  readonly seriesInstanceUid?: string;
}

type ScanLimits = Pick<
  ReceiveLimits,
  'maxHeaderBytes' | 'maxElements' | 'maxDepth' | 'maxFrameSamples' | 'maxTotalSamples'
>;

interface Encoding {
  readonly isExplicitVr: boolean;
  readonly isLittleEndian: boolean;
}

/** What we are inside of: a sequence's items, one item's elements, or the fragments of encapsulated pixel data. */
interface Level extends Encoding {
  readonly kind: 'items' | 'elements' | 'fragments';
}

const undefinedLength = 0xffffffff;
const itemTag = 0xfffee000;
const itemEnd = 0xfffee00d;
const sequenceEnd = 0xfffee0dd;
const longestCapture = 128;
/** A single value above this is bulk data: skipped without looking, not counted as header. */
const bulkBytes = 1_048_576;
/** PS3.5 7.1.2: VRs with a reserved field and a 32-bit length. */
const longVrs = 'OB OD OF OL OV OW SQ SV UC UN UR UT UV';

const captures: Readonly<Record<number, string>> = {
  0x00080016: 'sopClassUid',
  0x00080018: 'sopInstanceUid',
  0x0020000d: 'studyInstanceUid',
  0x0020000e: 'seriesInstanceUid',
  0x00280002: 'samples',
  0x00280008: 'frames',
  0x00280010: 'rows',
  0x00280011: 'columns',
};

/**
 * Walks a data set (PS3.5 7) as its bytes arrive and keeps only the few attributes above; nothing is buffered but one element header
 * or one short value. Lengths are followed, undefined lengths are descended into (the only way to find their end), values are
 * not judged. After top-level Pixel Data it stops looking. A data set that ends within an element is malformed: a truncated
 * image must never be acknowledged.
 */
export class DataSetScanner {
  private readonly levels: Level[];
  private readonly head = new Uint8Array(12);
  private readonly headView = new DataView(this.head.buffer);
  private headFilled = 0;
  private headNeeded = 8;
  private skipLeft = 0;
  private capture: { readonly name: string; readonly bytes: Uint8Array; filled: number } | undefined;
  private elements = 0;
  private headerBytes = 0;
  private isInPixelData = false;
  private isDone = false;
  private found: Problem | undefined;
  private readonly values = new Map<string, string>();
  private readonly numbers = new Map<string, number>();

  constructor(
    encoding: Encoding,
    private readonly limits: ScanLimits,
  ) {
    this.levels = [{ kind: 'elements', isExplicitVr: encoding.isExplicitVr, isLittleEndian: encoding.isLittleEndian }];
  }

  get attributes(): ScannedAttributes {
    return Object.fromEntries(this.values);
  }

  /** True once nothing that follows can change `attributes`. */
  get isPastHeader(): boolean {
    return this.isDone || this.isInPixelData || this.found !== undefined;
  }

  /** Walks on; the first problem stays and ends the walk. */
  feed(bytes: Uint8Array): Problem | undefined {
    let at = 0;
    while (at < bytes.length && this.found === undefined && !this.isDone) {
      if (this.skipLeft > 0) {
        const take = Math.min(this.skipLeft, bytes.length - at);
        this.skipLeft -= take;
        at += take;
        if (this.skipLeft === 0) this.afterValue();
      } else if (this.capture !== undefined) {
        at = this.captureFrom(bytes, at, this.capture);
      } else {
        at = this.readHead(bytes, at);
      }
    }
    return this.found;
  }

  /** To be called after the last byte. */
  finish(): Problem | undefined {
    if (this.found === undefined && !this.isDone) {
      if (this.levels.length > 1 || this.headFilled > 0 || this.skipLeft > 0 || this.capture !== undefined) {
        this.found = problem('dicom-malformed', 'data set ends within an element');
      } else {
        this.checkPixels();
      }
    }
    return this.found;
  }

  private get level(): Level {
    return this.levels[this.levels.length - 1] as Level; // never empty: the root is pushed in the constructor and popped by nothing
  }

  private readHead(bytes: Uint8Array, from: number): number {
    const take = Math.min(this.headNeeded - this.headFilled, bytes.length - from);
    for (let i = 0; i < take; i++) this.head[this.headFilled + i] = bytes[from + i] ?? 0;
    this.headFilled += take;
    if (this.headFilled < this.headNeeded) return from + take;
    const { isExplicitVr, isLittleEndian, kind } = this.level;
    const tag = this.headView.getUint16(0, isLittleEndian) * 65_536 + this.headView.getUint16(2, isLittleEndian);
    if (tag === itemTag || tag === itemEnd || tag === sequenceEnd) {
      this.startDelimiter(kind, tag, this.headView.getUint32(4, isLittleEndian));
    } else if (kind !== 'elements') {
      this.found = problem('dicom-malformed', `${tagText(tag)} where an item belongs`);
    } else if (!isExplicitVr || !this.hasVr) {
      // Real files carry implicit elements inside explicit data sets; no VR has a byte outside A–Z.
      this.startValue(tag, '', this.headView.getUint32(4, isLittleEndian));
    } else {
      const vr = String.fromCharCode(this.head[4] ?? 0, this.head[5] ?? 0);
      const isLong = longVrs.includes(vr);
      if (isLong && this.headNeeded === 8) {
        this.headNeeded = 12;
        return from + take;
      }
      this.startValue(
        tag,
        vr,
        isLong ? this.headView.getUint32(8, isLittleEndian) : this.headView.getUint16(6, isLittleEndian),
      );
    }
    return from + take;
  }

  private get hasVr(): boolean {
    const a = this.head[4] ?? 0;
    const b = this.head[5] ?? 0;
    return a >= 0x41 && a <= 0x5a && b >= 0x41 && b <= 0x5a;
  }

  private countHead(): void {
    const length = this.headNeeded;
    this.headFilled = 0;
    this.headNeeded = 8;
    this.elements++;
    if (!this.isInPixelData) this.headerBytes += length;
    if (this.elements > this.limits.maxElements) {
      this.found = problem('dicom-limit-exceeded', `more than ${this.limits.maxElements} elements`);
    } else if (this.headerBytes > this.limits.maxHeaderBytes) {
      this.found = problem('dicom-limit-exceeded', `header of more than ${this.limits.maxHeaderBytes} bytes`);
    }
  }

  private startDelimiter(kind: Level['kind'], tag: number, length: number): void {
    this.countHead();
    if (tag === itemTag && kind === 'items') {
      if (length === undefinedLength) this.push('elements', this.level);
      else this.skip(length);
    } else if (tag === itemTag && kind === 'fragments' && length !== undefinedLength) {
      this.skip(length);
    } else if (tag === sequenceEnd && kind !== 'elements') {
      this.levels.pop();
      this.afterValue();
    } else if (tag === itemEnd && kind === 'elements' && this.levels.length > 1) {
      this.levels.pop();
    } else {
      this.found = problem('dicom-malformed', `${tagText(tag)} out of place`);
    }
  }

  private startValue(tag: number, vr: string, length: number): void {
    this.countHead();
    if (this.found !== undefined) return;
    const isTop = this.levels.length === 1;
    const isPixelData = tag === 0x7fe00010 || tag === 0x7fe00009 || tag === 0x7fe00008;
    if (isTop && isPixelData) {
      this.isInPixelData = true;
      this.checkPixels();
    }
    if (length === undefinedLength) {
      const isFragments = vr === 'OB' || vr === 'OW' || (vr === '' && isPixelData);
      if (isFragments) this.push('fragments', this.level);
      // PS3.5 6.2.2 note 4: UN of undefined length holds implicit VR little endian, whatever surrounds it
      else if (vr === 'UN') this.push('items', { isExplicitVr: false, isLittleEndian: true });
      else if (vr === 'SQ' || vr === '') this.push('items', this.level);
      else this.found = problem('dicom-malformed', `${tagText(tag)} ${vr} of undefined length`);
      return;
    }
    const name = isTop ? captures[tag] : undefined;
    if (name !== undefined && length <= longestCapture) {
      this.capture = { name, bytes: new Uint8Array(length), filled: 0 };
      if (length === 0) this.endCapture(this.capture);
    } else {
      this.skip(length);
    }
  }

  private skip(length: number): void {
    if (!this.isInPixelData && length <= bulkBytes) this.headerBytes += length;
    this.skipLeft = length;
    if (length === 0) this.afterValue();
  }

  private push(kind: Level['kind'], encoding: Encoding): void {
    if (this.levels.length > 2 * this.limits.maxDepth) {
      this.found = problem('dicom-limit-exceeded', `sequences nested deeper than ${this.limits.maxDepth}`);
      return;
    }
    this.levels.push({ kind, isExplicitVr: encoding.isExplicitVr, isLittleEndian: encoding.isLittleEndian });
  }

  private afterValue(): void {
    if (this.isInPixelData && this.levels.length === 1) this.isDone = true;
  }

  private captureFrom(bytes: Uint8Array, from: number, capture: NonNullable<typeof this.capture>): number {
    const take = Math.min(capture.bytes.length - capture.filled, bytes.length - from);
    capture.bytes.set(bytes.subarray(from, from + take), capture.filled);
    capture.filled += take;
    if (capture.filled === capture.bytes.length) this.endCapture(capture);
    return from + take;
  }

  private endCapture({ name, bytes }: { readonly name: string; readonly bytes: Uint8Array }): void {
    this.capture = undefined;
    this.headerBytes += bytes.length;
    if (name.endsWith('Uid')) {
      const text = String.fromCharCode(...bytes);
      // Two readers of such an object could take it for two different images.
      if ((this.values.get(name) ?? text) !== text) this.found = problem('dicom-malformed', `${name} stands twice`);
      this.values.set(name, text);
    } else if (name === 'frames') {
      this.numbers.set(name, Number.parseInt(String.fromCharCode(...bytes), 10));
    } else if (bytes.length >= 2) {
      this.numbers.set(name, new DataView(bytes.buffer).getUint16(0, this.level.isLittleEndian));
    }
  }

  /** Dimensions that no image has would make a later stage allocate: refuse them before anything is stored. */
  private checkPixels(): void {
    const frame = this.dimension('rows') * this.dimension('columns') * this.dimension('samples');
    const frames = this.dimension('frames');
    if (frame > this.limits.maxFrameSamples || frame * frames > this.limits.maxTotalSamples) {
      this.found = problem('dicom-limit-exceeded', `${frame} samples a frame, ${frames} frames`);
    }
  }

  private dimension(name: string): number {
    const value = this.numbers.get(name);
    return value === undefined || Number.isNaN(value) || value < 1 ? 1 : value;
  }
}

/** "(0020,000D)" */
export function tagText(tag: number): string {
  const hex = tag.toString(16).toUpperCase().padStart(8, '0');
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}
