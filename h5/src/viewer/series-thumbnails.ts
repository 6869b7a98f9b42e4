import type { FilmManifest, FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import { FrameBatchReader } from '@yingyun/shared/contract/frame-batch';
import { bytesUpTo, coarsestReduce, frameAttributes } from '@yingyun/shared/imaging/frame-attributes';
import type { DecodePool } from './decode-pool';
import { thumbnailPicture } from './thumbnail-picture';
import type { ViewerOptions } from './viewer-contract';

/** Canvas pixels of a thumbnail, both ways. */
export const thumbnailSize = 128;

interface ThumbnailWish {
  readonly film: FilmManifest;
  readonly fetchFrames: ViewerOptions['fetchFrames'];
  readonly pool: DecodePool;
  readonly signal: AbortSignal;
  /** Once a series that has images. */
  readonly onThumbnail: (seriesInstanceUid: string, picture: ImageData) => void;
}

/**
 * A picture of each series, from a coarse band of its middle frame, one after the other. A series whose picture fails is left out.
 * Rejects never; ends early where `signal` aborts.
 */
export async function loadThumbnails({ film, fetchFrames, pool, signal, onThumbnail }: ThumbnailWish): Promise<void> {
  for (const series of film.series) {
    const frame = Math.floor(series.frames.length / 2);
    const entry = series.frames[frame];
    if (entry === undefined || signal.aborted) continue;
    const attributes = frameAttributes(series, entry);
    const reduce = coarseEnough(attributes, coarsestReduce(attributes, entry));
    const bytes = new Uint8Array(bytesUpTo(entry, reduce));
    const reader = new FrameBatchReader();
    const request = { series: series.seriesInstanceUid, reduce, from: frame, count: 1 };
    try {
      await fetchFrames(
        film.revision === undefined ? request : { ...request, revision: film.revision },
        (chunk) => {
          for (const record of reader.push(chunk)) {
            if (record.from + record.bytes.length <= bytes.length) bytes.set(record.bytes, record.from);
          }
        },
        signal,
      );
      if (reader.trailer === undefined || signal.aborted) continue;
      onThumbnail(
        series.seriesInstanceUid,
        thumbnailPicture(await pool.decode(bytes, attributes, reduce), attributes, series.modality, thumbnailSize),
      );
    } catch {
      // The series' own viewport says what is wrong with it; a missing thumbnail needs no words.
    }
  }
}

/** The coarsest band that still fills the thumbnail. */
function coarseEnough({ rows, columns }: FrameAttributes, coarsest: number): number {
  let reduce = coarsest;
  while (reduce > 0 && Math.max(rows, columns) / 2 ** reduce < thumbnailSize * 0.75) reduce--;
  return reduce;
}
