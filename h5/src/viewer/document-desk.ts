import type { ObjectWithoutImage } from '@yingyun/shared/contract/film-manifest';
import type { DocumentLayer } from './document-layer';
import type { ViewerOptions } from './viewer-contract';

export interface DocumentDesk {
  /** Opens an object's content over the page, in place of what lies there. */
  readonly open: (object: ObjectWithoutImage) => void;
  /** Takes it away, with every word of it. */
  readonly close: () => void;
}

/** Opens documents one at a time. What shows them is fetched when the first one is opened. */
export function makeDocumentDesk(
  options: ViewerOptions,
  showImage: (sopInstanceUid: string, frame?: number) => boolean,
): DocumentDesk {
  let layer: DocumentLayer | null = null;
  let wanted: ObjectWithoutImage | null = null;
  const close = (): void => {
    wanted = null;
    layer?.close();
    layer = null;
  };
  const open = async (object: ObjectWithoutImage): Promise<void> => {
    const { fetchDocument } = options;
    if (fetchDocument === undefined || !object.hasDocument) return;
    close();
    wanted = object;
    const { openDocumentLayer } = await import('./document-layer');
    if (wanted !== object) return;
    layer = openDocumentLayer({
      film: options.manifest,
      object,
      fetchDocument,
      onAccessLost: options.onAccessLost,
      showImage(sopInstanceUid, frame) {
        if (!showImage(sopInstanceUid, frame)) return false;
        close();
        return true;
      },
      onClose: close,
    });
  };
  // A chunk that cannot be loaded (the line is down) leaves the button to be pressed again.
  return { open: (object) => void open(object).catch(() => undefined), close };
}
