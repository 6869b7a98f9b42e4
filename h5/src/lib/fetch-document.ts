import { endpointOf } from '@yingyun/shared/contract/api-client';
import type { ProblemBody } from '@yingyun/shared/contract/routes';
import { type FilmDocument, FramesRefused, type ViewerOptions } from '../viewer/viewer-contract';
import { fetchOptions } from './fetch-send';

export interface DocumentSource {
  readonly film: { readonly via: 'share' } | { readonly via: 'staff'; readonly filmId: string };
  /** Read anew for every request, since the token is renewed while a film is open. */
  readonly token: () => string;
}

/** The viewer's way to documents and overlay planes. Both reject with `FramesRefused` where the server answers anything but success. */
export function documentFetchers({
  film,
  token,
}: DocumentSource): Required<Pick<ViewerOptions, 'fetchDocument' | 'fetchOverlay'>> {
  const ask = async (path: string, signal: AbortSignal): Promise<Response> => {
    const request = { method: 'GET', path, token: token() } as const;
    const response = await fetch(path, { ...fetchOptions(request), signal });
    if (response.ok) return response;
    const told = (await response.json().catch(() => null)) as Partial<ProblemBody> | null; // its one field is checked below
    throw new FramesRefused(response.status, typeof told?.code === 'string' ? told.code : 'unexpected');
  };
  return {
    async fetchDocument(sopInstanceUid, signal): Promise<FilmDocument> {
      const endpoint =
        film.via === 'share'
          ? endpointOf('sharedDocument', { sopInstanceUid })
          : endpointOf('filmDocument', { filmId: film.filmId, sopInstanceUid });
      const response = await ask(endpoint.path, signal);
      return response.headers.get('content-type')?.startsWith('application/pdf') === true
        ? { kind: 'pdf', bytes: new Uint8Array(await response.arrayBuffer()) }
        : { kind: 'structured', document: await response.json() };
    },
    async fetchOverlay({ sopInstanceUid, group, frame }, signal) {
      const place = { sopInstanceUid, group: String(group) };
      const endpoint =
        film.via === 'share'
          ? endpointOf('sharedOverlay', place, { frame })
          : endpointOf('filmOverlay', { filmId: film.filmId, ...place }, { frame });
      return new Uint8Array(await (await ask(endpoint.path, signal)).arrayBuffer());
    },
  };
}
