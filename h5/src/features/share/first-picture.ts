import { encodeFrameRecordHead, encodeFrameTrailer } from '@yingyun/shared/contract/frame-batch';
import type { FirstPicture } from '@yingyun/shared/contract/routes';
import { readBase64 } from '@yingyun/shared/imaging/read-base64';
import type { ViewerOptions } from '../../viewer/viewer-contract';

type FetchFrames = ViewerOptions['fetchFrames'];

/**
 * The viewer's way to pixels, with the picture that came along with the opened share: the first request, where it is for that slice, is
 * answered from it at once, and the server is asked for the rest only. It is given away once; later requests go out as they are.
 */
export function withFirstPicture(fetchFrames: FetchFrames, picture: FirstPicture | null): FetchFrames {
  let kept = picture;
  return (request, onChunk, signal) => {
    const mine = kept;
    kept = null;
    const isOfIt =
      mine !== null &&
      request.series === mine.seriesInstanceUid &&
      request.from === mine.frame &&
      request.count === 1 &&
      request.have === undefined;
    if (!isOfIt) return fetchFrames(request, onChunk, signal);
    const bytes = readBase64(mine.base64);
    onChunk(encodeFrameRecordHead(mine.frame, 0, bytes.length));
    onChunk(bytes);
    if (request.reduce < mine.reduce) return fetchFrames({ ...request, have: mine.reduce }, onChunk, signal);
    onChunk(encodeFrameTrailer(''));
    return Promise.resolve();
  };
}
