import { type ApiFailure, endpointOf } from '@yingyun/shared/contract/api-client';
import type { PatientSession } from '../../session/patient-session';

type Query = Readonly<Record<string, string | number | undefined>>;

/** By what right a film is looked at: one's own, or a share's. Addresses never hold a token. */
export interface FilmAccess {
  /** A token that is good for now, or why there is none. */
  token(): Promise<string | ApiFailure>;
  /** The server takes this token no more. */
  refused(token: string): void;
  framesPath(query: Query): string;
  documentPath(sopInstanceUid: string): string;
  /** Of an overlay plane; `group` as in the manifest, `frame` from 1. */
  overlayPath(sopInstanceUid: string, group: number, frame: number): string;
}

export function ownAccess(session: Pick<PatientSession, 'token' | 'refused'>, filmId: string): FilmAccess {
  return {
    token: () => session.token(),
    refused: (token) => session.refused(token),
    framesPath: (query) => endpointOf('patientFrames', { filmId }, query).path,
    documentPath: (sopInstanceUid) => endpointOf('patientDocument', { filmId, sopInstanceUid }).path,
    overlayPath: (sopInstanceUid, group, frame) =>
      endpointOf('patientOverlay', { filmId, sopInstanceUid, group: String(group) }, { frame }).path,
  };
}

/** `token` is the share's access token, '' once it is lost. */
export function sharedAccess(token: () => string): FilmAccess {
  return {
    token: async () => token(),
    refused: () => {},
    framesPath: (query) => endpointOf('sharedFrames', {}, query).path,
    documentPath: (sopInstanceUid) => endpointOf('sharedDocument', { sopInstanceUid }).path,
    overlayPath: (sopInstanceUid, group, frame) =>
      endpointOf('sharedOverlay', { sopInstanceUid, group: String(group) }, { frame }).path,
  };
}
