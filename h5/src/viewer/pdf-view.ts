import { documentText as text } from './document-text-zh';
import { make } from './dom';

/**
 * Shows a PDF from its bytes: an object URL, which no token stands in and nobody else can open, revoked when `ending` aborts. Where the
 * browser cannot show PDF inside a page (most phones), it says so and offers it for opening and downloading.
 */
export function renderPdf(
  body: HTMLElement,
  tools: HTMLElement,
  bytes: Uint8Array<ArrayBuffer>,
  title: string,
  ending: AbortSignal,
): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
  ending.addEventListener('abort', () => URL.revokeObjectURL(url), { once: true });
  const size = text.size(bytes.length);
  const link = (words: string, parent: HTMLElement): HTMLAnchorElement => {
    const made = make('a', 'yd-button', parent, words);
    made.href = url;
    made.rel = 'noopener';
    return made;
  };
  const openElsewhere = (parent: HTMLElement): void => {
    link(text.openPdf, parent).target = '_blank';
  };
  const download = (parent: HTMLElement, words: string): void => {
    link(words, parent).download = `${title === '' ? text.document : title}.pdf`;
  };
  body.replaceChildren();
  // Absent in older browsers, whose plug-ins are unknown: then it is offered, not embedded.
  const canShow = (navigator as { pdfViewerEnabled?: boolean }).pdfViewerEnabled === true; // newer than TypeScript's library for our targets
  if (canShow) {
    openElsewhere(tools);
    download(tools, text.download);
    const frame = make('iframe', 'yd-pdf', body);
    frame.title = title === '' ? text.document : title;
    frame.src = url;
    return;
  }
  const card = make('div', 'yd-pdf-card', body);
  make('strong', '', card, title === '' ? text.document : title);
  make('p', '', card, text.pdfElsewhere(size));
  const buttons = make('div', 'yd-pdf-buttons', card);
  download(buttons, text.download);
  openElsewhere(buttons);
}
