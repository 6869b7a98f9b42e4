import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import { isProblem, ProblemError } from '@yingyun/shared/domain/problem';
import { bytesUpTo, frameAttributes } from '@yingyun/shared/imaging/frame-attributes';
import { framePyramid } from '@yingyun/shared/imaging/frame-pyramid';
import { readFrameBytes } from '../pipeline/read-stored-object';
import type { ApiPorts } from './api-ports';
import type { FramePiece } from './plan-frames';
import type { FrameLocation, SeriesLayout } from './study-layout';

/** Bands of a series' frames in format `deflate`: lengths before compression, so that a limit is kept whatever compresses. */
export function plainBands(series: SeriesLayout): (readonly number[])[] {
  return series.frames.map((frame, i) => framePyramid(attributesOf(series, i), frame).bands);
}

/**
 * One planned piece of a frame's pyramid, compressed. Decoding is left to the transcoder, which takes a frame when it has a worker free.
 * Throws ProblemError: those of reading a sealed object, `image-damaged`.
 */
export async function readPlainPiece(
  ports: Pick<ApiPorts, 'objects' | 'sealer' | 'keys' | 'transcoder'>,
  series: SeriesLayout,
  location: FrameLocation,
  piece: FramePiece,
): Promise<Uint8Array> {
  const { object, offset, bands } = location;
  const attributes = attributesOf(series, piece.frame);
  const pyramid = framePyramid(attributes, location);
  const last = pyramid.bands.findIndex((end) => end >= piece.from + piece.length);
  const needed = bytesUpTo(location, pyramid.levels[last]?.reduce ?? 0);
  const plain = await ports.transcoder.plainSamples(async () => ({
    encoded: await readFrameBytes(ports, object, offset, needed),
    attributes,
    bands,
    from: piece.from,
    length: piece.length,
  }));
  if (isProblem(plain)) throw new ProblemError(plain);
  return plain;
}

function attributesOf(series: SeriesLayout, frame: number): FrameAttributes {
  return frameAttributes(series.manifest, series.manifest.frames[frame] ?? {});
}
