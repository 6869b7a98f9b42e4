import type { ImagePixel } from '@yingyun/shared/dicom/image-pixel';
import { type Problem, ProblemError, problem } from '@yingyun/shared/domain/problem';
import { BitReader, type HuffmanTable, huffmanTable } from './jpeg-huffman';
import { createInverseDct } from './jpeg-idct';
import { decodeBlock, type ScanRange } from './jpeg-scan';

interface Component {
  readonly id: number;
  readonly quantisation: number;
  readonly coefficients: Int32Array;
}

interface Frame {
  readonly precision: 8 | 12;
  readonly isProgressive: boolean;
  readonly components: readonly Component[];
  readonly blocksAcross: number;
  readonly blocksDown: number;
}

const naturalOrder = Uint8Array.of(
  0,
  1,
  8,
  16,
  9,
  2,
  3,
  10,
  17,
  24,
  32,
  25,
  18,
  11,
  4,
  5,
  12,
  19,
  26,
  33,
  40,
  48,
  41,
  34,
  27,
  20,
  13,
  6,
  7,
  14,
  21,
  28,
  35,
  42,
  49,
  56,
  57,
  50,
  43,
  36,
  29,
  22,
  15,
  23,
  30,
  37,
  44,
  51,
  58,
  59,
  52,
  45,
  38,
  31,
  39,
  46,
  53,
  60,
  61,
  54,
  47,
  55,
  62,
  63,
);

/**
 * Decodes JPEG by DCT of 8 or 12 bits, sequential and progressive with Huffman codes (ITU-T T.81 processes 1, 2, 4, 6, 8, 10, 12),
 * where no component is subsampled: what browsers don't decode. Bit for bit what dcmtk's decoder gives (jpeg-idct.ts). The answer is
 * little endian in the image's container, colour by pixel, colours as coded.
 *
 * Answers `dicom-malformed` for a stream that is cut or not the image's size, `dicom-unsupported` for other processes.
 */
export function decodeJpegDct(bytes: Uint8Array, image: ImagePixel): Uint8Array | Problem {
  try {
    return new Decoder(bytes, image).decode();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
}

class Decoder {
  private readonly quantisation: Int32Array[] = [];
  private readonly dc: HuffmanTable[] = [];
  private readonly ac: HuffmanTable[] = [];
  private frame: Frame | undefined;
  private restartInterval = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly image: ImagePixel,
  ) {}

  decode(): Uint8Array {
    if (this.u16(0) !== 0xffd8) throw malformed('no start of image');
    let at = 2;
    for (;;) {
      while (this.bytes[at] === 0xff && this.bytes[at + 1] === 0xff) at++;
      const marker = this.u16(at);
      if (marker === 0xffd9) return this.output();
      if (marker < 0xffc0) throw malformed('no end of image');
      const end = at + 2 + this.u16(at + 2);
      if (end > this.bytes.length) throw malformed('a marker segment was cut');
      if (marker === 0xffda) at = this.scan(at + 4, end);
      else {
        this.segment(marker, at + 4, end);
        at = end;
      }
    }
  }

  private segment(marker: number, from: number, end: number): void {
    if (marker === 0xffdb) this.quantisationTables(from, end);
    else if (marker === 0xffc4) this.huffmanTables(from, end);
    else if (marker === 0xffdd) this.restartInterval = this.u16(from);
    else if (marker === 0xffc0 || marker === 0xffc1 || marker === 0xffc2) this.startFrame(marker, from);
    else if (marker >= 0xffc3 && marker <= 0xffcf) throw unsupported(`JPEG process ${marker.toString(16)}`);
  }

  private quantisationTables(from: number, end: number): void {
    for (let at = from; at < end; ) {
      const head = this.bytes[at++] ?? 0;
      const table = new Int32Array(64);
      const width = head >> 4 === 0 ? 1 : 2;
      for (let i = 0; i < 64; i++, at += width)
        table[naturalOrder[i] ?? 0] = width === 1 ? (this.bytes[at] ?? 0) : this.u16(at);
      this.quantisation[head & 15] = table;
    }
  }

  private huffmanTables(from: number, end: number): void {
    for (let at = from; at + 17 <= end; ) {
      const head = this.bytes[at] ?? 0;
      const counts = this.bytes.subarray(at + 1, at + 17);
      const length = counts.reduce((sum, count) => sum + count, 0);
      const table = huffmanTable(counts, this.bytes.subarray(at + 17, at + 17 + length));
      (head >> 4 === 0 ? this.dc : this.ac)[head & 15] = table;
      at += 17 + length;
    }
  }

  private startFrame(marker: number, at: number): void {
    const precision = this.bytes[at] ?? 0;
    const [rows, columns, count] = [this.u16(at + 1), this.u16(at + 3), this.bytes[at + 5] ?? 0];
    if (rows !== this.image.rows || columns !== this.image.columns || count !== this.image.samplesPerPixel)
      throw malformed(`the code stream is ${rows} × ${columns} × ${count}`);
    if (precision !== 8 && precision !== 12) throw unsupported(`JPEG of ${precision} bits`);
    if (precision > this.image.bitsAllocated) throw malformed(`${precision} bits in ${this.image.bitsAllocated}`);
    const [blocksAcross, blocksDown] = [Math.ceil(columns / 8), Math.ceil(rows / 8)];
    const components = Array.from({ length: count }, (_, i): Component => {
      const place = at + 6 + i * 3;
      const isSubsampled = count > 1 && this.bytes[place + 1] !== this.bytes[at + 7];
      if (isSubsampled) throw unsupported('subsampled colour');
      const coefficients = new Int32Array(blocksAcross * blocksDown * 64);
      return { id: this.bytes[place] ?? 0, quantisation: this.bytes[place + 2] ?? 0, coefficients };
    });
    this.frame = { precision, isProgressive: marker === 0xffc2, components, blocksAcross, blocksDown };
  }

  /** Answers where the next marker stands. */
  private scan(from: number, end: number): number {
    const { frame } = this;
    if (frame === undefined) throw malformed('a scan without a frame');
    const count = this.bytes[from] ?? 0;
    const parts = Array.from({ length: count }, (_, i) => {
      const [id, tables] = [this.bytes[from + 1 + i * 2] ?? 0, this.bytes[from + 2 + i * 2] ?? 0];
      const index = frame.components.findIndex((component) => component.id === id);
      const component = frame.components[index];
      if (component === undefined) throw malformed('a scan of no component');
      return { index, component, tables: { dc: this.dc[tables >> 4], ac: this.ac[tables & 15] } };
    });
    const rest = from + 1 + count * 2;
    const approximation = this.bytes[rest + 2] ?? 0;
    const [first, last] = [this.bytes[rest] ?? 0, Math.min(63, this.bytes[rest + 1] ?? 63)];
    const range: ScanRange = frame.isProgressive
      ? { first, last, high: approximation >> 4, low: approximation & 15 }
      : { first: 0, last: 63, high: 0, low: 0 };
    const state = { predictions: new Int32Array(4), endOfBandRun: 0 };
    let reader = new BitReader(this.bytes, end);
    const total = frame.blocksAcross * frame.blocksDown;
    for (let block = 0; block < total; block++) {
      if (this.restartInterval > 0 && block > 0 && block % this.restartInterval === 0) {
        const at = reader.end();
        if (this.u16(at) < 0xffd0 || this.u16(at) > 0xffd7) throw malformed('a restart marker is missing');
        reader = new BitReader(this.bytes, at + 2);
        state.predictions.fill(0);
        state.endOfBandRun = 0;
      }
      for (const { index, component, tables } of parts)
        decodeBlock(
          reader,
          range,
          frame.isProgressive,
          tables,
          state,
          index,
          component.coefficients,
          block * 64,
          naturalOrder,
        );
    }
    return reader.end();
  }

  private output(): Uint8Array {
    const { frame, image } = this;
    if (frame === undefined) throw malformed('no frame');
    const { rows, columns, samplesPerPixel } = image;
    const inverse = createInverseDct(frame.precision);
    const out =
      image.bitsAllocated === 8
        ? new Uint8Array(rows * columns * samplesPerPixel)
        : new Uint16Array(rows * columns * samplesPerPixel);
    const plane = new Uint16Array(rows * columns);
    frame.components.forEach(({ coefficients, quantisation }, index) => {
      const table = this.quantisation[quantisation];
      if (table === undefined) throw malformed('no quantisation table');
      for (let block = 0; block < frame.blocksAcross * frame.blocksDown; block++) {
        const [x, y] = [(block % frame.blocksAcross) * 8, Math.floor(block / frame.blocksAcross) * 8];
        inverse(
          coefficients,
          block * 64,
          table,
          plane,
          y * columns + x,
          columns,
          Math.min(8, columns - x),
          Math.min(8, rows - y),
        );
      }
      for (let i = 0, to = index; i < plane.length; i++, to += samplesPerPixel) out[to] = plane[i] ?? 0;
    });
    return new Uint8Array(out.buffer);
  }

  private u16(at: number): number {
    return ((this.bytes[at] ?? 0) << 8) | (this.bytes[at + 1] ?? 0);
  }
}

function malformed(detail: string): ProblemError {
  return new ProblemError(problem('dicom-malformed', detail));
}
function unsupported(detail: string): ProblemError {
  return new ProblemError(problem('dicom-unsupported', detail));
}
