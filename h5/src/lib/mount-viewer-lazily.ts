import type { PreparedViewer } from '../viewer/prepare-viewer';
import type { ViewerHandle, ViewerOptions } from '../viewer/viewer-contract';

/** Loads the viewer (its own chunk) and mounts it. Rejects where the chunk can't be loaded or WebAssembly is missing. */
export async function mountViewerLazily(
  container: HTMLElement,
  options: ViewerOptions,
  prepared?: PreparedViewer,
): Promise<ViewerHandle> {
  const { mountViewer } = await loadViewer();
  return mountViewer(container, options, { prepared });
}

/** Mounts the viewer like `mountViewerLazily`, the first time with what was prepared. */
export type MountViewer = (container: HTMLElement, options: ViewerOptions) => Promise<ViewerHandle>;

/**
 * Loads the viewer and starts its decoders while a person still types. `graphicsWarm` settles when WebGL is warm.
 * A failure shows up when the viewer is mounted.
 */
export function warmViewer(graphicsWarm: () => Promise<void>): MountViewer {
  let preparing: Promise<PreparedViewer> | undefined = loadViewer().then((viewer) =>
    viewer.prepareViewer(graphicsWarm),
  );
  preparing.catch(() => undefined);
  return async (container, options) => {
    const prepared = await preparing?.catch(() => undefined);
    preparing = undefined;
    return mountViewerLazily(container, options, prepared);
  };
}

function loadViewer() {
  return import('../viewer/mount-viewer');
}
