import { vrTable } from './vr-table';

/** VRs whose explicit form has a 32-bit length (PS3.5 7.1.2). */
export function hasLongLength(vr: string): boolean {
  switch (vr) {
    case 'OB':
    case 'OW':
    case 'OF':
    case 'OD':
    case 'OL':
    case 'OV':
    case 'SQ':
    case 'UN':
    case 'UT':
    case 'UC':
    case 'UR':
    case 'SV':
    case 'UV':
      return true;
    default:
      return false;
  }
}

export function isKnownVr(vr: string): boolean {
  switch (vr) {
    case 'AE':
    case 'AS':
    case 'AT':
    case 'CS':
    case 'DA':
    case 'DS':
    case 'DT':
    case 'FL':
    case 'FD':
    case 'IS':
    case 'LO':
    case 'LT':
    case 'PN':
    case 'SH':
    case 'SL':
    case 'SS':
    case 'ST':
    case 'TM':
    case 'UI':
    case 'UL':
    case 'US':
      return true;
    default:
      return hasLongLength(vr);
  }
}

/** Bytes that change places when the byte order changes; 1 where the value is a string of bytes. */
export function wordSizeOf(vr: string): 1 | 2 | 4 | 8 {
  switch (vr) {
    case 'US':
    case 'SS':
    case 'OW':
    case 'AT':
      return 2;
    case 'UL':
    case 'SL':
    case 'FL':
    case 'OF':
    case 'OL':
      return 4;
    case 'FD':
    case 'OD':
    case 'SV':
    case 'UV':
    case 'OV':
      return 8;
    default:
      return 1;
  }
}

/**
 * The VR of an element that came without one (implicit VR), PS3.6: 'UN' where it isn't in the dictionary. Where the standard
 * leaves a choice: pixel-like data OW, US or SS by the data set's Pixel Representation.
 */
export function vrOfTag(tag: number, isSigned: boolean): string {
  const element = tag & 0xffff;
  if (element === 0) return 'UL';
  const group = tag >>> 16;
  if ((group & 1) === 1) return element >= 0x10 && element <= 0xff ? 'LO' : 'UN';
  const repeating = group >>> 8 === 0x50 || group >>> 8 === 0x60;
  const key = ((repeating ? group & 0xff00 : group) * 0x10000 + element).toString(16).toUpperCase().padStart(8, '0');
  const vr = lookUp(key);
  switch (vr) {
    case 'ox':
    case 'lt':
      return 'OW';
    case 'xs':
      return isSigned ? 'SS' : 'US';
    case undefined:
      return 'UN';
    default:
      return vr;
  }
}

function lookUp(key: string): string | undefined {
  let low = 0;
  let high = vrTable.length / 10 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = vrTable.slice(middle * 10, middle * 10 + 8);
    if (found === key) return vrTable.slice(middle * 10 + 8, middle * 10 + 10);
    if (found < key) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
