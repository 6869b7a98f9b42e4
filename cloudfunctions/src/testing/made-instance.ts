import type { DataSet, DicomElement } from '@yingyun/shared/dicom/data-set';
import { writePart10 } from '@yingyun/shared/dicom/write-part10';

export interface MadeInstance {
  readonly sopInstanceUid: string;
  readonly studyInstanceUid?: string;
  readonly seriesInstanceUid?: string;
  readonly patientId?: string;
  readonly name?: string;
  readonly description?: string;
  readonly modality?: string;
  /** Square 16-bit image of this side; 0 = no pixel data. */
  readonly side?: number;
  /** What makes the pixels: other numbers, other pixels. */
  readonly seed?: number;
}

/** A small CT-like Part 10 file (explicit VR little endian) whose header and pixels are what the test says. */
export function madeInstance(made: MadeInstance): Uint8Array {
  const side = made.side ?? 32;
  const text: [number, string, string][] = [
    [0x00080005, 'CS', 'ISO_IR 192'],
    [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'],
    [0x00080018, 'UI', made.sopInstanceUid],
    [0x00080020, 'DA', '20260301'],
    [0x00080030, 'TM', '083000'],
    [0x00080050, 'SH', 'A1'],
    [0x00080060, 'CS', made.modality ?? 'CT'],
    [0x00081030, 'LO', made.description ?? '胸部CT'],
    [0x00100010, 'PN', made.name ?? 'Zhang^San=张^三'],
    [0x00100020, 'LO', made.patientId ?? 'P001'],
    [0x00100030, 'DA', '19700131'],
    [0x00100040, 'CS', 'M'],
    [0x0020000d, 'UI', made.studyInstanceUid ?? '1.2.3'],
    [0x0020000e, 'UI', made.seriesInstanceUid ?? '1.2.3.1'],
    [0x00200011, 'IS', '2'],
    [0x00200013, 'IS', '7'],
  ];
  const numbers: [number, number][] = [
    [0x00280002, 1],
    [0x00280010, side],
    [0x00280011, side],
    [0x00280100, 16],
    [0x00280101, 12],
    [0x00280102, 11],
    [0x00280103, 0],
  ];
  const elements: DicomElement[] = text.map(([tag, vr, value]) => {
    const bytes = Buffer.from(value);
    return element(
      tag,
      vr,
      bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === 'UI' ? '\0' : ' ')]),
    );
  });
  for (const [tag, value] of numbers) elements.push(element(tag, 'US', Uint8Array.of(value & 0xff, value >> 8)));
  const pixels = new Uint16Array(side * side).map((_, i) => (i * 13 + (made.seed ?? 1) * 101) % 4096);
  if (side > 0) elements.push(element(0x7fe00010, 'OW', new Uint8Array(0)));
  const dataSet: DataSet = { elements };
  return writePart10({
    dataSet,
    isExplicitLittleEndian: true,
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
    sopInstanceUid: made.sopInstanceUid,
    implementationClassUid: '1.2.3.4',
    implementationVersionName: 'TEST',
    pixelData: side > 0 ? { kind: 'native', vr: 'OW', bytes: new Uint8Array(pixels.buffer) } : { kind: 'none' },
  }).bytes;
}

function element(tag: number, vr: string, value: Uint8Array): DicomElement {
  return { tag, vr, value, offset: 0, valueOffset: 0, hasUndefinedLength: false };
}
