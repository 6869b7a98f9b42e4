import type { ImagePixel } from '@yingyun/shared/dicom/image-pixel';
import { type Problem, ProblemError, problem } from '@yingyun/shared/domain/problem';
import { BitReader, type HuffmanTable, huffmanTable } from './jpeg-huffman';
import { createInverseDct } from './jpeg-idct';
import { decodeBlock, type ScanRange } from './jpeg-scan';
import { upsample } from './jpeg-upsample';

interface Component {
  readonly id: number;
  readonly quantisation: number;
  /** Sampling factors (T.81 A.1.1): blocks across and down in one MCU. */
  readonly across: number;
  readonly down: number;
  /** Its own samples, fewer than the image's where it is subsampled. */
  readonly rows: number;
  readonly columns: number;
  /** Blocks of a line as they are kept: whole MCUs. */
  readonly stride: number;
  readonly coefficients: Int32Array;
}

interface Frame {
  readonly precision: 8 | 12;
  readonly isProgressive: boolean;
  readonly components: readonly Component[];
  readonly mcusAcross: number;
  readonly mcusDown: number;
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
 * bit for bit what dcmtk's decoder gives (jpeg-idct.ts); subsampled colour is brought up as libjpeg does. The answer is little endian
 * in the image's container, colour by pixel, colours as coded.
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
    const factors = Array.from({ length: count }, (_, i) => this.bytes[at + 7 + i * 3] ?? 0x11);
    // One component alone is never subsampled, whatever it says (T.81 A.2.2).
    const [across, down] = count === 1 ? [[1], [1]] : [factors.map((one) => one >> 4), factors.map((one) => one & 15)];
    const [mostAcross, mostDown] = [Math.max(...across), Math.max(...down)];
    if (Math.min(...across, ...down) < 1 || mostAcross > 4 || mostDown > 4) throw malformed('sampling factors');
    const [mcusAcross, mcusDown] = [Math.ceil(columns / (8 * mostAcross)), Math.ceil(rows / (8 * mostDown))];
    const components = Array.from({ length: count }, (_, i): Component => {
      const [h, v] = [across[i] ?? 1, down[i] ?? 1];
      return {
        id: this.bytes[at + 6 + i * 3] ?? 0,
        quantisation: this.bytes[at + 8 + i * 3] ?? 0,
        across: h,
        down: v,
        rows: Math.ceil((rows * v) / mostDown),
        columns: Math.ceil((columns * h) / mostAcross),
        stride: mcusAcross * h,
        coefficients: new Int32Array(mcusAcross * h * mcusDown * v * 64),
      };
    });
    this.frame = { precision, isProgressive: marker === 0xffc2, components, mcusAcross, mcusDown };
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
    const alone = parts.length === 1 ? parts[0]?.component : undefined;
    // A scan of one component has its own blocks only, without those that fill up MCUs (T.81 A.2.2).
    const unitsAcross = alone === undefined ? frame.mcusAcross : Math.ceil(alone.columns / 8);
    const total = unitsAcross * (alone === undefined ? frame.mcusDown : Math.ceil(alone.rows / 8));
    for (let unit = 0; unit < total; unit++) {
      if (this.restartInterval > 0 && unit > 0 && unit % this.restartInterval === 0) {
        const at = reader.end();
        if (this.u16(at) < 0xffd0 || this.u16(at) > 0xffd7) throw malformed('a restart marker is missing');
        reader = new BitReader(this.bytes, at + 2);
        state.predictions.fill(0);
        state.endOfBandRun = 0;
      }
      const [x, y] = [unit % unitsAcross, Math.floor(unit / unitsAcross)];
      for (const { index, component, tables } of parts) {
        const { stride, coefficients } = component;
        const [h, v] = alone === undefined ? [component.across, component.down] : [1, 1];
        for (let block = 0; block < h * v; block++) {
          const at = ((y * v + Math.floor(block / h)) * stride + x * h + (block % h)) * 64;
          decodeBlock(reader, range, frame.isProgressive, tables, state, index, coefficients, at, naturalOrder);
        }
      }
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
    frame.components.forEach((component, index) => {
      const { coefficients, stride } = component;
      const table = this.quantisation[component.quantisation];
      if (table === undefined) throw malformed('no quantisation table');
      const plane = new Uint16Array(component.rows * component.columns);
      for (let y = 0; y < component.rows; y += 8) {
        for (let x = 0; x < component.columns; x += 8) {
          const [at, to] = [((y / 8) * stride + x / 8) * 64, y * component.columns + x];
          const [width, height] = [Math.min(8, component.columns - x), Math.min(8, component.rows - y)];
          inverse(coefficients, at, table, plane, to, component.columns, width, height);
        }
      }
      const full = upsample(plane, component, image);
      for (let i = 0, to = index; i < full.length; i++, to += samplesPerPixel) out[to] = full[i] ?? 0;
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
