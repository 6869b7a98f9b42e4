import type { ViewerHandle, ViewerOptions } from '../viewer/viewer-contract';

/** Loads the viewer (its own chunk) and mounts it. Rejects where the chunk can't be loaded or WebAssembly is missing. */
export async function mountViewerLazily(container: HTMLElement, options: ViewerOptions): Promise<ViewerHandle> {
  const { mountViewer } = await loadViewer();
  return mountViewer(container, options);
}

/** Starts the download early, while a person still types; a failure shows up when the viewer is mounted. */
export function warmViewer(): void {
  loadViewer().catch(() => undefined);
}

function loadViewer() {
  return import('../viewer/mount-viewer');
}
