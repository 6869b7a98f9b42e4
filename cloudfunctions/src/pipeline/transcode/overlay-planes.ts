import type { OverlayPlane } from '@yingyun/shared/contract/film-manifest';
import type { TextOf } from '@yingyun/shared/dicom/character-set';
import { type DataSet, find } from '@yingyun/shared/dicom/data-set';
import type { ImagePixel } from '@yingyun/shared/dicom/image-pixel';
import { codeValue, numberValue, numberValues, textValue } from '@yingyun/shared/dicom/values';
import { isProblem } from '@yingyun/shared/domain/problem';
import type { AnyFrames } from './any-frames';

/** An overlay plane of an instance (PS3.3 C.9.2) with its bits. */
export interface Overlay {
  readonly plane: OverlayPlane;
  /** The image frame, from 1, of the first of `frames`; 0: one plane for all frames. */
  readonly firstFrame: number;
  /** rows × columns bits each, packed from the lowest bit, each frame beginning on a byte of its own. */
  readonly frames: readonly Uint8Array[];
}

const maxBytes = 64 * 1024 * 1024;

/** A plane whose bits are one of those that the pixels leave over. */
interface PlaneInPixels {
  readonly plane: OverlayPlane;
  /** Overlay Bit Position. */
  readonly position: number;
}

/** The planes of groups 6000 … 601E that have bits: in Overlay Data, or, as it was before 2004, in the upper bits of the pixels. */
export async function overlaysOf(
  dataSet: DataSet,
  image: ImagePixel,
  pixels: AnyFrames | undefined,
  textOf: TextOf,
): Promise<readonly Overlay[]> {
  const overlays: Overlay[] = [];
  const inPixels: PlaneInPixels[] = [];
  let total = 0;
  for (let group = 0x6000; group <= 0x601e; group += 2) {
    const found = overlayOf(dataSet, group, image, textOf);
    if (found === undefined) continue;
    const bytes =
      'frames' in found
        ? found.frames.reduce((sum, frame) => sum + frame.length, 0)
        : image.frameCount * Math.ceil((image.rows * image.columns) / 8);
    if (total + bytes > maxBytes) break;
    total += bytes;
    if ('frames' in found) overlays.push(found);
    else inPixels.push(found);
  }
  if (inPixels.length > 0 && pixels !== undefined) overlays.push(...(await liftedOut(inPixels, image, pixels)));
  return overlays.sort((one, other) => one.plane.group - other.plane.group);
}

function overlayOf(
  dataSet: DataSet,
  group: number,
  image: ImagePixel,
  textOf: TextOf,
): Overlay | PlaneInPixels | undefined {
  const tag = (element: number) => group * 0x10000 + element;
  const rows = numberValue(dataSet, tag(0x0010)) ?? 0;
  const columns = numberValue(dataSet, tag(0x0011)) ?? 0;
  if (rows < 1 || columns < 1 || rows * columns > maxBytes * 8) return undefined;
  const [row = 1, column = 1] = numberValues(dataSet, tag(0x0050));
  const label = textValue(dataSet, tag(0x1500), textOf) || textValue(dataSet, tag(0x0022), textOf);
  const kind = codeValue(dataSet, tag(0x0040)) === 'R' ? 'roi' : 'graphics';
  const plane: OverlayPlane = { group, rows, columns, row, column, kind, label };
  const declared = numberValue(dataSet, tag(0x0015));
  const count = Math.max(1, Math.trunc(declared ?? 1));
  const data = find(dataSet, tag(0x3000))?.value;
  if (data !== undefined && data.length > 0) {
    const bits = rows * columns;
    const isWhole = data.length * 8 >= bits * count && count <= image.frameCount;
    if (!isWhole) return undefined;
    const firstFrame = declared === undefined ? 0 : (numberValue(dataSet, tag(0x0051)) ?? 1);
    return { plane, firstFrame, frames: Array.from({ length: count }, (_, i) => bitsOf(data, i * bits, bits)) };
  }
  const position = numberValue(dataSet, tag(0x0102)) ?? 0;
  const isInPixels = rows === image.rows && columns === image.columns && image.samplesPerPixel === 1;
  const isOutside = position > image.highBit || position <= image.highBit - image.bitsStored;
  return isInPixels && isOutside && position < image.bitsAllocated ? { plane, position } : undefined;
}

/** Each frame is decoded once, however many planes lie in it. None of a frame that doesn't decode; a plane without a bit is none. */
async function liftedOut(
  planes: readonly PlaneInPixels[],
  image: ImagePixel,
  pixels: AnyFrames,
): Promise<readonly Overlay[]> {
  const lifted = planes.map(({ plane, position }) => ({ plane, position, frames: [] as Uint8Array[] }));
  for (let index = 0; index < image.frameCount; index++) {
    const frame = await pixels(index);
    if (isProblem(frame)) return [];
    const { samples } = frame;
    if (samples instanceof Float32Array || samples instanceof Float64Array) return [];
    for (const { position, frames } of lifted) frames.push(bitAt(samples, position));
  }
  return lifted
    .filter(({ frames }) => frames.some((frame) => frame.some((byte) => byte !== 0)))
    .map(({ plane, frames }) => ({ plane, firstFrame: 1, frames }));
}

function bitsOf(data: Uint8Array, from: number, count: number): Uint8Array {
  const out = new Uint8Array(Math.ceil(count / 8));
  const shift = from & 7;
  const start = from >> 3;
  for (let i = 0; i < out.length; i++)
    out[i] = ((data[start + i] ?? 0) >> shift) | (shift === 0 ? 0 : (data[start + i + 1] ?? 0) << (8 - shift));
  // What follows in the last byte is another frame's.
  if (count & 7) out[out.length - 1] = (out[out.length - 1] ?? 0) & (2 ** (count & 7) - 1);
  return out;
}

function bitAt(samples: Uint8Array | Uint16Array | Uint32Array, position: number): Uint8Array {
  const out = new Uint8Array(Math.ceil(samples.length / 8));
  for (let i = 0; i < samples.length; i++)
    if (((samples[i] ?? 0) >>> position) & 1) out[i >> 3] = (out[i >> 3] ?? 0) | (1 << (i & 7));
  return out;
}
