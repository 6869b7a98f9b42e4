import type { FirstPicture } from '@yingyun/shared/contract/routes';
import { openingLook } from '@yingyun/shared/imaging/series-look';
import { readFrameBytes } from '../pipeline/read-stored-object';
import type { ApiPorts } from './api-ports';
import { firstPictureReduce, planFrames } from './plan-frames';
import type { SeriesLayout, StudyLayout } from './study-layout';

/** An answer that people wait for takes no more along than this. */
const mostBytes = 32_768;

/**
 * The coarse picture of the slice that a viewer opens with, from a film its caller may see. Null where the frames route would send that
 * slice in one record, where its coarse part is large, and where it can't be read: the frames route is asked next, and says why.
 */
export async function firstPicture(
  ports: Pick<ApiPorts, 'objects' | 'sealer' | 'keys'>,
  layout: StudyLayout,
): Promise<FirstPicture | null> {
  const series = largest(layout.series);
  if (series === undefined) return null;
  const { seriesInstanceUid } = series.manifest;
  const { frame } = openingLook(series.manifest);
  const bands = series.frames.map((one) => one.bands);
  const [first, rest] = planFrames(bands, { from: frame, count: 1, reduce: 0, limit: mostBytes }).pieces;
  const location = series.frames[frame];
  if (first === undefined || rest === undefined || location === undefined || first.length > mostBytes) return null;
  try {
    const bytes = await readFrameBytes(ports, location.object, location.offset, first.length);
    return { seriesInstanceUid, frame, reduce: firstPictureReduce, base64: Buffer.from(bytes).toString('base64') };
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
