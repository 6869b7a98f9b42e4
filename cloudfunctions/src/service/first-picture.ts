import { inflateSync } from 'node:zlib';
import type { FirstPicture } from '@yingyun/shared/contract/routes';
import { frameAttributes, previewReduce } from '@yingyun/shared/imaging/frame-attributes';
import { framePyramid } from '@yingyun/shared/imaging/frame-pyramid';
import { isPlainGrey } from '@yingyun/shared/imaging/plain-picture';
import { openingLook } from '@yingyun/shared/imaging/series-look';
import type { ApiPorts } from './api-ports';
import { readPlainPiece } from './plain-frames';
import type { SeriesLayout, StudyLayout } from './study-layout';

/** An answer that people wait for takes no more along than this. */
const mostBytes = 32_768;

/**
 * The coarse picture of the slice that a viewer opens with, from a film its caller may see, in plain samples: a phone draws them before
 * its decoder is there. Null where the slice is no plain grey, has no coarse picture or a large one, and where it can't be read: the
 * frames route is asked next, and says why.
 */
export async function firstPicture(
  ports: Pick<ApiPorts, 'objects' | 'sealer' | 'keys' | 'transcoder'>,
  layout: StudyLayout,
): Promise<FirstPicture | null> {
  const series = largest(layout.series);
  if (series === undefined) return null;
  const { seriesInstanceUid } = series.manifest;
  const { frame } = openingLook(series.manifest);
  const location = series.frames[frame];
  if (location === undefined) return null;
  const attributes = frameAttributes(series.manifest, series.manifest.frames[frame] ?? {});
  const reduce = previewReduce(attributes, location);
  if (!isPlainGrey(attributes) || reduce === 0) return null;
  let from = 0;
  let length = 0;
  for (const level of framePyramid(attributes, location).levels) {
    if (level.reduce > reduce) from += level.bytes;
    else if (level.reduce === reduce) length = level.bytes;
  }
  if (length === 0 || length > mostBytes) return null;
  try {
    const deflated = await readPlainPiece(ports, series, location, { frame, from, length });
    const base64 = inflateSync(deflated, { maxOutputLength: mostBytes }).toString('base64');
    return { seriesInstanceUid, frame, reduce, base64 };
  } catch {
    return null; // an opened share without a picture is worth more than none
  }
}

/** The series a viewer begins with. */
function largest(series: readonly SeriesLayout[]): SeriesLayout | undefined {
  let found: SeriesLayout | undefined;
  for (const one of series) if (found === undefined || one.frames.length > found.frames.length) found = one;
  return found;
}
