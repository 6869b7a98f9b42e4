import { byId } from '../../lib/element';
import { applyTextSize, rememberedTextSize, textSizes } from '../../lib/text-size';
import { text } from './text-zh';

type Layout = 'split' | 'images' | 'report';

/** Wires the sheet: report up, images full, both; by button, by dragging the bar, by Escape. And the three text sizes. */
export function attachFilmLayout(): { reset(): void } {
  const film = byId('film', HTMLElement);
  const bar = byId('sheet-bar', HTMLElement);
  const toReport = byId('layout-report', HTMLButtonElement);
  const toImages = byId('layout-images', HTMLButtonElement);

  const current = () => (film.dataset['layout'] ?? 'split') as Layout; // written here and in the page only
  const show = (layout: Layout) => {
    film.dataset['layout'] = layout;
    label(toReport, layout === 'report', text.showReport, text.hideReport);
    label(toImages, layout === 'images', text.showImages, text.showBoth);
  };
  const toggle = (layout: Layout) => show(current() === layout ? 'split' : layout);
  toReport.addEventListener('click', () => toggle('report'));
  toImages.addEventListener('click', () => toggle('images'));
  film.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && current() !== 'split') show('split');
  });
  attachDrag(bar, (isUp) => {
    if (isUp) show(current() === 'images' ? 'split' : 'report');
    else show(current() === 'report' ? 'split' : 'images');
  });
  attachTextSizes(bar);
  byId('print', HTMLButtonElement).addEventListener('click', () => window.print());
  return { reset: () => show('split') };
}

/** Its words say what the next press does; a pressed state besides would be read out as the opposite. */
function label(button: HTMLButtonElement, isOn: boolean, off: string, on: string): void {
  button.textContent = isOn ? on : off;
}

/** A vertical swipe over the bar, longer than a tap's tremble. */
function attachDrag(bar: HTMLElement, onSwipe: (isUp: boolean) => void): void {
  const threshold = 24;
  let startY: number | undefined;
  bar.addEventListener('pointerdown', (event) => {
    startY = event.clientY;
  });
  bar.addEventListener('pointerup', (event) => {
    const moved = startY === undefined ? 0 : event.clientY - startY;
    startY = undefined;
    if (Math.abs(moved) > threshold) onSwipe(moved < 0);
  });
  bar.addEventListener('pointercancel', () => {
    startY = undefined;
  });
}

function attachTextSizes(bar: HTMLElement): void {
  const buttons = [...bar.querySelectorAll<HTMLButtonElement>('button[data-size]')];
  const choose = (chosen: string | undefined) => {
    applyTextSize(textSizes.find((size) => size === chosen) ?? 'normal');
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset['size'] === chosen));
  };
  for (const button of buttons) button.addEventListener('click', () => choose(button.dataset['size']));
  choose(rememberedTextSize());
}
