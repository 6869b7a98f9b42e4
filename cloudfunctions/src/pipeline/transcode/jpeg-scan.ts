import type { BitReader, HuffmanTable } from './jpeg-huffman';

/** What a scan adds to the coefficients: spectral selection and successive approximation (T.81 G.1.1.1). */
export interface ScanRange {
  readonly first: number;
  readonly last: number;
  readonly high: number;
  readonly low: number;
}

/** What goes from block to block within a scan. */
export interface ScanState {
  readonly predictions: Int32Array;
  endOfBandRun: number;
}

/**
 * Reads one block's part of a scan into its 64 coefficients (natural order). Sequential JPEG is one scan of the whole range.
 * T.81 F.2.2 (sequential), G.1.2 (progressive).
 */
export function decodeBlock(
  reader: BitReader,
  range: ScanRange,
  isProgressive: boolean,
  tables: { readonly dc: HuffmanTable | undefined; readonly ac: HuffmanTable | undefined },
  state: ScanState,
  component: number,
  block: Int32Array,
  at: number,
  order: Uint8Array,
): void {
  if (range.first === 0) decodeDc(reader, range, tables.dc, state, component, block, at);
  if (range.last === 0 || tables.ac === undefined) return;
  if (!isProgressive || range.high === 0)
    decodeAcFirst(reader, range, isProgressive, tables.ac, state, block, at, order);
  else refineAc(reader, range, tables.ac, state, block, at, order);
}

function decodeDc(
  reader: BitReader,
  range: ScanRange,
  table: HuffmanTable | undefined,
  state: ScanState,
  component: number,
  block: Int32Array,
  at: number,
): void {
  if (range.high !== 0) {
    if (reader.bit() === 1) block[at] = (block[at] ?? 0) | (1 << range.low);
    return;
  }
  if (table === undefined) return;
  const value = (state.predictions[component] ?? 0) + reader.signed(reader.symbol(table));
  state.predictions[component] = value;
  block[at] = value * 2 ** range.low;
}

function decodeAcFirst(
  reader: BitReader,
  range: ScanRange,
  isProgressive: boolean,
  table: HuffmanTable,
  state: ScanState,
  block: Int32Array,
  at: number,
  order: Uint8Array,
): void {
  if (state.endOfBandRun > 0) {
    state.endOfBandRun--;
    return;
  }
  for (let k = Math.max(1, range.first); k <= range.last; k++) {
    const symbol = reader.symbol(table);
    const [run, size] = [symbol >> 4, symbol & 15];
    if (size !== 0) {
      k += run;
      block[at + (order[k] ?? 63)] = reader.signed(size) * 2 ** range.low;
    } else if (run === 15) k += 15;
    else {
      if (isProgressive) state.endOfBandRun = 2 ** run - 1 + reader.receive(run);
      return;
    }
  }
}

/** T.81 G.1.2.3: correction bits for what is there already, new coefficients of ±1 in between. */
function refineAc(
  reader: BitReader,
  range: ScanRange,
  table: HuffmanTable,
  state: ScanState,
  block: Int32Array,
  at: number,
  order: Uint8Array,
): void {
  const step = 1 << range.low;
  const correct = (place: number): void => {
    const value = block[place] ?? 0;
    if (reader.bit() === 1 && (Math.abs(value) & step) === 0) block[place] = value + (value > 0 ? step : -step);
  };
  let k = range.first;
  while (state.endOfBandRun === 0 && k <= range.last) {
    const symbol = reader.symbol(table);
    let run = symbol >> 4;
    let fresh = 0;
    if ((symbol & 15) !== 0) fresh = reader.bit() === 1 ? step : -step;
    else if (run < 15) {
      // This block is the first of the run.
      state.endOfBandRun = 2 ** run + reader.receive(run);
      break;
    }
    for (; k <= range.last; k++) {
      const place = at + (order[k] ?? 63);
      if (block[place] !== 0) correct(place);
      else if (run === 0) {
        if (fresh !== 0) block[place] = fresh;
        k++;
        break;
      } else run--;
    }
  }
  if (state.endOfBandRun === 0) return;
  for (; k <= range.last; k++) {
    const place = at + (order[k] ?? 63);
    if (block[place] !== 0) correct(place);
  }
  state.endOfBandRun--;
}
