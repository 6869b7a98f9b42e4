import type { FetchOutcome, FrameSource } from '@yingyun/shared/imaging/frame-source';
import type { FetchPlane } from '@yingyun/shared/imaging/overlay-shelf';
import type { AskFrames } from '../../../platform/frames-contract';
import type { FilmAccess } from '../film-access';

const accessLost = [403, 404, 410];

/** A frames route as the loader's source. A token the server refuses is renewed once; a second refusal is the end. */
export function filmFrames(access: FilmAccess, askFrames: AskFrames, revision: string | undefined): FrameSource {
  let refusals = 0;
  return {
    fetch(query, onChunk) {
      let isAborted = false;
      let stop = () => {};
      const ask = async (): Promise<FetchOutcome> => {
        const token = await access.token();
        if (isAborted) return 'cut';
        if (typeof token !== 'string') return token.status === 401 ? 'access-lost' : 'cut';
        const asking = askFrames(access.framesPath({ ...query, revision }), token, onChunk);
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
