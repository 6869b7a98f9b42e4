import { type DataSet, type DicomElement, find } from '@yingyun/shared/dicom/data-set';
import { numberValues } from '@yingyun/shared/dicom/values';

export interface Palette {
  /** The first value mapped. */
  readonly first: number;
  /** 8 bits a colour, 3 bytes an entry. */
  readonly rgb: Uint8Array;
}

/**
 * The palette colour LUT (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6; segmented: C.7.9.2) as RGB of 8 bits; null where it is missing or makes no
 * sense. A 16-bit LUT whose entries all stay below 256 holds 8-bit values, whatever its descriptor says.
 */
export function paletteOf(dataSet: DataSet, isSigned: boolean): Palette | null {
  const channels: number[][] = [];
  let first = 0;
  for (let channel = 0; channel < 3; channel++) {
    const descriptor = numberValues(dataSet, 0x00281101 + channel);
    const declared = descriptor[0] ?? 0;
    // 65536 doesn't fit 16 bits and is written 0; the count is unsigned even where the descriptor is SS.
    const count = declared === 0 ? 65_536 : declared < 0 ? declared + 65_536 : declared;
    const start = descriptor[1] ?? 0;
    first = isSigned && start > 0x7fff ? start - 0x10000 : start;
    const plain = find(dataSet, 0x00281201 + channel);
    const segmented = find(dataSet, 0x00281221 + channel);
    const bits = descriptor[2] ?? 16;
    const values =
      plain !== undefined && plain.value.length > 0
        ? entries(plain, count, bits)
        : segmented === undefined
          ? []
          : expand(words(segmented, bits), count);
    if (values.length < count) return null;
    channels.push(to8Bit(values.slice(0, count), bits));
  }
  const [red, green, blue] = channels;
  if (red === undefined || green === undefined || blue === undefined) return null;
  if (red.length !== green.length || green.length !== blue.length || red.length === 0) return null;
  const rgb = new Uint8Array(red.length * 3);
  for (let i = 0; i < red.length; i++) rgb.set([red[i] ?? 0, green[i] ?? 0, blue[i] ?? 0], i * 3);
  return { first, rgb };
}

function entries(element: DicomElement, count: number, bits: number): number[] {
  // 8-bit entries may be packed two a word, or stand in a word each.
  return bits <= 8 && element.value.length < count * 2 ? [...element.value] : words(element, 16);
}

function words(element: DicomElement, bits: number): number[] {
  if (bits <= 8 && element.vr === 'OB') return [...element.value];
  const view = new DataView(element.value.buffer, element.value.byteOffset, element.value.byteLength);
  return Array.from({ length: element.value.length >> 1 }, (_, i) => view.getUint16(i * 2, true));
}

function to8Bit(values: readonly number[], bits: number): number[] {
  const isWide = bits > 8 && values.some((value) => value > 255);
  return values.map((value) => (isWide ? value >> 8 : value & 0xff));
}

/** PS3.3 C.7.9.2: discrete, linear and indirect segments. Ends at `limit` entries, so a small LUT can't expand without end. */
function expand(codes: readonly number[], limit: number): number[] {
  const out: number[] = [];
  const runAt = (start: number): number => {
    const [opcode, length] = [codes[start] ?? -1, codes[start + 1] ?? 0];
    if (opcode === 0) {
      for (let i = 0; i < length && out.length < limit; i++) out.push(codes[start + 2 + i] ?? 0);
      return start + 2 + length;
    }
    if (opcode === 1) {
      const from = out[out.length - 1] ?? 0;
      const to = codes[start + 2] ?? 0;
      for (let i = 1; i <= length && out.length < limit; i++) out.push(Math.round(from + ((to - from) * i) / length));
      return start + 3;
    }
    return -1;
  };
  let at = 0;
  while (at >= 0 && at < codes.length && out.length < limit) {
    if (codes[at] === 2) {
      // An indirect segment repeats `count` segments from a byte offset; it may not point at another indirect one.
      let inner = ((codes[at + 2] ?? 0) + (codes[at + 3] ?? 0) * 65_536) >> 1;
      for (let i = 0; i < (codes[at + 1] ?? 0) && inner >= 0 && out.length < limit; i++) inner = runAt(inner);
      at += 4;
    } else at = runAt(at);
  }
  return out;
}
