import type { DataSet, DicomElement } from './data-set';

/**
 * The canonical bytes of a data set without its pixels (design D2c, docs/adr/0003): the same for every transfer syntax an object is
 * sent in. Elements in ascending order, each `u16 group · u16 element · u32 length · value`, all little endian; a sequence has
 * length FFFFFFFF, its items stand between (FFFE,E000) and (FFFE,E00D), and (FFFE,E0DD) ends it, however it was encoded.
 * Left out: file meta, group lengths, pixel data (7FE0,0008/0009/0010) with its offset tables, and trailing padding (FFFC,FFFC).
 * VRs are left out too: a sender that knows a tag and one that sends it as UN mean the same. So is what only tells how samples are
 * coded: Planar Configuration, and Photometric Interpretation where it is RGB or RGB through JPEG 2000's transform.
 */
export function canonicalHeader(dataSet: DataSet): Uint8Array {
  const out = new Uint8Array(sizeOf(dataSet, true));
  const end = writeDataSet(out, new DataView(out.buffer), 0, dataSet, true);
  return out.subarray(0, end);
}

function isCounted(element: DicomElement, isTop: boolean): boolean {
  const { tag } = element;
  if ((tag & 0xffff) === 0 || tag === 0xfffcfffc) return false;
  if (isTop && (tag === 0x00280006 || (tag === 0x00280004 && isRgb(element.value)))) return false;
  return !isTop || (tag >>> 16 > 0x0002 && tag >>> 16 !== 0x7fe0);
}

function isRgb(value: Uint8Array): boolean {
  const text = String.fromCharCode(...value.subarray(0, 16)).replace(/[\0 ]+$/, '');
  return text === 'RGB' || text === 'YBR_RCT' || text === 'YBR_ICT';
}

function sizeOf(dataSet: DataSet, isTop: boolean): number {
  let size = 0;
  for (const element of dataSet.elements) {
    if (!isCounted(element, isTop)) continue;
    size += 8;
    if (element.items === undefined) size += element.value.length;
    else for (const item of element.items) size += 16 + sizeOf(item, false);
    if (element.items !== undefined) size += 8;
  }
  return size;
}

function writeDataSet(out: Uint8Array, view: DataView, start: number, dataSet: DataSet, isTop: boolean): number {
  let at = start;
  const mark = (tag: number, length: number) => {
    view.setUint16(at, tag >>> 16, true);
    view.setUint16(at + 2, tag & 0xffff, true);
    view.setUint32(at + 4, length, true);
    at += 8;
  };
  for (const element of inOrder(dataSet.elements)) {
    if (!isCounted(element, isTop)) continue;
    if (element.items === undefined) {
      mark(element.tag, element.value.length);
      out.set(element.value, at);
      at += element.value.length;
      continue;
    }
    mark(element.tag, 0xffffffff);
    for (const item of element.items) {
      mark(0xfffee000, 0);
      at = writeDataSet(out, view, at, item, false);
      mark(0xfffee00d, 0);
    }
    mark(0xfffee0dd, 0);
  }
  return at;
}

function inOrder(elements: readonly DicomElement[]): readonly DicomElement[] {
  for (let i = 1; i < elements.length; i++) {
    if ((elements[i - 1]?.tag ?? 0) > (elements[i]?.tag ?? 0)) return [...elements].sort((a, b) => a.tag - b.tag);
  }
  return elements;
}
