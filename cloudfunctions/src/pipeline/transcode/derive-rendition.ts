import type { TextOf } from '@yingyun/shared/dicom/character-set';
import type { ImagePixel } from '@yingyun/shared/dicom/image-pixel';
import type { Part10 } from '@yingyun/shared/dicom/read-part10';
import { isProblem, type Problem } from '@yingyun/shared/domain/problem';
import { type AnyFrames, anyFrames } from './any-frames';
import type { Codecs } from './codecs';
import { type EncodedFrame, encodeHtj2k } from './htj2k';
import { type Overlay, overlaysOf } from './overlay-planes';
import { paletteOf } from './palette';
import { type ShowableFrames, showableFrames } from './showable-frames';
import type { StoredFrame, StoredInstance } from './stored-instance';
import { viewOf } from './view-of-instance';

/** A view with what is derived for it: overlay planes and, where no phone decodes the kept pixels, frames that it does. */
export interface ViewWithRendition {
  readonly view: StoredInstance;
  /** Plaintext of the rendition object; undefined where nothing had to be derived. */
  readonly rendition?: Uint8Array;
}

/**
 * Completes the view of an object that is kept as `view` says (design D3): overlay planes are lifted out, and frames of a kind that no
 * phone decodes are decoded and encoded as lossless HTJ2K. The kept object stays as it is; the rendition can be derived from it again
 * at any time, and is the same then. Offsets in `view` count in the rendition where it says 'derived'.
 */
export async function withRendition(
  part10: Part10,
  image: ImagePixel | undefined,
  view: StoredInstance,
  codecs: Codecs,
  textOf: TextOf,
): Promise<ViewWithRendition> {
  if (image === undefined || view.withoutImage === 'no-pixel-data' || view.withoutImage === 'not-an-image')
    return { view };
  const found = anyFrames(part10, image, codecs);
  const frames = isProblem(found) ? undefined : found;
  const bytes: Uint8Array[] = [];
  let length = 0;
  const place = (piece: Uint8Array): number => {
    bytes.push(piece);
    length += piece.length;
    return length - piece.length;
  };
  const overlays = await overlaysOf(part10.dataSet, image, frames, textOf);
  const isNeeded = view.withoutImage !== '' || hasWidePalette(image);
  const shown = isNeeded ? await derivedView(part10, image, view, found, codecs, textOf, place) : view;
  const complete = shown.withoutImage === '' ? withOverlays(shown, overlays, place) : shown;
  return bytes.length === 0 ? { view: complete } : { view: complete, rendition: new Uint8Array(Buffer.concat(bytes)) };
}

/** A manifest carries palettes; one of 65536 colours is worth a picture of its own instead. */
function hasWidePalette(image: ImagePixel): boolean {
  return image.photometricInterpretation === 'PALETTE COLOR' && image.bitsAllocated > 8;
}

async function derivedView(
  part10: Part10,
  image: ImagePixel,
  view: StoredInstance,
  frames: AnyFrames | Problem | undefined,
  codecs: Codecs,
  textOf: TextOf,
  place: (piece: Uint8Array) => number,
): Promise<StoredInstance> {
  if (frames === undefined) return view;
  const hidden = (why: Problem): StoredInstance =>
    // What can be shown as it is stays so where nothing better can be derived.
    view.withoutImage === '' ? view : { ...view, frames: [], withoutImage: whyNot(why) };
  if (isProblem(frames)) return hidden(frames);
  const shown = await showableFrames(frames, image, paletteOf(part10.dataSet, image.isSigned));
  if (isProblem(shown)) return hidden(shown);
  const encoded = (await encodeFrames(shown, codecs)) ?? (await rawFrames(shown));
  if (isProblem(encoded)) return hidden(encoded);
  const placed = encoded.frames.map(({ bytes, bands }): StoredFrame => ({ offset: place(bytes), bands }));
  const photometric = shown.image.photometricInterpretation;
  const form = {
    codec: encoded.codec,
    photometricInterpretation: /^YBR_[RI]CT$/.test(photometric) ? 'RGB' : photometric,
    rendition: 'derived',
    scale: shown.scale,
  } as const;
  return viewOf(part10.dataSet, shown.image, form, placed, textOf);
}

interface EncodedFrames {
  readonly codec: 'htj2k' | 'raw';
  readonly frames: readonly EncodedFrame[];
}

/** Undefined where one of the frames doesn't survive HTJ2K: all frames of an instance have one codec. */
async function encodeFrames(shown: ShowableFrames, codecs: Codecs): Promise<EncodedFrames | Problem | undefined> {
  const frames: EncodedFrame[] = [];
  for (let index = 0; index < shown.image.frameCount; index++) {
    const frame = await shown.frame(index);
    if (isProblem(frame)) return frame;
    const encoded = await encodeHtj2k(frame, shown.image, codecs);
    if (encoded === undefined) return undefined;
    frames.push(encoded);
  }
  return { codec: 'htj2k', frames };
}

async function rawFrames(shown: ShowableFrames): Promise<EncodedFrames | Problem> {
  const frames: EncodedFrame[] = [];
  for (let index = 0; index < shown.image.frameCount; index++) {
    const bytes = await shown.frame(index);
    if (isProblem(bytes)) return bytes;
    frames.push({ bytes, bands: [bytes.length] });
  }
  return { codec: 'raw', frames };
}

function whyNot(why: Problem): StoredInstance['withoutImage'] {
  return why.problem === 'dicom-unsupported' ? 'codec-not-viewable' : 'pixels-damaged';
}

function withOverlays(
  view: StoredInstance,
  overlays: readonly Overlay[],
  place: (piece: Uint8Array) => number,
): StoredInstance {
  if (overlays.length === 0) return view;
  const planesOf = (frame: number) =>
    overlays
      .filter(
        ({ firstFrame, frames }) => firstFrame === 0 || (frame >= firstFrame && frame < firstFrame + frames.length),
      )
      .map(({ plane }) => plane);
  const common = { ...view.common, overlays: planesOf(1) };
  const frames = view.frames.map((frame, index) => {
    const own = planesOf(index + 1);
    const isSame = own.length === common.overlays.length && own.every((plane, i) => plane === common.overlays[i]);
    return isSame ? frame : { ...frame, differs: { ...frame.differs, overlays: own } };
  });
  const stored = overlays.map(({ plane, firstFrame, frames: bits }) => {
    const [offset = 0] = bits.map(place);
    return { group: plane.group, firstFrame, frameCount: bits.length, offset, length: bits[0]?.length ?? 0 };
  });
  return { ...view, common, frames, overlays: stored };
}
