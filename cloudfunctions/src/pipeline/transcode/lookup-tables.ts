import type { FrameAttributes, LookupTable } from '@yingyun/shared/contract/film-manifest';
import type { TextOf } from '@yingyun/shared/dicom/character-set';
import { type DataSet, find, itemsOf } from '@yingyun/shared/dicom/data-set';
import { numberValues, textValue } from '@yingyun/shared/dicom/values';

/** PS3.3 C.11.1: the item of the Modality LUT Sequence; null where there is none or it makes no sense. */
export function modalityLutOf(dataSet: DataSet, isSigned: boolean): FrameAttributes['modalityLut'] {
  const item = itemsOf(dataSet, 0x00283000)[0];
  return item === undefined ? null : lookupTableOf(item, isSigned);
}

/**
 * The same table over the 16-bit values of a rendition, where value × slope + intercept is the stored value that the table is written for.
 */
export function overRendition(
  table: LookupTable,
  scale: { readonly slope: number; readonly intercept: number },
): LookupTable {
  const bytes = Buffer.from(table.entriesBase64, 'base64');
  const last = bytes.length / 2 - 1;
  const valueOf = (stored: number) => Math.min(0xffff, Math.max(0, (stored - scale.intercept) / scale.slope));
  const first = Math.floor(valueOf(table.first));
  const entries = new Uint16Array(Math.ceil(valueOf(table.first + last)) - first + 1);
  for (let i = 0; i < entries.length; i++) {
    const at = Math.round((first + i) * scale.slope + scale.intercept) - table.first;
    entries[i] = bytes.readUInt16LE(2 * Math.min(last, Math.max(0, at)));
  }
  return { ...table, first, entriesBase64: Buffer.from(entries.buffer).toString('base64') };
}

/**
 * PS3.3 C.11.2.1.1: the items of the VOI LUT Sequence. `isInputSigned`: of the values after the modality transformation, which a LUT
 * descriptor may write as signed although its own VR says otherwise.
 */
export function voiLutsOf(place: DataSet, isInputSigned: boolean, textOf: TextOf): FrameAttributes['voiLuts'] {
  return itemsOf(place, 0x00283010)
    .slice(0, 16)
    .flatMap((item) => {
      const table = lookupTableOf(item, isInputSigned);
      return table === null ? [] : [{ ...table, explanation: textValue(item, 0x00283003, textOf) }];
    });
}

/** LUT Descriptor (0028,3002) and LUT Data (0028,3006): PS3.3 C.11.1.1.1. */
function lookupTableOf(item: DataSet, isInputSigned: boolean): LookupTable | null {
  const [declared = 0, start = 0, declaredBits = 16] = numberValues(item, 0x00283002);
  const data = find(item, 0x00283006)?.value;
  if (data === undefined || data.length === 0) return null;
  // The count is unsigned whatever the VR; 65536 doesn't fit 16 bits and is written 0.
  const count = declared === 0 ? 65_536 : declared < 0 ? declared + 65_536 : declared;
  const isByte = data.length < count * 2;
  if (isByte && data.length < count) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const entries = new Uint16Array(count);
  let highest = 0;
  for (let i = 0; i < count; i++) {
    const entry = isByte ? view.getUint8(i) : view.getUint16(i * 2, true);
    entries[i] = entry;
    if (entry > highest) highest = entry;
  }
  // Some writers state the bits of their input: entries that don't fit tell.
  const stated = Math.min(16, Math.max(8, declaredBits));
  const bits = highest >= 2 ** stated ? Math.ceil(Math.log2(highest + 1)) : stated;
  const first =
    isInputSigned && start > 0x7fff ? start - 0x10000 : !isInputSigned && start < 0 ? start + 0x10000 : start;
  return { first, bits, entriesBase64: Buffer.from(entries.buffer).toString('base64') };
}
