import { prepareViewer } from '../viewer/prepare-viewer';
import type { ViewerHandle, ViewerOptions } from '../viewer/viewer-contract';

/** Loads the viewer (its own chunk) and mounts it. Rejects where the chunk can't be loaded or WebAssembly is missing. */
export async function mountViewerLazily(container: HTMLElement, options: ViewerOptions): Promise<ViewerHandle> {
  const { mountViewer } = await loadViewer();
  return mountViewer(container, options);
}

/** Mounts the viewer like `mountViewerLazily`, the first time with what was prepared. */
export type MountViewer = (container: HTMLElement, options: ViewerOptions) => Promise<ViewerHandle>;

/**
 * Starts the decoders and loads the viewer while a person still types; the decoders first, which don't need its code and take longest.
 * `graphicsWarm` settles when WebGL is warm. A failure shows up when the viewer is mounted.
 */
export function warmViewer(graphicsWarm: () => Promise<void>): MountViewer {
  let mountOnce: MountViewer | undefined;
  const prepared = prepareViewer(graphicsWarm);
  // What is there already is used at once: asking for the module again would cost a turn of the event loop, in which the page is laid out.
  const preparing = loadViewer().then(({ mountViewer }) => {
    mountOnce = async (container, options) => mountViewer(container, options, { prepared });
  });
  preparing.catch(() => prepared.pool.close());
  return async (container, options) => {
    if (mountOnce === undefined) await preparing.catch(() => undefined);
    const mount = mountOnce ?? mountViewerLazily;
    mountOnce = mountViewerLazily;
    return mount(container, options);
  };
}

/** By name: what else the module exports is then no part of the page. */
async function loadViewer() {
  const { mountViewer } = await import('../viewer/mount-viewer');
  return { mountViewer };
}
