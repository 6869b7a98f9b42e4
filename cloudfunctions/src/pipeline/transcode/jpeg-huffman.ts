import { ProblemError, problem } from '@yingyun/shared/domain/problem';

/** A Huffman table of ITU-T T.81 annex C, in the form of its decoding procedure (F.2.2.3). */
export interface HuffmanTable {
  /** By code length 1…16: the greatest code, -1 where there is none; and what to add to a code to find its value. */
  readonly maxCode: Int32Array;
  readonly offset: Int32Array;
  readonly values: Uint8Array;
}

export function huffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const [maxCode, offset] = [new Int32Array(18).fill(-1), new Int32Array(18)];
  let [code, first] = [0, 0];
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1] ?? 0;
    offset[length] = first - code;
    if (count > 0) maxCode[length] = code + count - 1;
    first += count;
    code = (code + count) * 2;
  }
  return { maxCode, offset, values };
}

/** The bits of one entropy-coded segment (T.81 F.2.2.5): stuffed zeros left out, zeros after its end, as a marker must follow. */
export class BitReader {
  private bits = 0;
  private count = 0;
  private past = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private at: number,
  ) {}

  bit(): number {
    if (this.count === 0) this.fill();
    this.count--;
    return (this.bits >> this.count) & 1;
  }

  receive(length: number): number {
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 2 + this.bit();
    return value;
  }

  /** T.81 F.2.2.1 EXTEND. */
  signed(length: number): number {
    const value = this.receive(length);
    return length > 0 && value < 2 ** (length - 1) ? value - 2 ** length + 1 : value;
  }

  symbol(table: HuffmanTable): number {
    let code = 0;
    for (let length = 1; length <= 16; length++) {
      code = code * 2 + this.bit();
      const max = table.maxCode[length] ?? -1;
      if (max >= 0 && code <= max) return table.values[code + (table.offset[length] ?? 0)] ?? 0;
    }
    throw new ProblemError(problem('dicom-malformed', 'no Huffman code'));
  }

  /** Where the marker stands that ends this segment. */
  end(): number {
    let at = this.at;
    while (at + 1 < this.bytes.length && !(this.bytes[at] === 0xff && isMarker(this.bytes[at + 1] ?? 0))) at++;
    return at;
  }

  private fill(): void {
    const byte = this.bytes[this.at] ?? 0;
    const isEnd = this.at >= this.bytes.length || (byte === 0xff && isMarker(this.bytes[this.at + 1] ?? 0xd9));
    if (isEnd) {
      // A few bits are read past the end of a whole segment; a cut one never stops.
      if (++this.past > 4) throw new ProblemError(problem('dicom-malformed', 'a JPEG scan was cut'));
      this.bits = 0;
    } else {
      this.at += byte === 0xff ? 2 : 1;
      this.bits = byte;
    }
    this.count = 8;
  }
}

function isMarker(byte: number): boolean {
  return byte !== 0 && byte !== 0xff;
}
