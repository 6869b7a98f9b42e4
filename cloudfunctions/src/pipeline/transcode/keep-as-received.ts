import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import type { TextOf } from '@yingyun/shared/dicom/character-set';
import { find } from '@yingyun/shared/dicom/data-set';
import { encapsulatedFrames, frameBytes } from '@yingyun/shared/dicom/encapsulated-frames';
import type { ImagePixel } from '@yingyun/shared/dicom/image-pixel';
import type { Part10 } from '@yingyun/shared/dicom/read-part10';
import { explicitVrLittleEndian } from '@yingyun/shared/dicom/transfer-syntax';
import { isProblem } from '@yingyun/shared/domain/problem';
import { jpeg2000Size, jpegSize } from './code-stream-size';
import type { Codecs } from './codecs';
import { bandsOf } from './htj2k';
import { storedFile } from './stored-file';
import type { StoredFrame } from './stored-instance';
import type { TranscodedInstance } from './transcode-instance';
import { viewOf } from './view-of-instance';

type Kept = Omit<TranscodedInstance, 'headerSm3'>;
type DigestStarter = Pick<Codecs, 'startDigest'>;

/** Stands in the view of an object that has no image at all. */
const noImage: ImagePixel = {
  rows: 0,
  columns: 0,
  samplesPerPixel: 1,
  photometricInterpretation: '',
  planarConfiguration: 0,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  isSigned: false,
  frameCount: 1,
  frameLength: 0,
};

/**
 * Keeps an instance as it came (design D3: what is lossy already, or of no kind we decode, or no image at all): the very bytes of the
 * file where they are a whole Part 10 file and every frame lies in one piece, else the same elements and frames written anew.
 */
export function keepAsReceived(
  part10: Part10,
  image: ImagePixel | undefined,
  codecs: DigestStarter,
  textOf: TextOf,
): Kept {
  const pixelData = find(part10.dataSet, 0x7fe00010);
  if (image === undefined || (pixelData !== undefined && pixelData.value.length === 0))
    return keepWithoutPixels(part10, textOf);
  if (pixelData === undefined) return keepFloat(part10, image, codecs, textOf);
  return pixelData.fragments === undefined
    ? keepNative(part10, image, codecs, textOf)
    : keepEncapsulated(part10, image, codecs, textOf);
}

function keepWithoutPixels(part10: Part10, textOf: TextOf): Kept {
  const isImageObject = find(part10.dataSet, 0x00280010) !== undefined;
  const reason = isImageObject ? 'no-pixel-data' : 'not-an-image';
  const view = viewOf(part10.dataSet, noImage, { codec: 'raw', photometricInterpretation: '' }, [], textOf, reason);
  const { bytes, transferSyntaxUid } = wholeFile(part10);
  return { bytes, transferSyntaxUid, view, pixelSm3: '' };
}

/** Float and double pixel data (7FE0,0008/0009): kept, digested, not shown. */
function keepFloat(part10: Part10, image: ImagePixel, codecs: DigestStarter, textOf: TextOf): Kept {
  const values = [0x7fe00008, 0x7fe00009]
    .map((tag) => find(part10.dataSet, tag)?.value)
    .filter((value) => value !== undefined);
  const form = { codec: 'raw', photometricInterpretation: image.photometricInterpretation } as const;
  const { bytes, transferSyntaxUid } = wholeFile(part10);
  const view = viewOf(part10.dataSet, image, form, [], textOf, 'codec-not-viewable');
  return { bytes, transferSyntaxUid, view, pixelSm3: sm3(codecs, values) };
}

function keepNative(part10: Part10, image: ImagePixel, codecs: DigestStarter, textOf: TextOf): Kept {
  const value = find(part10.dataSet, 0x7fe00010)?.value ?? new Uint8Array(0);
  const isViewable =
    (image.bitsAllocated === 8 || image.bitsAllocated === 16) &&
    (image.samplesPerPixel === 1 || (image.samplesPerPixel === 3 && image.planarConfiguration === 0)) &&
    image.frameLength === (image.rows * image.columns * image.samplesPerPixel * image.bitsAllocated) / 8 &&
    value.length >= image.frameLength * image.frameCount;
  const file = wholeFile(part10);
  const frames: StoredFrame[] = [];
  for (let i = 0; isViewable && i < image.frameCount; i++) {
    frames.push({ offset: file.pixelOffset + i * image.frameLength, bands: [image.frameLength] });
  }
  const form = { codec: 'raw', photometricInterpretation: image.photometricInterpretation } as const;
  const view = viewOf(part10.dataSet, image, form, frames, textOf, isViewable ? '' : 'codec-not-viewable');
  return {
    bytes: file.bytes,
    transferSyntaxUid: file.transferSyntaxUid,
    view,
    pixelSm3: sm3(codecs, [value.subarray(0, Math.ceil(image.frameLength * image.frameCount))]),
  };
}

function keepEncapsulated(part10: Part10, image: ImagePixel, codecs: DigestStarter, textOf: TextOf): Kept {
  const found = encapsulatedFrames(part10.dataSet, image.frameCount, part10.transferSyntaxUid);
  if (isProblem(found)) {
    const fragments = (find(part10.dataSet, 0x7fe00010)?.fragments ?? []).slice(1).map((fragment) => fragment.bytes);
    const form = { codec: 'raw', photometricInterpretation: image.photometricInterpretation } as const;
    const view = viewOf(part10.dataSet, image, form, [], textOf, 'codec-not-viewable');
    return { bytes: part10.bytes, transferSyntaxUid: part10.transferSyntaxUid, view, pixelSm3: sm3(codecs, fragments) };
  }
  const frames = found.map(frameBytes);
  const isInPlace = part10.isPlainPart10 && found.every((frame) => frame.parts.length === 1);
  const file = isInPlace
    ? { bytes: part10.bytes, frameOffsets: found.map((frame) => frame.parts[0]?.offset ?? 0) }
    : storedFile(part10, { transferSyntaxUid: part10.transferSyntaxUid, pixelData: { kind: 'encapsulated', frames } });
  const codec = viewableCodec(part10.transferSyntaxUid, frames, image);
  const stored = frames.map((bytes, index): StoredFrame => {
    return {
      offset: file.frameOffsets[index] ?? 0,
      bands: codec === 'htj2k' ? bandsOf(withoutPadding(bytes)) : [bytes.length],
    };
  });
  const form = { codec: codec ?? 'raw', photometricInterpretation: decodedPhotometric(codec, image) } as const;
  const view = viewOf(part10.dataSet, image, form, stored, textOf, codec === undefined ? 'codec-not-viewable' : '');
  return { bytes: file.bytes, transferSyntaxUid: part10.transferSyntaxUid, view, pixelSm3: sm3(codecs, frames) };
}

/** HTJ2K decoders undo the transforms of the code stream. Of a JPEG, RGB would say that its components are R, G and B: see forceRgbJpeg. */
function decodedPhotometric(codec: FrameAttributes['codec'] | undefined, image: ImagePixel): string {
  const isTransformed = codec !== 'jpeg' && /^YBR_[RI]CT$/.test(image.photometricInterpretation);
  return isTransformed ? 'RGB' : image.photometricInterpretation;
}

/** What a phone's browser decodes: JPEG of 8 bits by DCT (T.81 SOF0, SOF1, SOF2), and HTJ2K with the viewer's own decoder. */
function viewableCodec(
  uid: string,
  frames: readonly Uint8Array[],
  image: ImagePixel,
): FrameAttributes['codec'] | undefined {
  // A stream that was cut is drawn by browsers without a word; what is missing must not pass for anatomy.
  if (!frames.every(hasEndMarker)) return undefined;
  if (/^1\.2\.840\.10008\.1\.2\.4\.20[123]$/.test(uid)) {
    // Colour without the component transform comes out of the viewer's codec mixed up (native-frames.ts).
    const isReadable =
      image.samplesPerPixel === 1 || frames.every((frame) => jpeg2000Size(frame)?.isTransformed === true);
    return isReadable ? 'htj2k' : undefined;
  }
  // Some senders declare another JPEG than they send: the streams themselves say what they are.
  if (!/^1\.2\.840\.10008\.1\.2\.4\.([5-7]\d|8[01]|9[0-3])$/.test(uid)) return undefined;
  const isViewable = frames.every((frame) => {
    const size = jpegSize(frame);
    const isDct = size?.startOfFrame === 0xc0 || size?.startOfFrame === 0xc1 || size?.startOfFrame === 0xc2;
    return isDct && size.precision === 8 && size.rows === image.rows && size.columns === image.columns;
  });
  return isViewable ? 'jpeg' : undefined;
}

/** EOI and EOC are both FF D9; some writers pad more than the one byte that PS3.5 A.4 knows. */
function hasEndMarker(frame: Uint8Array): boolean {
  for (let at = frame.length - 1; at > 0 && at >= frame.length - 64; at--)
    if (frame[at] === 0xd9 && frame[at - 1] === 0xff) return true;
  return false;
}

/** A code stream ends with EOC; one byte after it is the fragment's padding. */
function withoutPadding(bytes: Uint8Array): Uint8Array {
  return bytes[bytes.length - 1] === 0 && bytes[bytes.length - 2] === 0xd9
    ? bytes.subarray(0, bytes.length - 1)
    : bytes;
}

function wholeFile(part10: Part10): { bytes: Uint8Array; transferSyntaxUid: string; pixelOffset: number } {
  const pixelData = find(part10.dataSet, 0x7fe00010);
  if (part10.isPlainPart10 && part10.encoding.isLittleEndian) {
    return {
      bytes: part10.bytes,
      transferSyntaxUid: part10.transferSyntaxUid,
      pixelOffset: pixelData?.valueOffset ?? 0,
    };
  }
  const native = {
    kind: 'native',
    vr: pixelData?.vr === 'OB' ? 'OB' : 'OW',
    bytes: pixelData?.value ?? new Uint8Array(0),
  } as const;
  const written = storedFile(part10, {
    transferSyntaxUid: explicitVrLittleEndian,
    pixelData: pixelData === undefined ? { kind: 'none' } : native,
  });
  return { bytes: written.bytes, transferSyntaxUid: explicitVrLittleEndian, pixelOffset: written.frameOffsets[0] ?? 0 };
}

function sm3(codecs: DigestStarter, parts: readonly Uint8Array[]): string {
  const digest = codecs.startDigest();
  for (const part of parts) digest.update(part);
  return digest.end();
}
