import type { ImagePixel } from '@yingyun/shared/dicom/image-pixel';
import type { Codecs } from './codecs';

export interface EncodedFrame {
  readonly bytes: Uint8Array;
  /** Cumulative length up to each resolution, coarsest first. */
  readonly bands: readonly number[];
}

/**
 * Encodes a native frame as HTJ2K, reversible, RPCL, one tile-part a resolution, with a TLM marker (design D2), decodes it again and
 * compares every byte. The precision is Bits Stored where no sample has bits above it, else Bits Allocated: what lies in the upper
 * bits (overlays, wrong signs) is kept bit for bit.
 *
 * Answers undefined where no variant round-trips: the caller keeps the frame in another form.
 */
export async function encodeHtj2k(
  frame: Uint8Array,
  image: ImagePixel,
  codecs: Codecs,
): Promise<EncodedFrame | undefined> {
  // Three components always go through the reversible transform, whatever colours they are: it loses nothing, and without it the codec
  // mixes up lines and components in a way that only it can read (native-frames.ts, putLinesRight).
  const useColourTransform = image.samplesPerPixel === 3;
  const precisions = new Set([
    hasUnusedUpperBits(frame, image) ? image.bitsStored : image.bitsAllocated,
    image.bitsAllocated,
  ]);
  for (const precision of precisions) {
    try {
      const openJph = await codecs.openJph();
      const bytes = encodeOnce(openJph, frame, image, precision, useColourTransform);
      if (bytes !== undefined && decodesTo(openJph, bytes, frame, image)) return { bytes, bands: bandsOf(bytes) };
    } catch {
      // A codec's fault says nothing of the image: the next form is tried with a fresh codec.
      codecs.forget();
    }
  }
  return undefined;
}

export function isRgb(image: ImagePixel): boolean {
  return image.photometricInterpretation === 'RGB' || image.photometricInterpretation === 'YBR_RCT';
}

function encodeOnce(
  openJph: WasmOpenJph,
  frame: Uint8Array,
  image: ImagePixel,
  precision: number,
  isUsingColorTransform: boolean,
): Uint8Array | undefined {
  const encoder = new openJph.HTJ2KEncoder();
  try {
    const input = encoder.getDecodedBuffer({
      width: image.columns,
      height: image.rows,
      bitsPerSample: precision,
      componentCount: image.samplesPerPixel,
      isSigned: image.isSigned,
      isUsingColorTransform,
    });
    if (input.length !== frame.length) return undefined;
    input.set(frame);
    encoder.setQuality(true, 0);
    encoder.setDecompositions(decompositionsOf(image));
    encoder.setProgressionOrder(2);
    encoder.setTilePartDivisionsAtResolutions(true);
    encoder.setTLMMarker(true);
    encoder.encode();
    return encoder.getEncodedBuffer().slice();
  } finally {
    encoder.delete();
  }
}

function decodesTo(openJph: WasmOpenJph, encoded: Uint8Array, frame: Uint8Array, image: ImagePixel): boolean {
  const decoder = new openJph.HTJ2KDecoder();
  try {
    decoder.getEncodedBuffer(encoded.length).set(encoded);
    decoder.decode();
    const info = decoder.getFrameInfo();
    if (info.width !== image.columns || info.height !== image.rows || info.componentCount !== image.samplesPerPixel)
      return false;
    const heap = decoder.getDecodedBuffer();
    const decoded = new Uint8Array(heap.buffer, heap.byteOffset, heap.byteLength);
    return decoded.length === frame.length && Buffer.compare(decoded, frame) === 0;
  } finally {
    decoder.delete();
  }
}

/** Five levels, fewer where the coarsest image would be less than eight pixels high or wide. */
export function decompositionsOf(image: Pick<ImagePixel, 'rows' | 'columns'>): number {
  const shorter = Math.min(image.rows, image.columns);
  let levels = 0;
  while (levels < 5 && shorter >> (levels + 1) >= 8) levels++;
  return levels;
}

/** No sample of a 16-bit container has anything above Bits Stored but its sign. Narrow images are coded in their container. */
function hasUnusedUpperBits(frame: Uint8Array, image: ImagePixel): boolean {
  const { bitsStored, bitsAllocated } = image;
  if (bitsAllocated !== 16 || bitsStored <= 8 || bitsStored === 16 || image.highBit !== bitsStored - 1) return false;
  const aligned = frame.byteOffset % 2 === 0 ? frame : frame.slice();
  const samples = new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length >> 1);
  if (image.isSigned) {
    const shift = 32 - bitsStored;
    for (let i = 0; i < samples.length; i++) {
      const value = ((samples[i] ?? 0) << 16) >> 16;
      if ((value << shift) >> shift !== value) return false;
    }
    return true;
  }
  let seen = 0;
  for (let i = 0; i < samples.length; i++) seen |= samples[i] ?? 0;
  return seen >> bitsStored === 0;
}

/**
 * Cumulative lengths of a code stream up to the end of each tile-part (ITU-T T.800 A.4.2, Psot), which are its resolutions as we
 * encode. One band where the stream isn't one tile of them.
 */
export function bandsOf(codeStream: Uint8Array): number[] {
  const view = new DataView(codeStream.buffer, codeStream.byteOffset, codeStream.byteLength);
  const whole = [codeStream.length];
  let at = 2;
  // The main header: marker segments with lengths, up to the first SOT.
  while (at + 12 <= codeStream.length && view.getUint16(at) !== 0xff90) at += 2 + view.getUint16(at + 2);
  const bands: number[] = [];
  while (at + 12 <= codeStream.length && view.getUint16(at) === 0xff90) {
    const tile = view.getUint16(at + 4);
    const length = view.getUint32(at + 6);
    if (tile !== 0 || length < 12 || at + length > codeStream.length) return whole;
    at += length;
    bands.push(at);
  }
  if (bands.length === 0 || at + 2 < codeStream.length - 1) return whole;
  bands[bands.length - 1] = codeStream.length;
  return bands;
}
