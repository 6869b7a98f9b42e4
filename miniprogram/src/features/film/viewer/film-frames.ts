import { encodeFrameRecordHead, encodeFrameTrailer, FrameBatchReader } from '@yingyun/shared/contract/frame-batch';
import type { FetchOutcome, FrameSource } from '@yingyun/shared/imaging/frame-source';
import type { FetchPlane } from '@yingyun/shared/imaging/overlay-shelf';
import { inflate } from 'pako';
import type { AskFrames } from '../../../platform/frames-contract';
import type { FilmAccess } from '../film-access';

const accessLost = [403, 404, 410];

/**
 * A frames route as the loader's source. A token the server refuses is renewed once; a second refusal is the end. Frames of series that
 * `isPlain` come as compressed plain samples, and are handed over as plain ones.
 */
export function filmFrames(
  access: FilmAccess,
  askFrames: AskFrames,
  revision: string | undefined,
  isPlain: (seriesInstanceUid: string) => boolean,
): FrameSource {
  let refusals = 0;
  return {
    fetch(query, onChunk) {
      let isAborted = false;
      let stop = () => {};
      const ask = async (): Promise<FetchOutcome> => {
        const token = await access.token();
        if (isAborted) return 'cut';
        if (typeof token !== 'string') return token.status === 401 ? 'access-lost' : 'cut';
        const format = isPlain(query.series) ? 'deflate' : undefined;
        const onBytes = format === undefined ? onChunk : inflating(onChunk);
        const asking = askFrames(access.framesPath({ ...query, revision, format }), token, onBytes);
        stop = asking.abort;
        const { status, code } = await asking.done;
        if (status === 200) {
          refusals = 0;
          return 'complete';
        }
        if (status === 401) {
          access.refused(token);
          refusals += 1;
          return refusals > 1 ? 'access-lost' : 'cut';
        }
        if (code === 'film-changed') return 'film-changed';
        return accessLost.includes(status) ? 'access-lost' : 'cut';
      };
      return {
        done: ask(),
        abort() {
          isAborted = true;
          stop();
        },
      };
    },
  };
}

/** A batch with its records inflated. Where one doesn't inflate, nothing follows: a batch without its end counts as cut. */
function inflating(onChunk: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void {
  const reader = new FrameBatchReader();
  let isBroken = false;
  return (chunk) => {
    if (isBroken) return;
    try {
      for (const { frame, from, bytes } of reader.push(chunk)) {
        const plain = inflate(bytes);
        onChunk(encodeFrameRecordHead(frame, from, plain.length));
        onChunk(plain);
      }
    } catch {
      isBroken = true;
      return;
    }
    if (reader.trailer !== undefined) onChunk(encodeFrameTrailer(reader.trailer.cursor));
  };
}

/** The bits of an overlay plane; rejects where they can't be had. */
export function filmOverlays(access: FilmAccess, askFrames: AskFrames): FetchPlane {
  return async ({ sopInstanceUid, group, frame }) => {
    const token = await access.token();
    if (typeof token !== 'string') throw new Error(token.code);
    const parts: Uint8Array[] = [];
    const path = access.overlayPath(sopInstanceUid, group, frame);
    const { status } = await askFrames(path, token, (bytes) => parts.push(bytes)).done;
    if (status !== 200) throw new Error(`overlay: ${status}`);
    const bits = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bits.set(part, at);
      at += part.length;
    }
    return bits;
  };
}
