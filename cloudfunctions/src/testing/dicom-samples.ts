import { readdirSync } from 'node:fs';
import path from 'node:path';

/** One explicit VR little endian element; text is padded to even length as its VR asks. */
export function explicitElement(tag: number, vr: string, value: string | Uint8Array): Buffer {
  const padding = vr === 'UI' ? '\0' : ' ';
  const bytes =
    typeof value === 'string' ? Buffer.from(value.length % 2 === 0 ? value : value + padding, 'latin1') : value;
  const isLong = ['OB', 'OW', 'SQ', 'UN', 'UT'].includes(vr);
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(vr, 4, 'latin1');
  if (isLong) head.writeUInt32LE(bytes.length, 8);
  else head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

export function us(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export const ctImageStorage = '1.2.840.10008.5.1.4.1.1.2';

/** Identifiers of a synthetic image; an empty string leaves the element out. */
export interface SampleIdentifiers {
  readonly sopClassUid?: string;
  readonly sopInstanceUid?: string;
  readonly studyInstanceUid?: string;
  readonly seriesInstanceUid?: string;
}

/** The data set before Pixel Data (explicit VR little endian) of a synthetic CT image. */
export function sampleHeader(ids: SampleIdentifiers = {}, rows = 16, columns = 16): Buffer {
  const elements: [number, string, string | Uint8Array][] = [
    [0x00080016, 'UI', ids.sopClassUid ?? ctImageStorage],
    [0x00080018, 'UI', ids.sopInstanceUid ?? '1.2.3.4.5'],
    [0x00100020, 'LO', 'TEST'],
    [0x0020000d, 'UI', ids.studyInstanceUid ?? '1.2.3'],
    [0x0020000e, 'UI', ids.seriesInstanceUid ?? '1.2.3.4'],
    [0x00280002, 'US', us(1)],
    [0x00280010, 'US', us(rows)],
    [0x00280011, 'US', us(columns)],
  ];
  return Buffer.concat(elements.filter(([, , value]) => value !== '').map((element) => explicitElement(...element)));
}

/** A whole data set: the header above and 2 bytes a pixel. */
export function sampleDataSet(ids: SampleIdentifiers = {}, rows = 16, columns = 16): Buffer {
  return Buffer.concat([
    sampleHeader(ids, rows, columns),
    explicitElement(0x7fe00010, 'OW', Buffer.alloc(2 * rows * columns, 7)),
  ]);
}

/** Every file below a folder of the test data (YINGYUN_TESTDATA), sorted. */
export function testFiles(...folder: readonly string[]): string[] {
  const root = path.join(process.env.YINGYUN_TESTDATA ?? '', 'dicom', ...folder);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.xz'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
