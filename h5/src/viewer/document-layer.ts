import './document-layer.css';
import type { FilmManifest, ObjectWithoutImage } from '@yingyun/shared/contract/film-manifest';
import { documentText as text } from './document-text-zh';
import { make } from './dom';
import { renderPdf } from './pdf-view';
import { renderStructuredDocument } from './structured-document';
import { type FilmDocument, FramesRefused, type ViewerOptions } from './viewer-contract';

export interface DocumentLayer {
  close(): void;
}

export interface DocumentWish {
  readonly film: FilmManifest;
  readonly object: ObjectWithoutImage;
  readonly fetchDocument: NonNullable<ViewerOptions['fetchDocument']>;
  readonly showImage: (sopInstanceUid: string, frame?: number) => boolean;
  readonly onAccessLost: () => void;
  readonly onClose: () => void;
}

/** A page over the page: one document to read, print, download, and to jump to images from. Escape or the button closes it. */
export function openDocumentLayer(wish: DocumentWish): DocumentLayer {
  const { film, object, onClose } = wish;
  const ending = new AbortController();
  const before = document.activeElement;
  const root = make('section', 'yd-root', document.body);
  root.setAttribute('role', 'dialog');
  root.setAttribute('aria-modal', 'true');
  root.setAttribute('aria-label', object.title === '' ? text.document : object.title);
  const bar = make('header', 'yd-bar', root);
  const back = make('button', 'yd-button', bar, text.back);
  back.type = 'button';
  back.addEventListener('click', onClose);
  const tools = make('div', 'yd-tools', bar);
  const body = make('div', 'yd-body', root);
  body.tabIndex = -1;
  document.documentElement.classList.add('yd-open');
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Tab') keepFocusWithin(root, event);
    event.stopPropagation(); // the viewer's keys turn slices
  });
  // At the document: after printing the focus is nowhere.
  const onEscape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose();
  };
  document.addEventListener('keydown', onEscape, { capture: true });
  back.focus();

  const show = (found: FilmDocument): void => {
    if (found.kind === 'pdf') {
      renderPdf(body, tools, found.bytes, object.title, ending.signal);
      return;
    }
    body.replaceChildren(renderStructuredDocument(film, found.document, wish.showImage));
    const print = make('button', 'yd-button', tools, text.print);
    print.type = 'button';
    print.addEventListener('click', () => window.print());
  };
  const load = async (): Promise<void> => {
    body.replaceChildren(make('p', 'yd-notice', undefined, text.loading));
    try {
      const found = await wish.fetchDocument(object.sopInstanceUid, ending.signal);
      if (!ending.signal.aborted) show(found);
    } catch (cause) {
      if (ending.signal.aborted) return;
      if (cause instanceof FramesRefused && (cause.status === 401 || cause.status === 403)) {
        onClose();
        wish.onAccessLost();
        return;
      }
      const failed = make('p', 'yd-notice', undefined, cause instanceof FramesRefused ? text.refused : text.failed);
      failed.setAttribute('role', 'alert');
      const again = make('button', 'yd-button', undefined, text.again);
      again.type = 'button';
      again.addEventListener('click', () => void load(), { once: true });
      body.replaceChildren(failed, again);
    }
  };
  void load();

  return {
    close() {
      ending.abort();
      document.removeEventListener('keydown', onEscape, { capture: true });
      root.remove();
      document.documentElement.classList.remove('yd-open');
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    },
  };
}

function keepFocusWithin(root: HTMLElement, event: KeyboardEvent): void {
  const all = [...root.querySelectorAll<HTMLElement>('button, a[href], iframe')];
  const [first, last] = [all[0], all[all.length - 1]];
  const at = document.activeElement;
  if (event.shiftKey && at === first) last?.focus();
  else if (!event.shiftKey && at === last) first?.focus();
  else return;
  event.preventDefault();
}
