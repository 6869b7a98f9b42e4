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

interface ViewerModule {
  mountViewer(container: HTMLElement, options: ViewerOptions): ViewerHandle | Promise<ViewerHandle>;
}

// A glob, not an import, as long as the viewer is being written: an absent module is then a rejection, not a broken build.
const viewerModules = import.meta.glob<ViewerModule>('../viewer/mount-viewer.ts');

async function loadViewer(): Promise<ViewerModule> {
  const load = viewerModules['../viewer/mount-viewer.ts'];
  if (load === undefined) throw new Error('this build has no viewer');
  return load();
}
