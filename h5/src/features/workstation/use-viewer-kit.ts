import { useEffect, useState } from 'react';
import { warmGraphics } from '../../lib/warm-graphics';
import type { PreparedViewer } from '../../viewer/prepare-viewer';

/** The viewer's code, and decoders that all viewports share. */
export interface ViewerKit {
  readonly viewer: Pick<typeof import('../../viewer/mount-viewer'), 'mountViewer' | 'loadThumbnails'>;
  readonly prepared: PreparedViewer;
}

/** Loads the viewer while the manifest is on its way; ends its decoders with the page. */
export function useViewerKit(): { readonly kit: ViewerKit | undefined; readonly hasFailed: boolean } {
  const [kit, setKit] = useState<ViewerKit>();
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    let made: PreparedViewer | undefined;
    let isGone = false;
    const warm = warmGraphics();
    import('../../viewer/mount-viewer').then(
      ({ mountViewer, loadThumbnails, prepareShared }) => {
        if (isGone) return;
        made = prepareShared(() => warm);
        setKit({ viewer: { mountViewer, loadThumbnails }, prepared: made });
      },
      () => setFailed(true),
    );
    return () => {
      isGone = true;
      made?.pool.close();
    };
  }, []);
  return { kit, hasFailed };
}
