import type { LookupTable } from '../contract/film-manifest';
import { ProblemError, problem } from '../domain/problem';
import type { GreyFrame, GreyPixels } from './decoded-frame';
import { greyFrame } from './normalise-pixels';
import { isPadding, type PaddingRange } from './pixel-padding';
import { readBase64 } from './read-base64';

/** A VOI LUT ready for use: `units` are its entries as light, 0 … 65535 = black … white of MONOCHROME2. */
export interface VoiTable {
  readonly first: number;
  readonly units: Uint16Array;
}

/** The table's entries (PS3.3 C.11.1.1). Throws `image-damaged` where it has none. */
export function tableEntries(table: LookupTable): Uint16Array {
  const bytes = readBase64(table.entriesBase64);
  const entries = new Uint16Array(bytes.length >> 1);
  for (let i = 0; i < entries.length; i++) entries[i] = (bytes[i * 2] ?? 0) | ((bytes[i * 2 + 1] ?? 0) << 8);
  if (entries.length === 0) throw new ProblemError(problem('image-damaged', 'empty look-up table'));
  return entries;
}

/** PS3.3 C.11.2.1.1: the output runs from 0 to 2^bits - 1. */
export function voiTable(table: LookupTable): VoiTable {
  const full = 2 ** Math.min(16, Math.max(1, table.bits)) - 1;
  return {
    first: table.first,
    units: tableEntries(table).map((entry) => Math.min(65_535, Math.round((entry / full) * 65_535))),
  };
}

/** Readies the table on screen once, however often it is drawn. */
export class VoiTables {
  private last: { readonly of: LookupTable; readonly table: VoiTable } | null = null;

  /** Null where there is none, or an empty one: then the window it stands for is left. */
  of(lut: LookupTable | undefined): VoiTable | null {
    if (lut === undefined || lut.entriesBase64 === '') return null;
    if (this.last?.of !== lut) this.last = { of: lut, table: voiTable(lut) };
    return this.last.table;
  }
}

const noTissue = 65_535;

/**
 * Stored values through a modality LUT (PS3.3 C.11.1): the buffer holds modality values from then on, so that everything behind
 * (interpolation, windows, ranges, values under a point) works on them. Padding is told before the table and moved out of its way.
 */
export function modalityFrame(
  stored: GreyPixels,
  size: { readonly rows: number; readonly columns: number; readonly reduce: number },
  table: LookupTable,
  padding: PaddingRange | null,
): GreyFrame {
  const entries = tableEntries(table);
  const last = entries.length - 1;
  // A 16-bit table may give any value of a Uint16: only then is there no room for padding beside them.
  const isFull = padding !== null && table.bits >= 16;
  const out = isFull ? new Int32Array(stored.length) : new Uint16Array(stored.length);
  const background = isFull ? -1 : noTissue;
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i] as number; // in range: i < length
    out[i] = isPadding(value, padding)
      ? background
      : (entries[Math.min(last, Math.max(0, value - table.first))] as number); // clamped to the table
  }
  return greyFrame(out, size, padding === null ? null : { low: background, high: background });
}
