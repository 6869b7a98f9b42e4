import { endpointOf } from '@yingyun/shared/contract/api-client';
import type { ProblemBody } from '@yingyun/shared/contract/routes';
import { FramesRefused, type ViewerOptions } from '../viewer/viewer-contract';
import { fetchOptions } from './fetch-send';

/**
 * The viewer's way to pixels: asks the frames route and hands over the body as it streams in.
 *
 * `token` is read anew for every batch, since it is renewed while the film is open. `revision` is the manifest's: frame numbers
 * of another revision would be other frames, the server then refuses with `film-changed`. Rejects with `FramesRefused` where the
 * server answers anything but success, and with what fetch rejects with where the line is cut or the signal aborts.
 */
export function framesFetcher(
  route: { readonly name: 'sharedFrames' } | { readonly name: 'filmFrames'; readonly filmId: string },
  revision: string | undefined,
  token: () => string,
): ViewerOptions['fetchFrames'] {
  const params = route.name === 'filmFrames' ? { filmId: route.filmId } : {};
  return async (request, onChunk, signal) => {
    const endpoint = endpointOf(route.name, params, { ...request, revision });
    const response = await fetch(endpoint.path, { ...fetchOptions({ ...endpoint, token: token() }), signal });
    if (!response.ok) {
      const told = (await response.json().catch(() => null)) as Partial<ProblemBody> | null; // its one field is checked below
      throw new FramesRefused(response.status, typeof told?.code === 'string' ? told.code : 'unexpected');
    }
    if (response.body === null) {
      onChunk(new Uint8Array(await response.arrayBuffer()));
      return;
    }
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) onChunk(part.value);
  };
}
