import { type TextDecoderFactory, type TextOf, type TextSettings, textDecoderOf } from './character-set';
import { type DataSet, type DicomElement, find } from './data-set';

/** The data set's text decoder by its own (0008,0005), or the one it inherits (PS3.5 6.1.2.3: items may declare another). */
export function textOfDataSet(
  dataSet: DataSet,
  decoders: TextDecoderFactory,
  settings: TextSettings,
  inherited?: TextOf,
): TextOf {
  const element = find(dataSet, 0x00080005);
  if (element === undefined && inherited !== undefined) return inherited;
  return textDecoderOf(asciiValues(element), decoders, settings);
}

/** Values of a text element (LO, SH, PN, CS …): decoded, then split, then trimmed. */
export function textValues(dataSet: DataSet, tag: number, textOf: TextOf): string[] {
  const element = find(dataSet, tag);
  if (element === undefined || element.value.length === 0) return [];
  return textOf(element.value).split('\\').map(trimmed);
}

export function textValue(dataSet: DataSet, tag: number, textOf: TextOf): string {
  return textValues(dataSet, tag, textOf)[0] ?? '';
}

/** Values of an ASCII element (UI, CS, DA …), trimmed of padding. */
export function codeValues(dataSet: DataSet, tag: number): string[] {
  return asciiValues(find(dataSet, tag));
}

export function codeValue(dataSet: DataSet, tag: number): string {
  return codeValues(dataSet, tag)[0] ?? '';
}

function asciiValues(element: DicomElement | undefined): string[] {
  if (element === undefined || element.value.length === 0) return [];
  let text = '';
  for (const byte of element.value.subarray(0, 65_536)) text += String.fromCharCode(byte);
  return text.split('\\').map(trimmed);
}

function trimmed(text: string): string {
  return text.replace(/^[ \0]+|[ \0]+$/g, '');
}

/**
 * Numbers of DS, IS, US, SS, UL, SL, FL, FD, SV, UV elements; anything that isn't a finite number is NaN in its place. A UN element
 * of even length is read as unsigned words, as a converter that didn't know it wrote it.
 */
export function numberValues(dataSet: DataSet, tag: number): number[] {
  const element = find(dataSet, tag);
  if (element === undefined || element.value.length === 0) return [];
  const { value, vr } = element;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const read = binaryReaders[vr];
  if (read === undefined) {
    return asciiValues(element).map((text) =>
      /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN,
    );
  }
  const out: number[] = [];
  for (let i = 0; i + read.size <= value.length && out.length < 1_048_576; i += read.size) out.push(read.at(view, i));
  return out;
}

const binaryReaders: Readonly<
  Record<string, { size: number; at: (view: DataView, offset: number) => number } | undefined>
> = {
  US: { size: 2, at: (view, i) => view.getUint16(i, true) },
  OW: { size: 2, at: (view, i) => view.getUint16(i, true) },
  UN: { size: 2, at: (view, i) => view.getUint16(i, true) },
  SS: { size: 2, at: (view, i) => view.getInt16(i, true) },
  UL: { size: 4, at: (view, i) => view.getUint32(i, true) },
  SL: { size: 4, at: (view, i) => view.getInt32(i, true) },
  FL: { size: 4, at: (view, i) => view.getFloat32(i, true) },
  FD: { size: 8, at: (view, i) => view.getFloat64(i, true) },
};

/** The first number, undefined where there is none or it is not finite. */
export function numberValue(dataSet: DataSet, tag: number): number | undefined {
  const value = numberValues(dataSet, tag)[0];
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
