import { endpointOf } from '@yingyun/shared/contract/api-client';
import type { FetchOutcome, FrameSource } from '@yingyun/shared/imaging/frame-source';
import type { AskFrames } from '../../../platform/frames-contract';
import type { PatientSession } from '../../../session/patient-session';

const accessLost = [403, 404, 410];

/** The patient's frames route as the loader's source. A token the server refuses is renewed once; a second refusal is the end. */
export function patientFrames(
  session: Pick<PatientSession, 'token' | 'refused'>,
  askFrames: AskFrames,
  film: { readonly filmId: string; readonly revision?: string },
): FrameSource {
  let refusals = 0;
  return {
    fetch(query, onChunk) {
      let isAborted = false;
      let stop = () => {};
      const ask = async (): Promise<FetchOutcome> => {
        const token = await session.token();
        if (isAborted) return 'cut';
        if (typeof token !== 'string') return token.status === 401 ? 'access-lost' : 'cut';
        const revision = film.revision === undefined ? {} : { revision: film.revision };
        const { path } = endpointOf('patientFrames', { filmId: film.filmId }, { ...query, ...revision });
        const asking = askFrames(path, token, onChunk);
        stop = asking.abort;
        const { status, code } = await asking.done;
        if (status === 200) {
          refusals = 0;
          return 'complete';
        }
        if (status === 401) {
          session.refused(token);
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
