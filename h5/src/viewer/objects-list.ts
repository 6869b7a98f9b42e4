import type { FilmManifest, ObjectWithoutImage } from '@yingyun/shared/contract/film-manifest';
import { make, makeSvg } from './dom';
import { text } from './text-zh';

/** 24 × 24 outlines, drawn with a 1.8 stroke. */
const icons: Record<ObjectWithoutImage['kind'], string> = {
  'structured-report': 'M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7',
  pdf: 'M6 3h9l4 4v14H6zM14 3v5h5M12 11v6M9 14l3 3 3-3',
  'key-object': 'M12 3l2.7 5.8 6.3.7-4.7 4.3 1.3 6.2-5.6-3.2L6.4 20l1.3-6.2L3 9.5l6.3-.7z',
  'presentation-state': 'M4 7h16M4 12h16M4 17h16M8 5v4M15 10v4M10 15v4',
  segmentation: 'M12 3l9 5-9 5-9-5zM3 13l9 5 9-5',
  'rt-structure': 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  'rt-dose': 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v8M8 12h8',
  'rt-plan': 'M12 3v4M12 17v4M3 12h4M17 12h4M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z',
  video: 'M3 6h12v12H3zM15 10l6-3v10l-6-3z',
  model: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9',
  waveform: 'M3 12h4l2-7 4 14 3-10 2 3h3',
  other: 'M6 3h9l4 4v14H6zM14 3v5h5',
  damaged: 'M12 3l10 18H2zM12 10v5M12 18v.5',
};

export interface ObjectsList {
  /** Opens the list; for the series strip. Null where the film has no such objects. */
  readonly button: HTMLButtonElement | null;
  /** Lies over the viewer while it is open. */
  readonly element: HTMLElement;
  show(): void;
  hide(): void;
}

/**
 * The film's objects without an image: what each is, and why there is no picture of it. Those with content open by `onOpen`; absent:
 * nothing can be opened here.
 */
export function makeObjectsList(
  film: FilmManifest,
  onOpen: ((object: ObjectWithoutImage) => void) | null,
): ObjectsList {
  const objects = film.series.flatMap((series) =>
    series.withoutImage.map((object) => ({ object, title: titleOf(object, series.description) })),
  );
  const element = make('section', 'yv-objects');
  element.setAttribute('aria-label', text.objects);
  element.hidden = true;
  const head = make('header', 'yv-objects-head', element);
  make('h2', '', head, text.objectsCount(objects.length));
  const close = make('button', 'yv-close', head, text.close);
  close.type = 'button';
  const list = make('ul', '', element);
  for (const { object, title } of objects) {
    const row = make('li', 'yv-object', list);
    row.dataset.kind = object.kind;
    icon(object.kind, row);
    const words = make('div', 'yv-object-words', row);
    make('strong', '', words, title);
    if (object.standing === 'unreviewed') make('em', 'yv-standing', words, text.unreviewed);
    make('span', '', words, object.reason);
    if (onOpen === null || !object.hasDocument) continue;
    const open = make('button', 'yv-open', row, text.open);
    open.type = 'button';
    open.setAttribute('aria-label', `${text.open} ${title}`);
    open.addEventListener('click', () => onOpen(object));
  }
  const button = objects.length === 0 ? null : make('button', 'yv-series yv-objects-button');
  const setOpen = (isOpen: boolean): void => {
    element.hidden = !isOpen;
    button?.setAttribute('aria-expanded', String(isOpen));
  };
  if (button !== null) {
    button.type = 'button';
    button.setAttribute('aria-expanded', 'false');
    icon(objects.some(({ object }) => object.kind === 'damaged') ? 'damaged' : 'structured-report', button);
    make('span', '', button, text.objectsShort(objects.length));
    button.addEventListener('click', () => {
      setOpen(element.hidden);
      if (!element.hidden) close.focus({ preventScroll: true });
    });
  }
  const hide = (): void => {
    const hadFocus = element.contains(document.activeElement);
    setOpen(false);
    if (hadFocus) button?.focus({ preventScroll: true });
  };
  close.addEventListener('click', hide);
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide();
    event.stopPropagation();
  });
  return { button, element, show: () => setOpen(objects.length > 0), hide };
}

function titleOf({ kind, title }: ObjectWithoutImage, seriesDescription: string): string {
  const own = title !== '' ? title : seriesDescription;
  return own === '' || own === text.kinds[kind] ? text.kinds[kind] : `${text.kinds[kind]} · ${own}`;
}

function icon(kind: ObjectWithoutImage['kind'], parent: Element): void {
  const svg = makeSvg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: 'yv-object-icon' }, parent);
  makeSvg('path', { d: icons[kind] }, svg);
}
