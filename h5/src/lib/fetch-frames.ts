import { endpointOf } from '@yingyun/shared/contract/api-client';
import type { ProblemBody } from '@yingyun/shared/contract/routes';
import { FramesRefused, type ViewerOptions } from '../viewer/viewer-contract';
import { fetchOptions } from './fetch-send';

export interface FramesSource {
  readonly route: { readonly name: 'sharedFrames' } | { readonly name: 'filmFrames'; readonly filmId: string };
  /** Read anew for every batch, since the token is renewed while a film is open. */
  readonly token: () => string;
  /** Images came or were corrected after the manifest was read: it has to be read again. Called once. */
  readonly onChanged: () => void;
}

/**
 * The viewer's way to pixels: asks the frames route and hands over the body as it streams in. Rejects with `FramesRefused` where
 * the server answers anything but success, and with what fetch rejects with where the line is cut or the signal aborts.
 */
export function framesFetcher({ route, token, onChanged }: FramesSource): ViewerOptions['fetchFrames'] {
  const params = route.name === 'filmFrames' ? { filmId: route.filmId } : {};
  let isChangeTold = false;
  return async (request, onChunk, signal) => {
    const endpoint = endpointOf(route.name, params, { ...request });
    const response = await fetch(endpoint.path, { ...fetchOptions({ ...endpoint, token: token() }), signal });
    if (!response.ok) {
      const told = (await response.json().catch(() => null)) as Partial<ProblemBody> | null; // its one field is checked below
      const code = typeof told?.code === 'string' ? told.code : 'unexpected';
      if (code === 'film-changed' && !isChangeTold) {
        isChangeTold = true;
        onChanged();
      }
      throw new FramesRefused(response.status, code);
    }
    if (response.body === null) {
      onChunk(new Uint8Array(await response.arrayBuffer()));
      return;
    }
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) onChunk(part.value);
  };
}
