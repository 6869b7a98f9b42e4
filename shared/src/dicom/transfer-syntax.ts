/** How the pixel data of a transfer syntax is coded; `deflated-frame` compresses each frame, `deflated` the whole data set. */
export type TransferSyntaxKind =
  | 'native'
  | 'rle'
  | 'jpeg'
  | 'jpeg-lossless'
  | 'jpeg-ls'
  | 'j2k'
  | 'htj2k'
  | 'jpeg-xl'
  | 'video'
  | 'deflated'
  | 'deflated-frame';

/** PS3.5 section 10 and annex A; names and UIDs of PS3.6 table A-1. */
export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly kind: TransferSyntaxKind;
  readonly isExplicitVr: boolean;
  readonly isLittleEndian: boolean;
  /** The data set after the file meta is one raw deflate stream (PS3.5 A.5). */
  readonly isDeflated: boolean;
  /** Pixel Data has undefined length and holds fragments (PS3.5 A.4). */
  readonly isEncapsulated: boolean;
  /** 'either': only the code stream tells. Never promises that the image was lossless before it was put in this syntax. */
  readonly isLossless: boolean | 'either';
}

type Row = readonly [name: string, kind: TransferSyntaxKind, isLossless: boolean | 'either'];

// Every row is explicit VR little endian, and encapsulated unless native or deflated; `findTransferSyntax` knows the exceptions.
const table: Readonly<Record<string, Row>> = {
  '1.2.840.10008.1.2': ['Implicit VR Little Endian', 'native', true],
  '1.2.840.10008.1.2.1': ['Explicit VR Little Endian', 'native', true],
  '1.2.840.10008.1.2.1.98': ['Encapsulated Uncompressed Explicit VR Little Endian', 'native', true],
  '1.2.840.10008.1.2.1.99': ['Deflated Explicit VR Little Endian', 'deflated', true],
  '1.2.840.10008.1.2.2': ['Explicit VR Big Endian', 'native', true],
  '1.2.840.10008.1.2.4.50': ['JPEG Baseline (Process 1)', 'jpeg', false],
  '1.2.840.10008.1.2.4.51': ['JPEG Extended (Process 2 and 4)', 'jpeg', false],
  '1.2.840.10008.1.2.4.52': ['JPEG Extended (Process 3 and 5)', 'jpeg', false],
  '1.2.840.10008.1.2.4.53': ['JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)', 'jpeg', false],
  '1.2.840.10008.1.2.4.54': ['JPEG Spectral Selection, Non-Hierarchical (Process 7 and 9)', 'jpeg', false],
  '1.2.840.10008.1.2.4.55': ['JPEG Full Progression, Non-Hierarchical (Process 10 and 12)', 'jpeg', false],
  '1.2.840.10008.1.2.4.56': ['JPEG Full Progression, Non-Hierarchical (Process 11 and 13)', 'jpeg', false],
  '1.2.840.10008.1.2.4.57': ['JPEG Lossless, Non-Hierarchical (Process 14)', 'jpeg-lossless', true],
  '1.2.840.10008.1.2.4.58': ['JPEG Lossless, Non-Hierarchical (Process 15)', 'jpeg-lossless', true],
  '1.2.840.10008.1.2.4.59': ['JPEG Extended, Hierarchical (Process 16 and 18)', 'jpeg', false],
  '1.2.840.10008.1.2.4.60': ['JPEG Extended, Hierarchical (Process 17 and 19)', 'jpeg', false],
  '1.2.840.10008.1.2.4.61': ['JPEG Spectral Selection, Hierarchical (Process 20 and 22)', 'jpeg', false],
  '1.2.840.10008.1.2.4.62': ['JPEG Spectral Selection, Hierarchical (Process 21 and 23)', 'jpeg', false],
  '1.2.840.10008.1.2.4.63': ['JPEG Full Progression, Hierarchical (Process 24 and 26)', 'jpeg', false],
  '1.2.840.10008.1.2.4.64': ['JPEG Full Progression, Hierarchical (Process 25 and 27)', 'jpeg', false],
  '1.2.840.10008.1.2.4.65': ['JPEG Lossless, Hierarchical (Process 28)', 'jpeg-lossless', true],
  '1.2.840.10008.1.2.4.66': ['JPEG Lossless, Hierarchical (Process 29)', 'jpeg-lossless', true],
  '1.2.840.10008.1.2.4.70': [
    'JPEG Lossless, First-Order Prediction (Process 14, Selection Value 1)',
    'jpeg-lossless',
    true,
  ],
  '1.2.840.10008.1.2.4.80': ['JPEG-LS Lossless', 'jpeg-ls', true],
  '1.2.840.10008.1.2.4.81': ['JPEG-LS Lossy (Near-Lossless)', 'jpeg-ls', 'either'],
  '1.2.840.10008.1.2.4.90': ['JPEG 2000 (Lossless Only)', 'j2k', true],
  '1.2.840.10008.1.2.4.91': ['JPEG 2000', 'j2k', 'either'],
  '1.2.840.10008.1.2.4.92': ['JPEG 2000 Part 2 Multi-component (Lossless Only)', 'j2k', true],
  '1.2.840.10008.1.2.4.93': ['JPEG 2000 Part 2 Multi-component', 'j2k', 'either'],
  '1.2.840.10008.1.2.4.100': ['MPEG2 Main Profile / Main Level', 'video', false],
  '1.2.840.10008.1.2.4.100.1': ['Fragmentable MPEG2 Main Profile / Main Level', 'video', false],
  '1.2.840.10008.1.2.4.101': ['MPEG2 Main Profile / High Level', 'video', false],
  '1.2.840.10008.1.2.4.101.1': ['Fragmentable MPEG2 Main Profile / High Level', 'video', false],
  '1.2.840.10008.1.2.4.102': ['MPEG-4 AVC/H.264 High Profile / Level 4.1', 'video', false],
  '1.2.840.10008.1.2.4.102.1': ['Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1', 'video', false],
  '1.2.840.10008.1.2.4.103': ['MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1', 'video', false],
  '1.2.840.10008.1.2.4.103.1': ['Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1', 'video', false],
  '1.2.840.10008.1.2.4.104': ['MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video', 'video', false],
  '1.2.840.10008.1.2.4.104.1': ['Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video', 'video', false],
  '1.2.840.10008.1.2.4.105': ['MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video', 'video', false],
  '1.2.840.10008.1.2.4.105.1': ['Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video', 'video', false],
  '1.2.840.10008.1.2.4.106': ['MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2', 'video', false],
  '1.2.840.10008.1.2.4.106.1': ['Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2', 'video', false],
  '1.2.840.10008.1.2.4.107': ['HEVC/H.265 Main Profile / Level 5.1', 'video', false],
  '1.2.840.10008.1.2.4.108': ['HEVC/H.265 Main 10 Profile / Level 5.1', 'video', false],
  '1.2.840.10008.1.2.4.110': ['JPEG XL Lossless', 'jpeg-xl', true],
  '1.2.840.10008.1.2.4.111': ['JPEG XL JPEG Recompression', 'jpeg-xl', 'either'],
  '1.2.840.10008.1.2.4.112': ['JPEG XL', 'jpeg-xl', 'either'],
  '1.2.840.10008.1.2.4.201': ['High-Throughput JPEG 2000 (Lossless Only)', 'htj2k', true],
  '1.2.840.10008.1.2.4.202': ['High-Throughput JPEG 2000 with RPCL Options (Lossless Only)', 'htj2k', true],
  '1.2.840.10008.1.2.4.203': ['High-Throughput JPEG 2000', 'htj2k', 'either'],
  '1.2.840.10008.1.2.5': ['RLE Lossless', 'rle', true],
  '1.2.840.10008.1.2.8.1': ['Deflated Image Frame Compression', 'deflated-frame', true],
};

export const implicitVrLittleEndian = '1.2.840.10008.1.2';
export const explicitVrLittleEndian = '1.2.840.10008.1.2.1';
export const explicitVrBigEndian = '1.2.840.10008.1.2.2';
export const deflatedExplicitVrLittleEndian = '1.2.840.10008.1.2.1.99';
const encapsulatedUncompressed = '1.2.840.10008.1.2.1.98';

/**
 * What a transfer syntax UID means; undefined for UIDs we can't keep. The JPIP referenced syntaxes are left out on purpose: their
 * pixels stand behind a URL and would not be ours after an acknowledgement; so are SMPTE 2110 (live video) and XML/MIME encodings.
 */
export function findTransferSyntax(uid: string): TransferSyntax | undefined {
  const row = Object.hasOwn(table, uid) ? table[uid] : undefined;
  if (row === undefined) return undefined;
  const [name, kind, isLossless] = row;
  return {
    uid,
    name,
    kind,
    isExplicitVr: uid !== implicitVrLittleEndian,
    isLittleEndian: uid !== explicitVrBigEndian,
    isDeflated: kind === 'deflated',
    isEncapsulated: uid === encapsulatedUncompressed || (kind !== 'native' && kind !== 'deflated'),
    isLossless,
  };
}

/** Every UID that `findTransferSyntax` knows, in ascending order of the registry. */
export function knownTransferSyntaxUids(): readonly string[] {
  return Object.keys(table);
}
