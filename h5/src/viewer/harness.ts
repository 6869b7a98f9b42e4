// Dev harness, in no product build: the viewer alone, on whatever serves /manifest.json and /frames beside it.
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { mountViewer } from './mount-viewer';
import { pickRenderer } from './pick-renderer';
import { type FilmDocument, FramesRefused, type ViewerOptions } from './viewer-contract';

const fetchFrames: ViewerOptions['fetchFrames'] = async (request, onChunk, signal) => {
  const query = new URLSearchParams(
    Object.entries(request).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const response = await fetch(`/frames?${query}`, { signal });
  if (!response.ok) throw new FramesRefused(response.status, (await response.json()).code);
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read())
    onChunk(part.value);
};

async function ask(path: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(path, { signal, headers: { authorization: 'Bearer harness' } });
  if (!response.ok) throw new FramesRefused(response.status, (await response.json()).code);
  return response;
}

const fetchDocument = async (sopInstanceUid: string, signal: AbortSignal): Promise<FilmDocument> => {
  const response = await ask(`/documents/${sopInstanceUid}`, signal);
  return response.headers.get('content-type') === 'application/pdf'
    ? { kind: 'pdf', bytes: new Uint8Array(await response.arrayBuffer()) }
    : { kind: 'structured', document: await response.json() };
};

const fetchOverlay: NonNullable<ViewerOptions['fetchOverlay']> = async ({ sopInstanceUid, group, frame }, signal) =>
  new Uint8Array(await (await ask(`/overlays/${sopInstanceUid}/${group}?frame=${frame}`, signal)).arrayBuffer());

async function start(): Promise<void> {
  const container = document.querySelector<HTMLElement>('#viewer');
  if (container === null) return;
  const manifest: FilmManifest = await (await fetch('/manifest.json')).json();
  const only = new URLSearchParams(location.search).get('renderer');
  const renderer = only === 'webgl1' || only === 'canvas' ? only : undefined;
  const onAccessLost = () => document.body.setAttribute('data-access', 'lost');
  const handle = mountViewer(
    container,
    { manifest, fetchFrames, fetchDocument, fetchOverlay, onAccessLost },
    { drawOn: pickRenderer(renderer) },
  );
  Object.assign(window, { viewer: handle });
}

void start();
